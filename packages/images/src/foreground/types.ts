import type { MultivariateNormal } from '@conjugate/distributions'
import type { BackendRequest, ThreadCount } from '@conjugate/executors'
import type { Acceleration } from '@conjugate/models'
import type { EnergyParts } from './em-model.js'
import type { Given } from './hints.js'
import type { PictureCheckpoint } from './journal.js'

/** Where a segmentation stands. */
export interface SegmentProgress {
  /** What is being done, in a few words. */
  readonly stage: string
  /** How much is done, from 0 to 1. */
  readonly share: number
  /** log p(x, y, theta) there, in nats, where there is one; of pictures of different sizes they have nothing in common. */
  readonly objective?: number
  /** The labels there, of a picture of that size, where there is an objective; they may not be changed. */
  readonly found?: Size & { readonly labels: Uint8Array }
}

/** How labels of a picture are found. */
export interface SearchOptions {
  /** Plain EM (`none`, the default) or SQUAREM. */
  readonly acceleration?: Acceleration
  /** The most M-steps of each path; as many as it mostly takes until no label changes by default. */
  readonly iterations?: number
  /** Ends a path once an M-step gains no more than this share of the objective; off by default. */
  readonly tolerance?: number
  /** The most pixels of the small picture that starts are compared on; 15,000 by default. */
  readonly coarsePixels?: number
  /** The most pixels of the picture that parameters are fitted to; 600,000 by default. Larger ones are labelled with those. */
  readonly finePixels?: number
  readonly backend?: BackendRequest
  /** 1 by default: what is computed at a time is so little that more threads wait for each other. */
  readonly threads?: ThreadCount
  /**
   * Goes on from the checkpoint in the storage, if there is one, and writes others, after each path. What ended before, or was
   * cancelled, ends with the same bits when it is begun again.
   */
  readonly checkpoint?: PictureCheckpoint
  /** Ends it with the error `Cancelled`. */
  readonly signal?: AbortSignal
  /** Called again and again with where it stands. */
  readonly onIteration?: (progress: SegmentProgress) => unknown
}

/** What is known of the labels of a picture, and how they are found. */
export interface SegmentOptions extends Given, SearchOptions {}

/** The mixture of one label. */
export interface LabelMixture {
  /** K, which sum to 1. */
  readonly weights: Float64Array
  /** K Gaussians of colours as `labOf` gives them. */
  readonly components: ReadonlyArray<MultivariateNormal>
}

/** The size of a picture. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** What a fit to a picture led to, besides labels and parameters. */
export interface Fitted {
  /** J = log p(x | y, theta) + log p(theta) - w of neighbours that differ + what labels were likelier by, in nats. */
  readonly objective: number
  /** J from the start of the last path on; none is below the one before. */
  readonly objectives: ReadonlyArray<number>
  /** What the objective consists of. */
  readonly parts: EnergyParts & { readonly logPrior: number }
  /** The size of the picture that the objective and the parameters are of. */
  readonly fitted: Size
  /** The small picture that starts are compared on, with the objectives of the path from the start that was kept. */
  readonly coarse: Size & { readonly objectives: ReadonlyArray<number> }
  /** Says to a person where it ran. */
  readonly backend: string
}

/** What is found of a picture. */
export interface Segmentation extends Fitted {
  /** N: 1 where a pixel is foreground; 0 where it is transparent. */
  readonly labels: Uint8Array
  readonly background: LabelMixture
  readonly foreground: LabelMixture
  /**
   * How sure it is which label is the foreground, where nobody has said so: the probability that the learnt prior gives to what
   * was named foreground, on the average of its pixels. Absent where there are hints: then it is no guess.
   */
  readonly certainty?: number
}
