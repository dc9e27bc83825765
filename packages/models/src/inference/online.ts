import { random } from '@conjugate/distributions'
import {
  checkArgument,
  checkOptions,
  type EMError,
  type Ending,
  endOf,
  type StoppedBy,
  type StoppingRule,
  tryCallAsync,
  tryEach,
} from '@conjugate/em'
import { above, atLeast, exactly, is, optional, type Schema } from '@conjugate/em/schema'
import {
  type BackendRequest,
  type Densities,
  grouped,
  selectExecutor,
  type ThreadCount,
  withLoaded,
} from '@conjugate/executors'
import { matrix, type RowsLike, toRows, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { triedTask } from '../checks/functions.js'
import { checkConjugate } from '../checks/model.js'
import type { FieldsOf } from '../checks/options.js'
import * as option from '../checks/options.js'
import { startOf } from '../checks/start.js'
import { dual, type Given } from '../door/dual.js'
import type { FitError } from '../errors.js'
import type { Conjugate, ConjugateMixture } from '../mixture/conjugate.js'
import { forFit, forRows } from '../mixture/from-data.js'
import type { MixtureParameters, MixtureStatistics } from '../mixture/mixture.js'
import { onEncoded } from '../mixture/on-rows.js'
import { initialOf, type Start } from '../mixture/start.js'
import { maximize } from '../mixture/steps.js'
import type { ComponentOf, SourceOf, StatisticsOf } from '../mixture/types.js'

/** Options of `onlineFit`. */
export interface OnlineOptions<P> {
  /** How fast the past is forgotten: batch t counts for (t + delay)^-exponent; from above 0.5 to 1, 0.7 by default. */
  readonly exponent?: number
  /** What is added to the number of a batch, so that the first ones do not count too much; 1 by default. */
  readonly delay?: number
  /** How many observations the priors are weighed against; by default as many as have been seen. */
  readonly total?: number
  readonly seed?: number
  /** Where it starts, from the first batch or from as many as that takes; `k-means` by default. */
  readonly start?: Start<P>
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
  readonly onBatch?: (progress: OnlineProgress<P>) => unknown
  readonly signal?: AbortSignal
}

/** What is told after each batch of a stream. */
export interface OnlineProgress<P> {
  readonly batch: number
  /** The mean log-likelihood of the observations of the batch, in nats, before they were learnt from. */
  readonly meanLogLikelihood: number
  readonly parameters: MixtureParameters<P>
}

/**
 * The result of a fit over a stream: the parameters after its last batch, and how it ended. It never claims to have converged:
 * what one batch gains over another (`lastGain`, of the means) says nothing of a maximum.
 */
export interface OnlineFit<P, S> extends MixtureParameters<P>, Ending {
  readonly batches: number
  /** How many observations were seen. */
  readonly observations: number
  /** For each batch the mean log-likelihood of its observations, in nats, before they were learnt from. */
  readonly meanLogLikelihoods: ReadonlyArray<number>
  /** The prior of each component, where it followed from the data of the start. */
  readonly prior?: unknown
  /** The running statistics, for as many observations as were seen. */
  readonly statistics: MixtureStatistics<S>
  /** Says to a person where the last batch was computed, as that of a fit does. */
  readonly backend: string
}

const fieldsOf = <Source, Q, P, X, S, D extends Densities>(
  mixture: ConjugateMixture<Source, Q, P, X, S, D>,
): FieldsOf<OnlineOptions<P>> => ({
  exponent: optional(
    is('a number above 0.5 and up to 1', value => typeof value === 'number' && value > 0.5 && value <= 1),
  ),
  delay: optional(atLeast(0)),
  total: optional(above(0)),
  seed: option.seed,
  start: optional(startOf(mixture)),
  backend: option.backend,
  threads: option.threads,
  stop: option.listener,
  timeLimit: option.timeLimit,
  onBatch: option.listener,
  signal: option.signal,
})

type Batches<Source> = AsyncIterable<Source> | Iterable<Source>

/** Something to go through. */
const isStream: Schema = is(
  'batches to iterate over',
  value => typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value),
)

/** From so many observations for each component a start is made. */
const ROWS_TO_START = 10

