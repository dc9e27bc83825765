import type { Ending } from '@conjugate/models'

/** One cluster of colours; red, green and blue run from 0 to 1. */
export interface Component {
  readonly mean: readonly number[]
  readonly covariance: readonly (readonly number[])[]
  readonly weight: number
}

/** The colours of a photo taken apart. */
export interface Segmentation {
  /** What computed it, for a person to read. */
  readonly backend: string
  /** The log joint probability before each iteration and after the last. */
  readonly logProbs: readonly number[]
  /** Why the best restart ended, whether it had converged, and what its last iteration gained, in nats. */
  readonly ending: Ending
  readonly components: readonly Component[]
  /** The most probable component of each distinct colour, from 0. */
  readonly labels: ArrayLike<number>
}

/** Called after each iteration with how many are done, of all restarts together. */
export type OnProgress = (done: number) => void

export type FitError = { readonly _tag: 'FitFailed'; readonly reason: string }
