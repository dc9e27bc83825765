import { type EMError, type Expectation, type Iteration, iterations, type Position, squarem } from '@conjugate/em'
import type { Matrix } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitError, StepError } from '../errors.js'
import type { LabelTypes } from '../labels/label-model.js'
import type { ComponentTypes, LoadedComponents } from './component-model.js'
import {
  assignmentsOf,
  coordinatesOf,
  emModelOf,
  type Fixed,
  logPriorOf,
  logProbOf,
  type OpenModel,
  predictionOf,
  responsibilitiesOf,
} from './em-model.js'
import { type Evidence, evidenceOf } from './evidence.js'
import { withLater } from './later.js'
import type { CarriedParameters, Model, ModelParameters, ModelStatistics } from './model.js'
import { movedPoint } from './moved-point.js'

/** What a fitted model says of observations, which need not be those it was fitted to. */
export interface ModelPrediction {
  /** The most probable labels of each unit as a whole, N numbers; all are -1 in a unit that is impossible. */
  readonly assignments: Int32Array
  /** The probabilities of the labels of each row by itself, N x K; all are 0 in a unit that is impossible. */
  readonly responsibilities: Matrix
  /** log p(x | theta) of each unit (row, sequence or image), in nats. */
  readonly logProb: Float64Array
}

/** How a path gets on. `squarem` takes fewer iterations than plain EM, and may end in another local maximum. */
export type Acceleration = 'none' | 'squarem'

/** One point of the path of a model. Its `position` is about the centre of the rows, where the computation runs. */
export type ModelIteration<C extends ComponentTypes, L extends LabelTypes> = Iteration<
  CarriedParameters<C, L>,
  ModelStatistics<C, L>
>

/** Which path is taken from initial parameters. */
export interface PathOptions<Parameters = never> {
  /** Plain EM (`none`, the default) or SQUAREM. */
  readonly acceleration?: Acceleration
  /** What is not learnt, but stays as it starts. */
  readonly fixed?: Fixed
  /**
   * Whether E-steps may leave out what rounds away, because of what those before them found; false by default. A path that goes on
   * from a position, or between whose points other paths or questions come, has the same bits only where it is false.
   */
  readonly skipping?: boolean
  /** Goes on from a point that a path of the same model, rows and options has reached. */
  readonly position?: Position<Parameters>
}

/**
 * A model and observations that are resident on an executor. All parameters are in the coordinates of the observations;
 * the computation runs about a place near most of those that count, so that an offset of the data costs no digits.
 */
export interface ModelOnRows<C extends ComponentTypes, L extends LabelTypes> {
  /** Says to a person where it has run so far. */
  readonly backend: string
  /** N, the number of observations. */
  readonly rows: number
  /** How many rows are computed, where equal ones have been grouped. */
  readonly distinctRows: number
  /** The path of EM from initial parameters: n + 1 values for n M-steps. */
  readonly iterations: (
    initial: ModelParameters<C, L>,
    options?: PathOptions<CarriedParameters<C, L>>,
  ) => AsyncGenerator<E.Either<EMError<StepError>, ModelIteration<C, L>>, void>
  /** The E-step: statistics of each component, and the log-likelihood. */
  readonly expect: (p: ModelParameters<C, L>) => TE.TaskEither<StepError, Expectation<ModelStatistics<C, L>>>
  /** log p(X, theta) of observations and parameters together, the objective of EM. */
  readonly logJoint: (p: ModelParameters<C, L>) => TE.TaskEither<StepError, number>
  /** The probabilities of the components given the observations, N x K; noise is one more column. */
  readonly responsibilities: (p: ModelParameters<C, L>) => TE.TaskEither<StepError, Matrix>
  /** The most probable labels of each unit as a whole, N numbers; K is the noise. */
  readonly assignments: (p: ModelParameters<C, L>) => TE.TaskEither<StepError, Int32Array>
  /** log p(x | theta) of each unit (row, sequence or image). */
  readonly logProb: (p: ModelParameters<C, L>) => TE.TaskEither<StepError, Float64Array>
  /** All three, from as few passes over the rows as may be. */
  readonly predict: (p: ModelParameters<C, L>) => TE.TaskEither<StepError, ModelPrediction>
  /** Gives the memory of the rows back. */
  readonly dispose: () => void
}

