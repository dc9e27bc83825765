import type { InvalidParameter, Random } from '@conjugate/distributions'
import type { Schema } from '@conjugate/em/schema'
import type { Draws, Executor, Prediction } from '@conjugate/executors'
import type { Matrix, Vector } from '@conjugate/linalg'
import type { Either } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { FitError, StepError } from '../errors.js'
import type { Estimate, RowGroups } from '../labels/label-model.js'
import type { Moments } from '../mixture/moments.js'
import type { Evidence } from './evidence.js'
import type { RowStart } from './row-start.js'

/** The types of components by name, so that one type parameter carries them all. */
export interface ComponentTypes {
  /** How observations are given; what is missing among them is a gap. */
  readonly data: unknown
  /** What is learnt of a component: its parameters, or their posterior. */
  readonly component: unknown
  /** The same in variational Bayes. */
  readonly posterior: unknown
  readonly statistics: unknown
  /** One observation, where one can be drawn. */
  readonly observation?: unknown
}

/** The types of components that are posteriors. */
export interface ComponentPosteriors<C extends ComponentTypes> {
  readonly data: C['data']
  readonly component: C['posterior']
  readonly posterior: never
  readonly statistics: C['statistics']
  readonly observation?: C['observation']
}

/** Components whose prior follows from the data, as soon as there are data. */
export interface FromData<Components> {
  /** The components for these rows, the rows as they have been read, and the prior. */
  readonly ofRows: (
    source: unknown,
    rowWeights: unknown,
  ) => Either<FitError, { readonly components: Components; readonly source: unknown; readonly prior: unknown }>
  /** The components for rows of these moments, and the prior. */
  readonly ofMoments: (
    moments: Moments,
  ) => Either<FitError, { readonly components: Components; readonly prior: unknown }>
  /** The components that a fit is of; of parameters alone, with a prior that says nothing but how many columns there are. */
  readonly ofFit: (fitted: unknown) => Either<FitError, Components>
}

/** How observations are to be loaded. */
export interface Loading<C extends ComponentTypes> {
  /** Components about which the computation runs, by default the place of the observations; with weights by default of 1. */
  readonly about?: { readonly components: ReadonlyArray<C['component']>; readonly weights?: Vector }
  /** One for each row, by default 1. Rows of weight 0 count for nothing, whatever they hold. */
  readonly rowWeights?: Vector
  /** What is known of the labels of rows, for one pass over them; see `holdsEvidence`. */
  readonly evidence?: Evidence
  /** The groups by which rows have their weights, for the same pass. */
  readonly groups?: RowGroups
}

/** What components are, whatever the distribution of their labels: the half of a model that says nothing of labels. */
export interface ComponentModel<C extends ComponentTypes> {
  readonly name: string
  /** Plain data that tells it from others: checkpoints and saved fits of another are refused. */
  readonly definition: unknown
  /** K, the number of components; noise, which has no parameters, is one more. */
  readonly states: number
  /** How many parameters of the components are free, as information criteria count them. */
  readonly freeParameters: number
  /**
   * Observations on an executor, until they are disposed of. Errors: the observations are none of the components'; those of
   * the executor.
   */
  readonly load: (
    executor: Executor,
    data: C['data'],
    loading?: Loading<C>,
  ) => TaskEither<FitError, LoadedComponents<C>>
  /** Their posteriors in place of their points, where components have conjugate priors. */
  readonly variational?: () => ComponentModel<ComponentPosteriors<C>>
  /** Draws components from their posteriors given statistics, where they have conjugate priors. */
  readonly draw?: (
    statistics: ReadonlyArray<C['statistics']>,
  ) => (random: Random) => Either<InvalidParameter, ReadonlyArray<C['component']>>
  /** Sums of statistics, where components have conjugate priors. */
  readonly algebra?: {
    /** Of two statistics of component k. */
    readonly concat: (k: number) => (a: C['statistics'], b: C['statistics']) => C['statistics']
    readonly scale: (by: number) => (statistics: C['statistics']) => C['statistics']
  }
  /** The M-step and the log prior in the coordinates of the observations, where these need not be known. */
  readonly steps?: Pick<
    Estimate<ReadonlyArray<C['component']>, ReadonlyArray<C['statistics']>>,
    'maximize' | 'logPrior'
  >
  /** Draws an observation of a component. */
  readonly sample?: (component: C['component']) => (random: Random) => C['observation']
  /** Whether single cells of a row of numbers may be missing. */
  readonly incomplete?: true
  /** Where components share parameters, so that none of them can be fixed alone. */
  readonly joint?: true
  /** Checks components that a user gives. Errors: there is another number of them, or one is none of the family. */
  readonly check: (components: unknown) => Either<FitError, ReadonlyArray<C['component']>>
  /** What the statistics of a component have to be; without it, fits are not read from texts. */
  readonly statistics?: Schema
  /** Where the prior follows from the data: how. */
  readonly fromData?: FromData<ComponentModel<C>>
}

