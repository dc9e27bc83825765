import { random } from '@conjugate/distributions'
import {
  checkOptions,
  type Ending,
  intervals,
  type RestartEnd,
  type Restarts,
  type RunOne,
  run,
  runRestarts,
  tryCall,
} from '@conjugate/em'
import { exactly } from '@conjugate/em/schema'
import { grouped, selectExecutor, withLoaded } from '@conjugate/executors'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { checkModel } from '../checks/model.js'
import type { Given } from '../door/dual.js'
import type { FitError, StepError } from '../errors.js'
import type { LabelTypes } from '../labels/label-model.js'
import { forRows } from '../mixture/from-data.js'
import { readRowWeights } from '../observations/rows.js'
import { checkpointOf } from './checkpoint.js'
import type { ComponentTypes } from './component-model.js'
import { heard, spokenFields } from './dialect.js'
import type { OpenModel } from './em-model.js'
import { fitFields, type ModelFitOptions } from './fit-options.js'
import { checkFixed } from './fixed.js'
import type { CarriedParameters, Halves, Model, ModelParameters, ModelStatistics } from './model.js'
import { type ModelOnRows, onOpen, openOn } from './on-rows.js'
import { checkPlaces, inOrder, type Order } from './order.js'
import { ITERATIONS, TOLERANCE } from './settings.js'
import { initialOf } from './start.js'

/** The result of a fit: the parameters of both halves of the best restart, what is known of them, and how that restart ended. */
export type ModelFit<C extends ComponentTypes, L extends LabelTypes> = ModelParameters<C, L> &
  Ending & {
    /** log p(X, theta) before each M-step and after the last E-step, or a bound below it: one value more than M-steps. */
    readonly objectives: ReadonlyArray<number>
    /** log p(X | theta) at the last E-step, in nats. */
    readonly logLikelihood: number
    /** N_k: the expected number of observations of each component; gaps count for what is expected of them. */
    readonly expectedCounts: Float64Array
    /** Expected sums of the labels, such as how often a state follows another. */
    readonly counts: L['counts']
    /** The statistics of each component in the last E-step, from which its posterior follows. */
    readonly statistics: ReadonlyArray<C['statistics']>
    /** The most probable labels of each unit as a whole, N numbers; all are -1 in a unit that is impossible; K is the noise. */
    readonly assignments: Int32Array
    /** The prior of each component, where it followed from the data. */
    readonly prior?: unknown
    /** How each restart ended, with its objective there, or why it has no end. */
    readonly restarts: ReadonlyArray<E.Either<FitError, RestartEnd>>
    /** The names of the columns that were given by name, in the order of the numbers of components. */
    readonly columns?: ReadonlyArray<string>
    /** Says to a person where it ran: what it was computed by, on how many threads, and why, where that was not what was asked for. */
    readonly backend: string
    /** How many rows were computed, after grouping equal ones. */
    readonly distinctRows: number
  } & OfUnits<L>

/** What a fit says of each unit; of labels of rows that have nothing to do with each other, `predict` does. */
type OfUnits<L extends LabelTypes> = 'row-independent' extends L['traits']
  ? unknown
  : {
      /** The log-likelihood of each unit (sequence or image) at the last E-step, in nats. */
      readonly logLikelihoods: Float64Array
    }