/** Opens both halves on the observations. Errors: the structure or the evidence does not fit so many rows. */
export const openOn = <C extends ComponentTypes, L extends LabelTypes>(
  { labels, components }: Pick<Model<C, L>, 'labels' | 'components'>,
  loaded: LoadedComponents<C>,
  options: Evidence & L['structure'] & { readonly rowWeights?: Float64Array | undefined },
): TE.TaskEither<FitError, OpenModel<C, L>> =>
  pipe(
    labels.bind(loaded.rows, options, loaded.executor),
    TE.bindTo('bound'),
    TE.bind('evidence', () => TE.fromEither(evidenceOf(options, loaded.rows, components.states))),
    TE.map(({ bound, evidence }) => ({
      loaded,
      bound,
      states: components.states,
      ...(evidence && { evidence }),
      ...(options.rowWeights && { rowWeights: options.rowWeights }),
    })),
  )

const identity = <A>(a: A): A => a

/** What can be asked of a model that is open on observations. */
export const onOpen = <C extends ComponentTypes, L extends LabelTypes>(open: OpenModel<C, L>): ModelOnRows<C, L> => {
  const { loaded } = open
  const { toCentred = identity, fromCentred = identity, statisticsFromCentred = identity } = loaded.moves ?? {}
  const to =
    (move: (component: C['component']) => C['component']) =>
    <P extends ModelParameters<C, L>>(p: P): P => ({ ...p, components: p.components.map(move) })
  const inner = to(toCentred)
  const outer = to(fromCentred)
  // Of every point its log-likelihood is asked for.
  const outerExpectation = (e: Expectation<ModelStatistics<C, L>>): Expectation<ModelStatistics<C, L>> =>
    withLater(
      { logLikelihood: e.logLikelihood },
      {
        rounding: () => e.rounding ?? 0,
        statistics: () => ({
          ...e.statistics,
          components: e.statistics.components.map(statisticsFromCentred),
          parameters: outer(e.statistics.parameters),
        }),
      },
    )
  const conversion = { parameters: outer, expectation: outerExpectation }
  const em = emModelOf(open)
  async function* path(
    initial: ModelParameters<C, L>,
    { acceleration = 'none', fixed, position, skipping = false }: PathOptions<CarriedParameters<C, L>> = {},
  ): AsyncGenerator<E.Either<EMError<StepError>, ModelIteration<C, L>>, void> {
    const start: CarriedParameters<C, L> = inner(initial)
    const model = fixed || skipping ? emModelOf(open, fixed, start, skipping ? {} : undefined) : em
    const points = acceleration === 'none' ? iterations(model) : squarem(coordinatesOf(open))(model)
    for await (const step of points(start, position))
      yield E.isLeft(step) ? step : E.right(movedPoint(step.right, conversion))
  }
  return {
    get backend() {
      return loaded.backend
    },
    rows: loaded.rows,
    distinctRows: loaded.distinctRows ?? loaded.rows,
    iterations: path,
    expect: p => pipe(em.expect(inner(p)), TE.map(outerExpectation)),
    logJoint: p =>
      pipe(
        em.expect(inner(p)),
        TE.map(e => e.logLikelihood + logPriorOf(open)(inner(p))),
      ),
    responsibilities: p => responsibilitiesOf(open, inner(p)),
    assignments: p => assignmentsOf(open, inner(p)),
    logProb: p => logProbOf(open, inner(p)),
    predict: p => predictionOf(open, inner(p)),
    dispose: loaded.dispose,
  }
}
