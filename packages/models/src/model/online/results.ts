import type { Ending } from '@conjugate/em'
import type { LabelTypes } from '../../labels/label-model.js'
import type { ComponentTypes } from '../component-model.js'
import type { Sums } from './sums.js'

/** What is told after each batch of a stream. */
export interface OnlineProgress<Parameters> {
  readonly batch: number
  /** The mean log-likelihood of the observations of the batch, in nats, before they were learnt from. */
  readonly meanLogLikelihood: number
  readonly parameters: Parameters
}

/**
 * What is known of a stream after its last batch, and how it ended. It never claims to have converged: what one batch gains over
 * another (`lastGain`, of the means) says nothing of a maximum.
 */
export interface OnlineEnd<Parameters> extends Ending {
  readonly parameters: Parameters
  readonly batches: number
  /** How many observations were seen. */
  readonly observations: number
  /** For each batch the mean log-likelihood of its observations, in nats, before they were learnt from. */
  readonly meanLogLikelihoods: ReadonlyArray<number>
  /** The prior of each component, where it followed from the data of the start. */
  readonly prior?: unknown
  /** The running statistics, for as many observations as were seen. */
  readonly statistics: Sums<ComponentTypes, LabelTypes>
  /** Says to a person where the last batch was computed, as that of a fit does. */
  readonly backend: string
}
