import { checkArgument, type InvalidOption, type StoppingRule } from '@conjugate/em'
import { above, anything, atLeast, is, optional, type Schema } from '@conjugate/em/schema'
import type { BackendRequest, ThreadCount } from '@conjugate/executors'
import type * as E from 'fp-ts/lib/Either.js'
import type { FieldsOf } from '../../checks/options.js'
import * as option from '../../checks/options.js'
import type { Start } from '../start.js'
import type { OnlineProgress } from './results.js'

/** Options of `onlineFit`. */
export interface OnlineOptions<Parameters> {
  /** How fast the past is forgotten: batch t counts for (t + delay)^-exponent; from above 0.5 to 1, 0.7 by default. */
  readonly exponent?: number
  /** What is added to the number of a batch, so that the first ones do not count too much; 1 by default. */
  readonly delay?: number
  /** How many observations the priors are weighed against; by default as many as have been seen. */
  readonly total?: number
  readonly seed?: number
  /** Where it starts, from the first batch or from as many as that takes, or parameters; `k-means` by default. */
  readonly start?: Start<Parameters> | Parameters
  readonly backend?: BackendRequest
  readonly threads?: ThreadCount
  /**
   * Ends it once the rule holds for the mean log-likelihoods of the batches, which rise and fall with what is in a batch. The
   * parameters are then a result, also of a stream that has no end.
   */
  readonly stop?: StoppingRule
  /** After how many milliseconds the batch that is being learnt from is the last. */
  readonly timeLimit?: number
  /** Called after every batch. If it gives a promise, that is waited for; if it throws, the fit is a `CallbackFailed`. */
  readonly onBatch?: (progress: OnlineProgress<Parameters>) => unknown
  readonly signal?: AbortSignal
}

/** All options of `onlineFit`. */
export const onlineFields: FieldsOf<OnlineOptions<unknown>> = {
  exponent: optional(
    is('a number above 0.5 and up to 1', value => typeof value === 'number' && value > 0.5 && value <= 1),
  ),
  delay: optional(atLeast(0)),
  total: optional(above(0)),
  seed: option.seed,
  start: anything,
  backend: option.backend,
  threads: option.threads,
  stop: option.listener,
  timeLimit: option.timeLimit,
  onBatch: option.listener,
  signal: option.signal,
}

/** Something to go through. */
const isStream: Schema = is(
  'batches to iterate over',
  value => typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value),
)

/** Errors: batches that are nothing to iterate over. */
export const checkBatches: (batches: unknown) => E.Either<InvalidOption, unknown> = checkArgument('batches', isStream)
