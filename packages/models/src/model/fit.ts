import { random } from '@conjugate/distributions'
import {
  type CheckpointOptions,
  checkOptions,
  checkpointIn,
  type Ending,
  intervals,
  iterations,
  run,
  type StoppingRule,
  squarem,
  toText,
  tryCall,
} from '@conjugate/em'
import { allOf, anything, exactly, optional, type Schema } from '@conjugate/em/schema'
import { type BackendRequest, type Executor, selectExecutor, type ThreadCount, withLoaded } from '@conjugate/executors'
import { isList } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { restartsOf } from '../checks/fitted.js'
import { checkModel } from '../checks/model.js'
import type { FieldsOf } from '../checks/options.js'
import * as option from '../checks/options.js'
import { describeFitError, type FitError, type StepError } from '../errors.js'
import type { LabelModel, LabelTypes } from '../labels/label-model.js'
import type { Acceleration } from '../mixture/on-rows.js'
import type { Order } from '../mixture/order.js'
import { type RestartEnd, type Restarts, type RestartsState, type RunOne, runRestarts } from '../mixture/restarts.js'
import { ITERATIONS, TOLERANCE } from '../mixture/settings.js'
import type { ComponentTypes, LoadedComponents } from './component-model.js'
import { coordinatesOf, emModelOf, logDensitiesOf, type OpenModel } from './em-model.js'
import { type Evidence, evidenceOf } from './evidence.js'
import type { CarriedParameters, Model, ModelParameters, ModelStatistics } from './model.js'
import { evidenceFields } from './options.js'
import { inOrder } from './order.js'

/** Options of `fit` for components under labels; what rows are to each other comes beside them. */
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
  /** How many restarts run at a time, on the same rows; 1 by default. */
  readonly parallel?: number
  /** Where EM starts; by default components of the clusters of k-means, and labels at the mean of their prior. */
  readonly start?: ModelParameters<C, L>
  /** Which path is taken: plain EM (`none`, the default) or SQUAREM. */
  readonly acceleration?: Acceleration
  /** The order of the states in the result, whose priors have to be alike; by default they stay as they come. */
  readonly order?: Order<C['component']>
  /** Where the data side runs; by default `CONJUGATE_BACKEND`, or else the fastest that is there. */
  readonly backend?: BackendRequest
  readonly threads?: ThreadCount
  /** Stops a restart early once the rule holds for its objectives. */
  readonly stop?: StoppingRule
  /** How many milliseconds all restarts have together; the iteration in which they pass is the last. */
  readonly timeLimit?: number
  /** Goes on from the checkpoint in the storage, if there is one, and writes others. The result has the same bits. */
  readonly checkpoint?: CheckpointOptions
  /** Called after every E-step. If it gives a promise, that is waited for; if it throws, the fit is a `CallbackFailed`. */
  readonly onIteration?: (progress: {
    readonly restart: number
    readonly index: number
    readonly objective: number
  }) => unknown
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
  start: optional(anything),
  acceleration: option.acceleration,
  order: option.order,
  backend: option.backend,
  threads: option.threads,
  stop: option.listener,
  timeLimit: option.timeLimit,
  checkpoint: option.checkpoint,
  onIteration: option.listener,
  signal: option.signal,
}

/** The result of a fit: the parameters of both halves, and how the fit ended. */
export type ModelFit<C extends ComponentTypes, L extends LabelTypes> = ModelParameters<C, L> &
  Ending & {
    /** log p(X, theta) before each M-step and after the last E-step, or a bound below it. */
    readonly logProbs: ReadonlyArray<number>
    /** log p(X | theta) at the last E-step, in nats. */
    readonly logLikelihood: number
    /** The log-likelihood of each unit (row, sequence or image) at the last E-step, in nats. */
    readonly logLikelihoods: Float64Array
    /** N_k: the expected number of observations of each component; gaps count for what is expected of them. */
    readonly expectedCounts: Float64Array
    /** Expected counts of the labels, such as how often a state follows another. */
    readonly counts: L['counts']
    readonly statistics: ReadonlyArray<C['statistics']>
    /** The most probable labels of each unit as a whole, N numbers; all are -1 in a unit that is impossible. */
    readonly assignments: Int32Array
    /** How each restart ended, with its objective there, or why it has no end. */
    readonly restarts: ReadonlyArray<E.Either<FitError, RestartEnd>>
    /** Says to a person where it ran. */
    readonly backend: string
  }

