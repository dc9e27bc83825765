import type { InvalidParameter, Random } from '@conjugate/distributions'
import type { Executor } from '@conjugate/executors'
import type { Either } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { FitError, StepError } from '../errors.js'
import type { Estimate } from '../labels/label-model.js'

/** The types of components by name, so that one type parameter carries them all. */
export interface ComponentTypes {
  /** How observations are given; what is missing among them is a gap. */
  readonly data: unknown
  /** What is learnt of a component: its parameters, or their posterior. */
  readonly component: unknown
  /** The same in variational Bayes. */
  readonly posterior: unknown
  readonly statistics: unknown
}

/** The types of components that are posteriors. */
export interface ComponentPosteriors<C extends ComponentTypes> {
  readonly data: C['data']
  readonly component: C['posterior']
  readonly posterior: never
  readonly statistics: C['statistics']
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
   * Observations on an executor, until they are disposed of. `about` are components about which the computation runs, by
   * default the place of the observations. Errors: the observations are none of the components'; those of the executor.
   */
  readonly load: (
    executor: Executor,
    data: C['data'],
    about?: ReadonlyArray<C['component']>,
  ) => TaskEither<FitError, LoadedComponents<C>>
  /** Their posteriors in place of their points, where components have conjugate priors. */
  readonly variational?: () => ComponentModel<ComponentPosteriors<C>>
  /** Draws components from their posteriors given statistics, where they have conjugate priors. */
  readonly draw?: (
    statistics: ReadonlyArray<C['statistics']>,
  ) => (random: Random) => Either<InvalidParameter, ReadonlyArray<C['component']>>
  /** Checks components that a user gives. Errors: there is another number of them, or one is none of the family. */
  readonly check: (components: unknown) => Either<FitError, ReadonlyArray<C['component']>>
}

/** Components with the observations they are of. All is in the coordinates of the observations. */
export interface LoadedComponents<C extends ComponentTypes>
  extends Omit<Estimate<ReadonlyArray<C['component']>, ReadonlyArray<C['statistics']>>, 'size'> {
  /** N, the number of rows, gaps included. */
  readonly rows: number
  /** Says to a person where it runs. */
  readonly backend: string
  /** Every bit of what was observed, and where the gaps are. */
  readonly fingerprint: ReadonlyArray<ArrayBufferView>
  /** The log densities of the rows under each component, N x K, in nats; 0 in a gap, of which nothing is known. */
  readonly logDensities: (components: ReadonlyArray<C['component']>) => TaskEither<StepError, Float64Array>
  /** Statistics of each component from N x K responsibilities, which were inferred at `components`; gaps do not count. */
  readonly weightedStatistics: (
    components: ReadonlyArray<C['component']>,
    responsibilities: Float64Array,
  ) => TaskEither<StepError, ReadonlyArray<C['statistics']>>
  /** Components to start from: those of the clusters of k-means. */
  readonly start: (random: Random) => Either<FitError, ReadonlyArray<C['component']>>
  /** How far rounding may move the log-likelihood at these components, in nats. */
  readonly rounding: (components: ReadonlyArray<C['component']>, counts: Float64Array) => number
  readonly dispose: () => void
}
