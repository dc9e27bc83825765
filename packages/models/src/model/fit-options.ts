import type { CheckpointOptions, StoppingRule } from '@conjugate/em'
import { anything, optional } from '@conjugate/em/schema'
import type { BackendRequest, ThreadCount } from '@conjugate/executors'
import { labelsFixed } from '../checks/fixed.js'
import type { FieldsOf } from '../checks/options.js'
import * as option from '../checks/options.js'
import type { LabelTypes } from '../labels/label-model.js'
import type { ComponentTypes } from './component-model.js'
import type { Fixed } from './em-model.js'
import type { Evidence } from './evidence.js'
import type { ModelParameters } from './model.js'
import type { Acceleration, ModelIteration } from './on-rows.js'
import { evidenceFields } from './options.js'
import type { Order } from './order.js'
import type { Start } from './start.js'

/** Options of `fit`; what rows are to each other comes beside them. */
export interface ModelFitOptions<C extends ComponentTypes, L extends LabelTypes> extends Evidence {
  /** The largest number of M-steps; 1000 by default. */
  readonly iterations?: number
  /**
   * Stops early once an iteration gains no more than this share of the objective; 1e-8 by default. Where only `iterations`
   * are given there is none, and all of them are done.
   */
  readonly tolerance?: number
  /** The seed of the random starts; 0 by default. */
  readonly seed?: number
  /** How many random starts there are, of which the best end is kept; 1 by default. */
  readonly restarts?: number
  /**
   * How many restarts run at a time, on the same rows; 1 by default. With several threads one of them computes while the others
   * wait for their workers. The result is the same, to the bit where `skipping` is false.
   */
  readonly parallel?: number
  /** Where EM starts, or parameters to start from; by default `k-means`, and any further restart at `distinct-rows`. */
  readonly start?: Start<ModelParameters<C, L>> | ModelParameters<C, L>
  /** Which path is taken: plain EM (`none`, the default) or SQUAREM. */
  readonly acceleration?: Acceleration
  /** What is not learnt, but stays as it starts: components by their numbers, and what is learnt of labels by its name. */
  readonly fixed?: Fixed
  /** The order of the components in the result, for which priors have to be alike and no labels known; by default as they come. */
  readonly order?: Order<C['component']>
  /** Where the data side runs; by default `CONJUGATE_BACKEND`, or else the fastest that is there. */
  readonly backend?: BackendRequest
  /** Whether equal rows are computed once where that pays, as for the pixels of a photo; true by default. */
  readonly groupRows?: boolean
  /**
   * Whether an E-step may leave out what would round away, as earlier ones let it know, on backends that can; true by default.
   * The sums then differ by their rounding from those of `false`, and have the same bits at every run. With a `checkpoint`, or
   * several restarts at a time, nothing is left out: what is known of the rows is part of neither.
   */
  readonly skipping?: boolean
  /** The number of threads of the WebAssembly backend, or `auto`, the default. The result has the same bits for any number. */
  readonly threads?: ThreadCount
  /** Stops a restart early once the rule holds for its objectives, which makes the point it has reached a result. */
  readonly stop?: StoppingRule
  /** How many milliseconds all restarts have together; the best point when they have passed is the result. */
  readonly timeLimit?: number
  /**
   * Goes on from the checkpoint in the storage, if there is one, and writes others, the last when the fit ends, is cancelled or
   * out of time. The result has the bits of a fit without `skipping` that was never broken off. More iterations, a smaller tolerance or more
   * restarts may be asked for than before; a `stop` has to be the same or stricter.
   */
  readonly checkpoint?: CheckpointOptions
  /** Called after every E-step. If it gives a promise, that is waited for; if it throws, the fit is a `CallbackFailed`. */
  readonly onIteration?: (progress: { readonly restart: number; readonly iteration: ModelIteration<C, L> }) => unknown
  /** Ends the fit with the error `Cancelled`. With a `checkpoint` the same fit goes on from there; `stop` gives a result. */
  readonly signal?: AbortSignal
}

/** Options of every fit. A start is checked by the halves of the model. */
export const fitFields: FieldsOf<ModelFitOptions<ComponentTypes, LabelTypes>> = {
  ...evidenceFields,
  iterations: option.iterations,
  tolerance: option.tolerance,
  seed: option.seed,
  restarts: option.restarts,
  parallel: option.parallel,
  start: anything,
  acceleration: option.acceleration,
  fixed: optional(labelsFixed),
  order: option.order,
  backend: option.backend,
  groupRows: option.flag,
  skipping: option.flag,
  threads: option.threads,
  stop: option.listener,
  timeLimit: option.timeLimit,
  checkpoint: option.checkpoint,
  onIteration: option.listener,
  signal: option.signal,
}