type Position<C extends ComponentTypes, L extends LabelTypes> = CarriedParameters<C, L>

/** Opens both halves on the observations. Errors: the structure or the evidence does not fit so many rows. */
export const openOn = <C extends ComponentTypes, L extends LabelTypes>(
  { labels, components }: Model<C, L>,
  loaded: LoadedComponents<C>,
  options: Evidence & L['structure'],
): E.Either<FitError, OpenModel<C, L>> =>
  pipe(
    E.Do,
    E.bind('bound', () => labels.bind(loaded.rows, options)),
    E.bind('evidence', () => evidenceOf(options, loaded.rows, components.states)),
    E.map(({ bound, evidence }) => ({
      loaded,
      bound,
      states: components.states,
      ...(evidence && { evidence }),
    })),
  )

const startOf = <C extends ComponentTypes, L extends LabelTypes>(
  model: Model<C, L>,
  { loaded, bound }: OpenModel<C, L>,
  { start, seed = 0 }: ModelFitOptions<C, L>,
  restart: number,
): E.Either<FitError, Position<C, L>> =>
  start === undefined
    ? pipe(
        loaded.start(random(seed, restart)),
        E.map((components): Position<C, L> => ({ ...bound.initial, components })),
      )
    : pipe(
        E.Do,
        E.bind('labels', () => bound.check(start)),
        E.bind('components', () => model.components.check(start?.components)),
        E.chain(({ labels, components }): E.Either<FitError, Position<C, L>> => {
          const start: Position<C, L> = { ...labels, components }
          return bound.logPrior(start) > Number.NEGATIVE_INFINITY
            ? E.right(start)
            : E.left({
                _tag: 'InvalidOption',
                option: 'start',
                expected: 'probabilities that the prior allows',
                received: 'some of 0, which it forbids (a concentration of 0 asks for them)',
              })
        }),
      )

/** The check of one half of a model, as a schema. */
const holds =
  (check: (value: unknown) => E.Either<FitError, unknown>): Schema =>
  value => {
    const checked = check(value)
    return E.isLeft(checked)
      ? { path: '', expected: 'parameters of the model', received: describeFitError(checked.left) }
      : undefined
  }

/** The checkpoint of all restarts, if one is kept. */
const checkpointOf = <C extends ComponentTypes, L extends LabelTypes>(
  { components, labels }: Model<C, L>,
  { loaded, bound, evidence }: OpenModel<C, L>,
  executor: Executor,
  options: ModelFitOptions<C, L> & L['structure'],
) => {
  type State = RestartsState<Position<C, L>>
  if (options.checkpoint === undefined)
    return TE.right({ state: [] as State, save: (_: State): TE.TaskEither<never, void> => TE.right(undefined) })
  const { seed = 0, start = null, acceleration = 'none' } = options
  const units = Array.from(loaded.fingerprint)
  const { read, write } = checkpointIn<State>(
    options.checkpoint.storage,
    [
      toText({
        components: [components.name, components.definition],
        labels: [labels.name, labels.definition],
        structure: structureOf(labels, options),
        seed,
        start,
        acceleration,
        backend: executor.backend,
        rows: loaded.rows,
      }),
      ...units,
      evidence ?? new Float64Array(0),
    ],
    restartsOf(
      allOf(
        holds(given => bound.check(given)),
        holds(given => components.check((given as Position<C, L>).components)),
      ),
    ),
  )
  return pipe(
    read,
    TE.map(state => ({ state: O.getOrElse((): State => [])(state), save: write })),
  )
}

/** The options that say what rows are to each other, in an order that does not depend on how they were given. */
const structureOf = ({ structure }: Pick<LabelModel<LabelTypes>, 'structure'>, options: object): unknown => {
  const given = new Map(Object.entries(options))
  return Object.keys(structure).map(name => {
    const value: unknown = given.get(name)
    return [name, isList(value) ? Array.from(value) : (value ?? null)]
  })
}