const summarise =
  <C extends ComponentTypes, L extends LabelTypes>(
    open: OpenModel<C, L>,
    bound: ModelOnRows<C, L>,
    order: Order<C['component']> | undefined,
    assign: ModelOnRows<C, L>['assignments'],
  ) =>
  ({
    outcomes,
    best,
  }: Restarts<CarriedParameters<C, L>, ModelStatistics<C, L>, FitError>): TE.TaskEither<FitError, ModelFit<C, L>> => {
    const { last, objectives, stoppedBy, converged, rounding, lastGain } = best
    const { carry: _, ...parameters } = last.parameters
    const { statistics, logLikelihood } = last.expectation
    return pipe(
      assign(last.parameters),
      TE.chainEitherKW(assignments =>
        E.flatten(
          tryCall('order', () =>
            inOrder(open, order, {
              parameters: parameters as unknown as ModelParameters<C, L>,
              counts: statistics.labels,
              statistics: statistics.components,
              expectedCounts: statistics.counts,
              assignments,
            }),
          ) as E.Either<FitError, ReturnType<typeof inOrder<C, L>>>,
        ),
      ),
      TE.map(({ parameters: ordered, ...numbered }) => ({
        ...ordered,
        ...numbered,
        objectives,
        stoppedBy,
        converged,
        rounding,
        lastGain,
        logLikelihood,
        ...(statistics.logLikelihoods && { logLikelihoods: statistics.logLikelihoods }),
        restarts: outcomes,
        backend: bound.backend,
        distinctRows: bound.distinctRows,
      })),
      TE.map(fitted => fitted as unknown as ModelFit<C, L>),
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
  given: Given<Model<C, L>>,
  data: C['data'],
  options: ModelFitOptions<C, L> & L['structure'],
): TE.TaskEither<FitError, ModelFit<C, L>> =>
  pipe(
    checkModel(given),
    E.chainFirstW(model => checkOptions(exactly({ ...fitFields, ...spokenFields(model) }))(options)),
    E.bindTo('model'),
    E.bindW('heard', ({ model }) => heard<C, typeof options>(model, data, options)),
    TE.fromEither,
    TE.chain(({ model, heard: { data: rows, options: all, shown, told } }) =>
      pipe(fitRows(model, rows, all), TE.bimap(told, shown)),
    ),
  )

const fitRows = <C extends ComponentTypes, L extends LabelTypes>(
  { components: given, labels }: Halves<C, L>,
  data: C['data'],
  options: ModelFitOptions<C, L> & L['structure'],
): TE.TaskEither<FitError, ModelFit<C, L>> =>
  pipe(
    TE.Do,
    TE.bind('rowWeights', () =>
      TE.fromEither(readRowWeights((options as { readonly rowWeights?: unknown }).rowWeights)),
    ),
    TE.bind('known', ({ rowWeights }) => TE.fromEither(forRows(given, data, rowWeights))),
    TE.bindW('executor', () => selectExecutor(options.backend, options.threads)),
    TE.chain(({ rowWeights, known: { components, source, prior }, executor }) =>
      pipe(
        components.load(options.groupRows === false ? executor : grouped(executor), source, {
          ...(rowWeights && { rowWeights }),
          ...((labels.isShared || labels.groups) && { evidence: options }),
          ...(labels.groups && { groups: labels.groups(options) }),
        }),
        withLoaded(loaded =>
          pipe(
            openOn({ components, labels }, loaded, { ...options, rowWeights }),
            TE.chain(open => fitOpen({ components, labels }, open, executor.backend, options)),
          ),
        ),
        TE.map(fitted => (prior === undefined ? fitted : { ...fitted, prior })),
      ),
    ),
  )

/** Fits a model to what it is open on. `assign` tells the labels of the rows, where they are to be told. */
export const fitOpen = <C extends ComponentTypes, L extends LabelTypes>(
  model: Halves<C, L>,
  open: OpenModel<C, L>,
  backend: string,
  options: ModelFitOptions<C, L> & L['structure'],
  assign?: ModelOnRows<C, L>['assignments'],
): TE.TaskEither<FitError, ModelFit<C, L>> => {
  const { timeLimit, onIteration, seed = 0, restarts = 1, parallel = 1 } = options
  const began = performance.now()
  const left = (): number => (timeLimit ?? Number.POSITIVE_INFINITY) - (performance.now() - began)
  const where = options.checkpoint?.storage.name ?? ''
  // Whoever says how many iterations there are to be gets them all.
  const { tolerance = options.iterations === undefined ? TOLERANCE : undefined } = options
  const stopWhen = {
    iterations: options.iterations ?? ITERATIONS,
    ...(tolerance !== undefined && { tolerance }),
    ...(options.stop && { stop: options.stop }),
  }
  // What is remembered of the rows is that of one path, and in no checkpoint.
  const skipping = options.skipping !== false && options.checkpoint === undefined && (parallel === 1 || restarts === 1)
  const bound = onOpen(open)
  const runOne: RunOne<CarriedParameters<C, L>, ModelStatistics<C, L>, FitError> = (
    restart,
    from,
    { write, justThere, signal },
  ) =>
    pipe(
      // The clusters of k-means are much the same from any seed.
      initialOf(
        model,
        open,
        options.start ?? { _tag: restart === 0 ? 'k-means' : 'distinct-rows' },
        random(seed, restart),
      ),
      TE.chainFirstEitherK(checkFixed(model, open, options.fixed)),
      TE.chainFirstEitherK(checkPlaces(open, options.order)),
      TE.chainW(initial =>
        run<CarriedParameters<C, L>, ModelStatistics<C, L>>({
          ...stopWhen,
          signal,
          // What has ended by time before did so where it stands.
          ...(justThere ? { timeLimit: 0 } : timeLimit !== undefined && { timeLimit: Math.max(0, left()) }),
          ...(from && {
            previous: { objectives: from.objectives, where, reproducible: open.loaded.reproducible !== false },
          }),
          ...(options.checkpoint && !justThere && { save: { ...intervals(options.checkpoint), write } }),
          ...(onIteration && !justThere && { onIteration: iteration => onIteration({ restart, iteration }) }),
        })<StepError>(
          bound.iterations(initial, {
            skipping,
            ...(options.acceleration && { acceleration: options.acceleration }),
            ...(options.fixed && { fixed: options.fixed }),
            ...(from && { position: from.position }),
          }),
        ),
      ),
    )
  return pipe(
    checkpointOf(model, open, backend, options),
    TE.chainW(
      ({ state, save }) =>
        () =>
          runRestarts(runOne, {
            count: restarts,
            parallel,
            stopWhen,
            state,
            where,
            save,
            isOver: () => left() <= 0,
            signal: options.signal,
          }),
    ),
    TE.chain(summarise(open, bound, options.order, assign ?? bound.assignments)),
  )
}
