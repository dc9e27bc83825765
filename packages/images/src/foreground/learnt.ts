import type { MultivariateNormal } from '@conjugate/distributions'

/** What is learnt of a picture: a mixture for each of L labels, and the labels that were best before. */
export interface Learnt {
  /** L K weights, those of label 0, the background, first; each K sum to 1. */
  readonly weights: Float64Array
  readonly components: ReadonlyArray<MultivariateNormal>
  /** N labels that the next ones have to beat, so that the objective never falls; absent after a leap. */
  readonly labels?: Uint8Array
}