const summarise =
  <C extends ComponentTypes, L extends LabelTypes>(open: OpenModel<C, L>, order: Order<C['component']> | undefined) =>
  ({ ends, best }: Restarts<Position<C, L>, ModelStatistics<C, L>>): TE.TaskEither<FitError, ModelFit<C, L>> => {
    const { last, objectives, stoppedBy, converged, rounding, lastGain } = best
    const { carry: _, ...parameters } = last.parameters
    const { statistics, logLikelihood } = last.expectation
    return pipe(
      logDensitiesOf(open, last.parameters),
      TE.chainW(logs =>
        TE.fromEither(
          E.flatten(
            tryCall('order', () =>
              inOrder(open, order, {
                parameters: parameters as unknown as ModelParameters<C, L>,
                counts: statistics.counts,
                statistics: statistics.components,
                expectedCounts: statistics.expectedCounts,
                assignments: open.bound.decode(open.bound.potentials(last.parameters), logs),
              }),
            ) as E.Either<FitError, ReturnType<typeof inOrder<C, L>>>,
          ),
        ),
      ),
      TE.map(({ parameters: ordered, ...numbered }) => ({
        ...ordered,
        ...numbered,
        logProbs: objectives,
        stoppedBy,
        converged,
        rounding,
        lastGain,
        logLikelihood,
        logLikelihoods: statistics.logLikelihoods,
        restarts: ends,
        backend: open.loaded.backend,
      })),
    )
  }

/**
 * Fits components and labels to observations by MAP-EM: parameters at which log p(X, theta) has a (local) maximum. What rows
 * are to each other comes with the options, as the label model says. A row that is `null`, or whose numbers all are, is a
 * gap: its label is inferred, and nothing else is learnt from it.
 * Errors: the observations are none of the components'; the structure does not fit so many rows; an option is unknown or out of
 * range; the backend is not available; a posterior has no mode; the checkpoint is of something else.
 */
export const fitModel = <C extends ComponentTypes, L extends LabelTypes>(
  model: Model<C, L>,
  data: C['data'],
  options: ModelFitOptions<C, L> & L['structure'],
): TE.TaskEither<FitError, ModelFit<C, L>> =>
  pipe(
    checkModel(model),
    E.chainW(() => checkOptions(exactly({ ...fitFields, ...model.labels.structure }))(options)),
    TE.fromEither,
    TE.chainW(({ backend, threads }) => selectExecutor(backend, threads)),
    TE.chainW(executor =>
      pipe(
        model.components.load(executor, data),
        withLoaded(loaded =>
          pipe(
            TE.fromEither(openOn(model, loaded, options)),
            TE.chain(open => fitOpen(model, open, executor, options)),
          ),
        ),
      ),
    ),
  )

const fitOpen = <C extends ComponentTypes, L extends LabelTypes>(
  model: Model<C, L>,
  open: OpenModel<C, L>,
  executor: Executor,
  options: ModelFitOptions<C, L> & L['structure'],
): TE.TaskEither<FitError, ModelFit<C, L>> => {
  const { timeLimit, onIteration, restarts = 1, parallel = 1 } = options
  const began = performance.now()
  const left = (): number => (timeLimit ?? Number.POSITIVE_INFINITY) - (performance.now() - began)
  const where = options.checkpoint?.storage.name ?? ''
  // Whoever says how many iterations there are to be gets them all.
  const { tolerance = options.iterations === undefined ? TOLERANCE : undefined } = options
  const ends = {
    iterations: options.iterations ?? ITERATIONS,
    ...(tolerance !== undefined && { tolerance }),
    ...(options.stop && { stop: options.stop }),
  }
  const em = emModelOf(open)
  const path = options.acceleration === 'squarem' ? squarem(coordinatesOf(open))(em) : iterations(em)
  const runOne: RunOne<Position<C, L>, ModelStatistics<C, L>> = (restart, from, { write, justThere, signal }) =>
    pipe(
      TE.fromEither(startOf(model, open, options, restart)),
      TE.chainW(initial =>
        run<Position<C, L>, ModelStatistics<C, L>>({
          ...ends,
          signal,
          ...(justThere ? { timeLimit: 0 } : timeLimit !== undefined && { timeLimit: Math.max(0, left()) }),
          ...(from && { previous: { objectives: from.objectives, where } }),
          ...(options.checkpoint && !justThere && { save: { ...intervals(options.checkpoint), write } }),
          ...(onIteration &&
            !justThere && { onIteration: ({ index, objective }) => onIteration({ restart, index, objective }) }),
        })<StepError>(path(initial, from?.position)),
      ),
    )
  return pipe(
    checkpointOf(model, open, executor, options),
    TE.chainW(
      ({ state, save }) =>
        () =>
          runRestarts(runOne, {
            count: restarts,
            parallel,
            ends,
            state,
            where,
            save,
            isOver: () => left() <= 0,
            signal: options.signal,
          }),
    ),
    TE.chain(summarise(open, options.order)),
  )
}
