import { random } from '@conjugate/distributions'
import { type EMError, endOf, type StoppedBy, tryCallAsync } from '@conjugate/em'
import { type Executor, grouped, withLoaded } from '@conjugate/executors'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitError } from '../../errors.js'
import type { LabelTypes } from '../../labels/label-model.js'
import { forRows } from '../../mixture/from-data.js'
import type { ReadBatch } from '../batches.js'
import type { ComponentTypes } from '../component-model.js'
import type { OpenModel } from '../em-model.js'
import type { Halves, ModelParameters } from '../model.js'
import { onOpen, openOn } from '../on-rows.js'
import { initialOf, type Start } from '../start.js'
import type { OnlineOptions } from './options.js'
import type { OnlineEnd } from './results.js'
import { mixed, type Sums, scaled } from './sums.js'

/** What learns from batches, one after another. */
export interface Learner<C extends ComponentTypes, L extends LabelTypes> {
  /** How many batches it has learnt from. */
  readonly batches: () => number
  readonly hasStarted: () => boolean
  /** Learns from a batch; gives why it is the last. Errors: `TooFewDistinctRows` where it does not have enough to start from. */
  readonly learn: (batch: ReadBatch) => Promise<E.Either<FitError, StoppedBy | undefined>>
  /** How many observations a batch has, alone, so that an error names the row of its own batch. */
  readonly sizeOf: (batch: ReadBatch) => TE.TaskEither<FitError, number>
  /** What has been learnt; `undefined` where nothing has been. */
  readonly end: (stoppedBy: StoppedBy | undefined) => OnlineEnd<ModelParameters<C, L>> | undefined
}

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

/** What a learner has to know besides its model. */
export interface Learning<C extends ComponentTypes, L extends LabelTypes, Shown> {
  readonly start: Start<ModelParameters<C, L>> | ModelParameters<C, L>
  readonly options: OnlineOptions<Shown>
  /** What parameters are to a listener. */
  readonly shown: (parameters: ModelParameters<C, L>) => Shown
  /** When the clock of its time limit began, as `performance.now` says it. */
  readonly began: number
}

/**
 * Stochastic EM: the statistics of each batch, at the parameters of the moment, are mixed into running ones, and an M-step
 * follows.
 */
export const learnerOf = <C extends ComponentTypes, L extends LabelTypes, Shown>(
  given: Halves<C, L>,
  executor: Executor,
  { start, options, shown, began }: Learning<C, L, Shown>,
): Learner<C, L> => {
  const { exponent = 0.7, delay = 1, total, seed = 0, stop, timeLimit, onBatch } = options
  const whyEnds = endOf({ iterations: Number.POSITIVE_INFINITY, ...(stop && { stop }) })
  const meanLogLikelihoods: number[] = []
  let model = given
  let prior: unknown
  let parameters: ModelParameters<C, L> | undefined
  /** Of one observation on average. */
  let running: Sums<C, L> | undefined
  let observations = 0
  let backend = executor.description
  /** Of the mean log-likelihood of the last batch, in nats. */
  let rounding = 0

  /** An E-step on a batch at the parameters of the moment, and the M-step on the sums that it is mixed into. */
  const step = (open: OpenModel<C, L>): TE.TaskEither<FitError, unknown> => {
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
  }

  const learn = async (batch: ReadBatch): Promise<E.Either<FitError, StoppedBy | undefined>> => {
    let own = batch
    if (parameters === undefined) {
      // A prior that follows from the data follows from those of the start.
      const found = forRows(model.components, batch.data)
      if (E.isLeft(found)) return found
      model = { ...model, components: found.right.components }
      prior = found.right.prior
      own = { ...batch, data: found.right.source }
    }
    const learnt = await withBatch(executor, model, own, step)()
    if (E.isLeft(learnt)) return learnt
    if (parameters === undefined) return E.right(undefined)
    const [batchNumber, meanLogLikelihood] = [meanLogLikelihoods.length - 1, meanLogLikelihoods.at(-1)!]
    const progress = { batch: batchNumber, meanLogLikelihood, parameters: shown(parameters) }
    const told = onBatch ? await tryCallAsync('onBatch', () => onBatch(progress)) : E.right(undefined)
    if (E.isLeft(told)) return told
    const isLate = timeLimit !== undefined && performance.now() - began >= timeLimit
    return pipe(
      whyEnds(meanLogLikelihoods),
      E.map(why => why ?? (isLate ? 'time limit' : undefined)),
    )
  }

  const sizeOf = (batch: ReadBatch): TE.TaskEither<FitError, number> =>
    pipe(
      TE.fromEither(forRows(model.components, batch.data)),
      TE.chain(({ components, source }) =>
        withBatch(executor, { ...model, components }, { ...batch, data: source }, ({ loaded }) =>
          TE.right(loaded.rows),
        ),
      ),
    )

  return {
    batches: () => meanLogLikelihoods.length,
    hasStarted: () => parameters !== undefined,
    learn,
    sizeOf,
    end: stoppedBy =>
      parameters === undefined || running === undefined
        ? undefined
        : {
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
          },
  }
}
