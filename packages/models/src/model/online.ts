import { random } from '@conjugate/distributions'
import {
  checkArgument,
  type EMError,
  type Ending,
  endOf,
  type InvalidOption,
  type StoppedBy,
  type StoppingRule,
  tryCallAsync,
  tryEach,
} from '@conjugate/em'
import { above, anything, atLeast, is, optional, type Schema } from '@conjugate/em/schema'
import {
  type BackendRequest,
  type Executor,
  grouped,
  selectExecutor,
  type ThreadCount,
  withLoaded,
} from '@conjugate/executors'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FieldsOf } from '../checks/options.js'
import * as option from '../checks/options.js'
import type { FitError } from '../errors.js'
import type { Counts, LabelTypes } from '../labels/label-model.js'
import { forRows } from '../mixture/from-data.js'
import { joinedBatches, type ReadBatch, readableAgain } from './batches.js'
import type { ComponentModel, ComponentTypes } from './component-model.js'
import type { OpenModel } from './em-model.js'
import type { Halves, ModelParameters } from './model.js'
import { onOpen, openOn } from './on-rows.js'
import { initialOf, type Start } from './start.js'

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

/** Sums over observations, of components and of labels. */
interface Sums<C extends ComponentTypes, L extends LabelTypes> {
  /** N_1, ..., N_K. */
  readonly counts: Float64Array
  readonly components: ReadonlyArray<C['statistics']>
  readonly labels: L['counts']
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

/** What the last batch has over the one before it; nothing is known of a single one. */
const gainOf = (means: ReadonlyArray<number>): number =>
  means.length < 2 ? Number.POSITIVE_INFINITY : means.at(-1)! - means.at(-2)!

/** The first point of a path, without going on. */
const firstPoint =
  <F, A>(path: AsyncIterable<E.Either<EMError<F>, A>>): TE.TaskEither<EMError<F>, A> =>
  async () => {
    for await (const point of path) return point
    return E.left({ _tag: 'NoPoint' })
  }

/** From so many observations for each component a start is made. */
const ROWS_TO_START = 10

const zipped = (a: Counts, b: Counts, of: (a: number, b: number) => number): Counts =>
  Object.fromEntries(Object.entries(a).map(([name, values]) => [name, values.map((v, i) => of(v, b[name]![i]!))]))

/** a + by (b - a) of all sums. */
const mixed = <C extends ComponentTypes, L extends LabelTypes>(
  { algebra }: Pick<ComponentModel<C>, 'algebra'>,
  a: Sums<C, L> | undefined,
  b: Sums<C, L>,
  by: number,
  size: number,
): Sums<C, L> => {
  const { concat, scale } = algebra!
  const fresh = b.components.map(scale(by / size))
  const of = (old: number, found: number): number => (1 - by) * old + (by / size) * found
  const nothing = a ?? { counts: new Float64Array(b.counts.length), labels: zipped(b.labels, b.labels, () => 0) }
  return {
    counts: nothing.counts.map((n, k) => of(n, b.counts[k]!)),
    labels: zipped(nothing.labels, b.labels, of) as L['counts'],
    components: a ? a.components.map((s, k) => concat(k)(scale(1 - by)(s), fresh[k]!)) : fresh,
  }
}

const scaled = <C extends ComponentTypes, L extends LabelTypes>(
  { algebra }: Pick<ComponentModel<C>, 'algebra'>,
  { counts, components, labels }: Sums<C, L>,
  by: number,
): Sums<C, L> => ({
  counts: counts.map(n => by * n),
  labels: zipped(labels, labels, n => by * n) as L['counts'],
  components: components.map(algebra!.scale(by)),
})

/** What is opened for a batch, and given back after it. */
const withBatch = <C extends ComponentTypes, L extends LabelTypes, A>(
  executor: Executor,
  model: Halves<C, L>,
  { data, structure }: ReadBatch,
  use: (open: OpenModel<C, L>) => TE.TaskEither<FitError, A>,
): TE.TaskEither<FitError, A> =>
  pipe(
    model.components.load(grouped(executor), data as C['data']),
    withLoaded(loaded => pipe(openOn(model, loaded, structure as L['structure'] & object), TE.chain(use))),
  )

/**
 * Stochastic EM over a stream of batches: the statistics of each, at the parameters of the moment, are mixed into running ones,
 * and an M-step follows. A start by clusters or different rows takes the first batches together, until they have ten observations
 * for each component and as many different ones as there are components; they count as one batch. `read` tells the data of a
 * batch from what its rows are to each other, and `shown` what parameters are to a listener.
 */
export const onlineChecked = async <C extends ComponentTypes, L extends LabelTypes, Shown>(
  given: Halves<C, L>,
  batches: AsyncIterable<unknown> | Iterable<unknown>,
  options: OnlineOptions<Shown>,
  read: (batch: unknown) => E.Either<FitError, ReadBatch>,
  shown: (parameters: ModelParameters<C, L>) => Shown,
  start: Start<ModelParameters<C, L>> | ModelParameters<C, L> = { _tag: 'k-means' },
): Promise<E.Either<FitError, OnlineEnd<ModelParameters<C, L>>>> => {
  const began = performance.now()
  const { exponent = 0.7, delay = 1, total, seed = 0, stop, timeLimit, onBatch, signal } = options
  const selected = await selectExecutor(options.backend, options.threads)()
  if (E.isLeft(selected)) return selected
  const executor = selected.right
  let model = given
  let prior: unknown
  let parameters: ModelParameters<C, L> | undefined
  /** Of one observation on average. */
  let running: Sums<C, L> | undefined
  let observations = 0
  let backend = executor.description
  /** Of the mean log-likelihood of the last batch, in nats. */
  let rounding = 0
  const meanLogLikelihoods: number[] = []
  const end = endOf({ iterations: Number.POSITIVE_INFINITY, ...(stop && { stop }) })
  let stoppedBy: StoppedBy | undefined

  /** Learns from a batch. Errors: `TooFewDistinctRows` where it does not have enough to start from. */
  const learn = async (batch: ReadBatch): Promise<E.Either<FitError, void>> => {
    let own = batch
    if (parameters === undefined) {
      // A prior that follows from the data follows from those of the start.
      const found = forRows(model.components, batch.data)
      if (E.isLeft(found)) return found
      model = { ...model, components: found.right.components }
      prior = found.right.prior
      own = { ...batch, data: found.right.source }
    }
    const step = await withBatch(executor, model, own, open => {
      const bound = onOpen(open)
      if (bound.rows === 0) return TE.right(undefined)
      return pipe(
        parameters ? TE.right(parameters) : initialOf(model, open, start, random(seed)),
        TE.chainW(initial => firstPoint(bound.iterations(initial))),
        TE.chainEitherKW(
          ({ expectation: { statistics, logLikelihood }, rounding: spread }): E.Either<FitError, unknown> => {
            rounding = (spread?.() ?? 0) / bound.rows
            const size = bound.rows
            const share = running === undefined ? 1 : (meanLogLikelihoods.length + 1 + delay) ** -exponent
            backend = bound.backend
            observations += size
            running = mixed<C, L>(model.components, running, statistics, share, size)
            meanLogLikelihoods.push(logLikelihood / size)
            const sums = scaled<C, L>(model.components, running, total ?? observations)
            return pipe(
              open.bound.maximize(sums.labels, statistics.parameters),
              E.bindTo('labels'),
              E.bind('components', () => model.components.steps!.maximize(sums.components)),
              E.map(({ labels, components }) => {
                parameters = { ...labels, components } as ModelParameters<C, L>
                return parameters
              }),
            )
          },
        ),
      )
    })()
    if (E.isLeft(step)) return step
    if (parameters === undefined) return E.right(undefined)
    const [batchNumber, meanLogLikelihood] = [meanLogLikelihoods.length - 1, meanLogLikelihoods.at(-1)!]
    const progress = { batch: batchNumber, meanLogLikelihood, parameters: shown(parameters) }
    const told = onBatch ? await tryCallAsync('onBatch', () => onBatch(progress)) : E.right(undefined)
    if (E.isLeft(told)) return told
    const ended = end(meanLogLikelihoods)
    if (E.isLeft(ended)) return ended
    const isLate = timeLimit !== undefined && performance.now() - began >= timeLimit
    stoppedBy = ended.right ?? (isLate ? 'time limit' : undefined)
    return E.right(undefined)
  }

  /** The first batches, as long as they are too few to start from. */
  let gathered: ReadonlyArray<ReadBatch> = []
  let shortage: FitError | undefined
  const isRandom = '_tag' in start && (start._tag === 'k-means' || start._tag === 'distinct-rows')
  const enough = isRandom ? ROWS_TO_START * model.components.states : 0
  let seen = 0
  for await (const next of tryEach('batches', batches)) {
    if (E.isLeft(next)) return next
    if (signal?.aborted) return E.left({ _tag: 'Cancelled', iteration: meanLogLikelihoods.length })
    const batch = read(parameters === undefined ? readableAgain(next.right) : next.right)
    if (E.isLeft(batch)) return batch
    if (parameters !== undefined || enough === 0) {
      const learnt = await learn(batch.right)
      if (E.isLeft(learnt)) return learnt
      if (stoppedBy !== undefined) break
      continue
    }
    // Alone, so that an error names the row of its own batch.
    const own = await pipe(
      TE.fromEither(forRows(model.components, batch.right.data)),
      TE.chain(({ components, source }) =>
        withBatch(executor, { ...model, components }, { ...batch.right, data: source }, ({ loaded }) =>
          TE.right(loaded.rows),
        ),
      ),
    )()
    if (E.isLeft(own)) return own
    seen += own.right
    const together = joinedBatches([...gathered, batch.right])
    gathered = together === undefined ? [batch.right] : [together]
    if (together !== undefined && seen < enough) continue
    const learnt = await learn(gathered[0]!)
    shortage = E.isLeft(learnt) ? learnt.left : undefined
    if (shortage !== undefined && shortage._tag !== 'TooFewDistinctRows') return E.left(shortage)
    if (shortage === undefined) gathered = []
    if (stoppedBy !== undefined) break
  }
  if (gathered.length > 0 && parameters === undefined) {
    const learnt = await learn(gathered[0]!)
    if (E.isLeft(learnt)) return learnt
  }
  if (parameters === undefined || running === undefined) return E.left(shortage ?? { _tag: 'NoRows' })
  return E.right({
    parameters,
    batches: meanLogLikelihoods.length,
    observations,
    meanLogLikelihoods,
    stoppedBy: stoppedBy ?? 'path ended',
    converged: false,
    rounding,
    lastGain: gainOf(meanLogLikelihoods),
    statistics: scaled<C, L>(model.components, running, total ?? observations),
    ...(prior !== undefined && { prior }),
    backend,
  })
}