/** Components to start from. */
export interface Started<P> {
  readonly components: ReadonlyArray<P>
  /** How many observations each state has, where the start says that. */
  readonly counts?: Float64Array
}

/** Between the coordinates of the observations and those about the centre of the computation. */
export interface Moves<C extends ComponentTypes> {
  readonly toCentred: (component: C['component']) => C['component']
  readonly fromCentred: (component: C['component']) => C['component']
  readonly statisticsFromCentred: (statistics: C['statistics']) => C['statistics']
}

/** What components can do in one pass over the rows where labels are independent, given G x K log weights. */
export interface OnePass<C extends ComponentTypes> {
  /**
   * Statistics weighted by responsibilities, the sums of those for each state and group, and the log-likelihood in nats; as a step
   * of a sequence of an executor where one is given.
   */
  readonly expectation: (
    components: ReadonlyArray<C['component']>,
    logWeights: Vector,
    sequence?: object,
  ) => TaskEither<
    StepError,
    {
      readonly statistics: ReadonlyArray<C['statistics']>
      readonly counts: Float64Array
      /** G x K: the same for each group. */
      readonly groupCounts: Float64Array
      readonly logLikelihood: number
      readonly rounding: number
    }
  >
  readonly responsibilities: (
    components: ReadonlyArray<C['component']>,
    logWeights: Vector,
  ) => TaskEither<StepError, Matrix>
  readonly assignments: (
    components: ReadonlyArray<C['component']>,
    logWeights: Vector,
  ) => TaskEither<StepError, Int32Array>
  /** Responsibilities, assignments and log densities of the rows, from one pass. */
  readonly prediction: (
    components: ReadonlyArray<C['component']>,
    logWeights: Vector,
  ) => TaskEither<StepError, Prediction>
  /** The log density of each row, in nats. */
  readonly logProb: (
    components: ReadonlyArray<C['component']>,
    logWeights: Vector,
  ) => TaskEither<StepError, Float64Array>
  /** Labels drawn by a seed, without their probabilities, where an executor can. */
  readonly draws?: (
    components: ReadonlyArray<C['component']>,
    logWeights: Vector,
    seed: number,
  ) => TaskEither<StepError, Draws>
}

/** Components with the observations they are of. All but a start is about the centre of the computation. */
export interface LoadedComponents<C extends ComponentTypes>
  extends Omit<Estimate<ReadonlyArray<C['component']>, ReadonlyArray<C['statistics']>>, 'size'> {
  /** N, the number of rows, gaps included. */
  readonly rows: number
  /** How many rows are computed, where equal ones have been grouped; N by default. */
  readonly distinctRows?: number
  /** Says to a person where it runs. */
  readonly backend: string
  /** Where labels that need more than log densities are inferred, by default in the calling thread. */
  readonly executor?: Executor
  /** Whether the same sums have the same bits when they are added again; true by default. */
  readonly reproducible?: boolean
  /** Every bit of what was observed, and where the gaps are. */
  readonly fingerprint: () => ReadonlyArray<ArrayBufferView>
  /** How far the centre of the computation is from that of the observations; absent where it is the same. */
  readonly moves?: Moves<C>
  /**
   * The log densities of the rows under each component, N x K, in nats; 0 in a gap, of which nothing is known. They may be written to
   * `into`, those of an E-step before, of which nothing else is needed.
   */
  readonly logDensities: (
    components: ReadonlyArray<C['component']>,
    into?: Float64Array,
  ) => TaskEither<StepError, Float64Array>
  /** Statistics of each component from N x K responsibilities, which were inferred at `components`; gaps do not count. */
  readonly weightedStatistics: (
    components: ReadonlyArray<C['component']>,
    responsibilities: Float64Array,
  ) => TaskEither<StepError, ReadonlyArray<C['statistics']>>
  /** The same with 1 for the label of each row, where an executor can and there is no noise; -1 is none. */
  readonly labelStatistics?: (
    components: ReadonlyArray<C['component']>,
    labels: Int32Array,
  ) => TaskEither<StepError, ReadonlyArray<C['statistics']>>
  /** Absent where a pass over the rows does not have all that there is to know, as where there are gaps. */
  readonly onePass?: OnePass<C>
  /** Whether that pass knows the evidence with which the rows were loaded. */
  readonly holdsEvidence?: boolean
  /** G, the number of groups whose weights it takes; 1 by default. */
  readonly groups?: number
  /** Components to start from, in the coordinates of the observations. Errors: the start is none of these observations. */
  readonly start: (start: RowStart, random: Random) => TaskEither<FitError, Started<C['component']>>
  /** How far rounding may move a log-likelihood at these components, in nats. */
  readonly rounding: (components: ReadonlyArray<C['component']>, counts: Float64Array, logLikelihood: number) => number
  /** What is added to that where log densities are given one by one, and not in one pass. */
  readonly roundingOfDensities?: (components: ReadonlyArray<C['component']>, counts: Float64Array) => number
  readonly dispose: () => void
}