/** The observations of a batch one by one; `undefined` where they are only known together. */
const observationsOf = (batch: unknown): ReadonlyArray<unknown> | undefined => {
  if (typeof batch !== 'object' || batch === null) return undefined
  if (Symbol.iterator in batch)
    return E.getOrElseW(() => undefined)(E.tryCatch(() => Array.from(batch as Iterable<unknown>), String))
  const rows = matrix(batch as RowsLike)
  return E.isRight(rows) ? toRows(rows.right) : undefined
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

/** What can be read once, such as a generator, as a list. */
const readableAgain = <Source>(batch: Source): Source =>
  typeof batch === 'object' && batch !== null && 'next' in batch ? ((observationsOf(batch) ?? batch) as Source) : batch

/**
 * Stochastic EM over a stream of batches, of which one is in memory at a time: the statistics of each batch, at the
 * parameters of the moment, are mixed into running ones, and an M-step follows. One batch with everything is one iteration
 * of EM. It goes once through what it is given; a stream that repeats gives more passes. A start by clusters or different rows
 * takes the first batches together, until they have ten observations for each component and as many different ones as there
 * are components; they count as one batch. It ends with the stream, unless a rule or time ends it before.
 * Errors: those of `fit`; the stream throws or has no batches; the exponent is one for which it need not converge.
 * Source: Cappe and Moulines, On-line expectation-maximization algorithm for latent data models (2009).
 */
export const onlineFit: {
  <M extends Conjugate>(
    batches: NoInfer<Batches<SourceOf<M>>>,
    options?: NoInfer<OnlineOptions<ComponentOf<M>>>,
  ): (model: Given<M>) => TE.TaskEither<FitError, OnlineFit<ComponentOf<M>, StatisticsOf<M>>>
  <M extends Conjugate>(
    model: Given<M>,
    batches: Batches<SourceOf<M>>,
    options?: OnlineOptions<ComponentOf<M>>,
  ): TE.TaskEither<FitError, OnlineFit<ComponentOf<M>, StatisticsOf<M>>>
} = dual(
  <Source, Q, P, X, S, D extends Densities>(
    given: Given<ConjugateMixture<Source, Q, P, X, S, D>>,
    batches: Batches<Source>,
    options: OnlineOptions<P> = {},
  ): TE.TaskEither<FitError, OnlineFit<P, S>> =>
    triedTask<FitError, OnlineFit<P, S>>(() => async () => {
      const began = performance.now()
      const checked = pipe(
        checkConjugate(given),
        E.chainFirstW(() => checkArgument('batches', isStream)(batches)),
        E.chainFirstW(model =>
          pipe(
            forFit(model, (options?.start as { readonly parameters?: unknown } | undefined)?.parameters),
            E.chainW(mixture => checkOptions(exactly(fieldsOf(mixture)))(options)),
          ),
        ),
      )
      if (E.isLeft(checked)) return checked
      let mixture = checked.right
      let prior: unknown
      const {
        exponent = 0.7,
        delay = 1,
        total,
        seed = 0,
        start = { _tag: 'k-means' },
        stop,
        timeLimit,
        onBatch,
        signal,
      } = options
      const executor = await selectExecutor(options.backend, options.threads)()
      if (E.isLeft(executor)) return executor
      const { pair } = mixture

      const combine = (a: MixtureStatistics<S>, b: MixtureStatistics<S>): MixtureStatistics<S> => ({
        counts: a.counts.map((n, k) => n + b.counts[k]!),
        components: a.components.map((s, k) => pair.monoid(mixture.priors[k]!).concat(s, b.components[k]!)),
      })
      const scaled = ({ counts, components }: MixtureStatistics<S>, by: number): MixtureStatistics<S> => ({
        counts: counts.map(n => by * n),
        components: components.map(pair.scale(by)),
      })

      let parameters: MixtureParameters<P> | undefined
      /** Of one observation on average. */
      let running: MixtureStatistics<S> | undefined
      let observations = 0
      let backend = executor.right.description
      /** Of the mean log-likelihood of the last batch, in nats. */
      let rounding = 0
      const meanLogLikelihoods: number[] = []
      let shortage: FitError | undefined
      const end = endOf({ iterations: Number.POSITIVE_INFINITY, ...(stop && { stop }) })
      let stoppedBy: StoppedBy | undefined

      /** Learns from a batch; `false` where it does not have enough to start from. */
      const learn = async (given: Source): Promise<E.Either<FitError, boolean>> => {
        let batch = given
        if (parameters === undefined) {
          // A prior that follows from the data follows from those of the start.
          const found = forRows(mixture, batch)
          if (E.isLeft(found)) return found
          ;({ mixture, source: batch, prior } = found.right)
        }
        const encoded = mixture.encode(batch)
        if (E.isLeft(encoded)) return encoded
        const size = encoded.right.rows.rows
        if (size === 0) return E.right(true)
        if (parameters === undefined) {
          const initial = initialOf<P, S, D, Vector>(start, encoded.right, random(seed))(mixture)
          if (E.isLeft(initial)) {
            shortage = initial.left
            return initial.left._tag === 'TooFewDistinctRows' ? E.right(false) : initial
          }
          parameters = initial.right
        }
        const current = parameters
        const step = await pipe(
          onEncoded<P, S, D, Vector>(grouped(executor.right), encoded.right)(mixture),
          withLoaded(bound =>
            pipe(
              firstPoint(bound.iterations(current)),
              TE.map(({ expectation, rounding }) => ({
                ...expectation,
                rounding: rounding?.() ?? 0,
                ranOn: bound.backend,
              })),
            ),
          ),
        )()
        if (E.isLeft(step)) return step
        const { statistics, logLikelihood } = step.right
        backend = step.right.ranOn
        rounding = step.right.rounding / size
        observations += size
        const share = running === undefined ? 1 : (meanLogLikelihoods.length + 1 + delay) ** -exponent
        const fresh = scaled(statistics, share / size)
        running = running === undefined ? fresh : combine(scaled(running, 1 - share), fresh)
        const maximum = maximize<P, S, D, Vector>(mixture)(scaled(running, total ?? observations))
        if (E.isLeft(maximum)) return maximum
        parameters = maximum.right
        meanLogLikelihoods.push(logLikelihood / size)
        const progress = { batch: meanLogLikelihoods.length - 1, meanLogLikelihood: logLikelihood / size, parameters }
        const told = onBatch ? await tryCallAsync('onBatch', () => onBatch(progress)) : E.right(undefined)
        if (E.isLeft(told)) return told
        const ended = end(meanLogLikelihoods)
        if (E.isLeft(ended)) return ended
        const isLate = timeLimit !== undefined && performance.now() - began >= timeLimit
        stoppedBy = ended.right ?? (isLate ? 'time limit' : undefined)
        return E.right(true)
      }

      /** Observations of the first batches, as long as they are too few to start from. */
      let gathered: ReadonlyArray<unknown> = []
      const enough =
        start._tag === 'k-means' || start._tag === 'distinct-rows' ? ROWS_TO_START * mixture.priors.length : 0
      for await (const next of tryEach('batches', batches)) {
        if (E.isLeft(next)) return next
        if (signal?.aborted) return E.left({ _tag: 'Cancelled', iteration: meanLogLikelihoods.length })
        if (parameters !== undefined || enough === 0) {
          const learnt = await learn(next.right)
          if (E.isLeft(learnt)) return learnt
          if (stoppedBy !== undefined) break
          continue
        }
        const batch = readableAgain(next.right)
        // Alone, so that an error names the row of its own batch.
        const own = pipe(
          forRows(mixture, batch),
          E.chain(({ mixture: ofBatch, source }) => ofBatch.encode(source)),
        )
        if (E.isLeft(own)) return own
        const isEnough = gathered.length === 0 && own.right.rows.rows >= enough
        const list = isEnough ? undefined : observationsOf(batch)
        if (list) gathered = gathered.concat(list)
        if (list && gathered.length < enough) continue
        const learnt = await learn(list ? (gathered as Source) : batch)
        if (E.isLeft(learnt)) return learnt
        if (learnt.right) gathered = []
        if (stoppedBy !== undefined) break
        if (!learnt.right && list === undefined) gathered = observationsOf(batch) ?? []
      }
      if (gathered.length > 0) {
        const learnt = await learn(gathered as Source)
        if (E.isLeft(learnt)) return learnt
        if (!learnt.right && shortage) return E.left(shortage)
      }
      if (parameters === undefined || running === undefined) return E.left({ _tag: 'NoRows' })
      return E.right({
        ...parameters,
        batches: meanLogLikelihoods.length,
        observations,
        meanLogLikelihoods,
        stoppedBy: stoppedBy ?? 'path ended',
        converged: false,
        rounding,
        lastGain: gainOf(meanLogLikelihoods),
        statistics: scaled(running, total ?? observations),
        ...(prior !== undefined && { prior }),
        backend,
      })
    }),
) as never
