import type { CellFamily, ColumnPair, InvalidParameter, Random } from '@conjugate/distributions'
import type { Coordinates } from '@conjugate/em'
import type { Schema } from '@conjugate/em/schema'
import type { Densities, FactorShape, LoadOptions, StatisticsOf } from '@conjugate/executors'
import type { Matrix, Vector } from '@conjugate/linalg'
import type { Either } from 'fp-ts/lib/Either.js'
import { kind } from '../door/dual.js'
import type { FitError } from '../errors.js'
import type { IndependentLabels } from '../labels/independent.js'
import type { LabelModel, LabelTypes } from '../labels/label-model.js'
import type { ComponentModel, ComponentTypes } from '../model/component-model.js'
import type { Model } from '../model/model.js'
import type { Comparable } from './comparable.js'
import type { RowPlan } from './forms/row-plan.js'
import type { ColumnSizes } from './sizes.js'

/** K weights that sum to 1, or the concentrations of their posterior in variational Bayes, and K components. */
export interface MixtureParameters<P> {
  readonly weights: Vector
  readonly components: ReadonlyArray<P>
}

/** What an E-step of a mixture gathers. */
export interface MixtureStatistics<S> {
  /** N_k: the sum of the responsibilities of each component. */
  readonly counts: Float64Array
  /** For each component the statistics of the observations, weighted by its responsibilities. */
  readonly components: ReadonlyArray<S>
}

/** The side of the components: what an E-step needs of them, and the M-step. */
export interface ComponentSteps<T extends ComponentTypes> {
  /** The K densities without weights, in log constants that are those of a weight of 1. */
  readonly densities: (components: ReadonlyArray<T['component']>) => Densities
  /** From the sums of an executor, which are about what `densities` says they are about. */
  readonly statistics: (densities: Densities, sums: StatisticsOf<Densities>) => ReadonlyArray<T['statistics']>
  /** The M-step. Errors: a posterior has no mode. */
  readonly maximize: (
    statistics: ReadonlyArray<T['statistics']>,
  ) => Either<InvalidParameter, ReadonlyArray<T['component']>>
  /** With every normalising constant. */
  readonly logPrior: (components: ReadonlyArray<T['component']>) => number
  /** How far rounding may move the log-likelihood beyond what `EMModel` allows for; numbers are `spacing` apart at 1. */
  readonly rounding: (components: ReadonlyArray<T['component']>, counts: Vector, spacing: number) => number
  /** The sizes of the terms of the log prior before they cancel; those that never change do not matter. 0 by default. */
  readonly priorSize?: (components: ReadonlyArray<T['component']>) => number
  readonly coordinates: Coordinates<ReadonlyArray<T['component']>>
}

/**
 * What the centre of the computation follows from: fitted components where there are some, so that what is said of an
 * observation does not depend on the others; or else the observations that count.
 */
export interface Centring<P> {
  /** One for each row, by default 1: rows of weight 0 do not count. */
  readonly rowWeights?: Vector
  /** Fitted components, each with its weight. */
  readonly fitted?: { readonly components: ReadonlyArray<P>; readonly weights: Vector }
  /** The centre itself, where it is known: an observation. */
  readonly centre?: unknown
}

/** Observations as rows that an executor holds, and the components in the coordinates of those rows. */
export interface DesignMatrix<T extends ComponentTypes> {
  /** The rows, N x F, before the origin is subtracted. */
  readonly rows: Matrix
  /** What densities on these rows are. */
  readonly densityForm: Densities['_tag']
  /** Of products: see `LoadOptions` of executors. */
  readonly factors?: ReadonlyArray<FactorShape>
  /** Rows by which observations can be compared; by default the rows. */
  readonly comparable?: () => Comparable
  /** The F numbers that the executor subtracts from every row. */
  readonly origin?: Vector
  /** The observation about which all this is. */
  readonly centre?: unknown
  /** How many columns, from the first on, tell observations apart; all by default. */
  readonly features?: number
  /** The sizes of linear columns. */
  readonly sizes?: ColumnSizes
  /** The steps that run, about the origin. */
  readonly steps: ComponentSteps<T>
  readonly toCentred: (component: T['component']) => T['component']
  readonly fromCentred: (component: T['component']) => T['component']
  readonly statisticsFromCentred: (statistics: T['statistics']) => T['statistics']
  /** A component about a row, for mixtures whose prior says how wide one is. */
  readonly componentAt?: (row: Vector) => T['component']
  /** Whether no prior keeps components from the boundary of their family, or from single rows. */
  readonly isBare?: boolean
}

/** How an executor is to load the rows. */
export const loadOptionsOf = ({
  densityForm,
  factors,
  origin,
}: Pick<DesignMatrix<never>, 'densityForm' | 'factors' | 'origin'>): LoadOptions => ({
  kind: densityForm,
  ...(factors && { factors }),
  ...(origin && { origin }),
})

/** All that fitting, predicting and checkpoints need of components whose observations are rows of numbers to an executor. */
export interface MixtureParts<T extends ComponentTypes> {
  readonly name: string
  /** Plain data that tells these components from others: checkpoints of others are refused. */
  readonly definition: unknown
  /** K, the number of components besides noise. */
  readonly count: number
  /** In the coordinates of the observations. */
  readonly steps: ComponentSteps<T>
  /**
   * Makes rows of observations, about their centre if nothing else is asked for. Errors: the observations are none of the
   * family's, or have another number of columns than the prior.
   */
  readonly designMatrix: (source: T['data'], centring?: Centring<T['component']>) => Either<FitError, DesignMatrix<T>>
  /** The same rows as a plan for whoever has the observations: see `Form`. */
  readonly plan: (names: ReadonlyArray<string>, centre?: unknown) => Either<FitError, RowPlan>
  /** The family whose statistics rows are, if they are. */
  readonly family?: CellFamily | undefined
  /** Whether observations are tables, whose columns have names and kinds of their own. */
  readonly isTable: boolean
  /** The pairs of these columns by name, where there are priors. */
  readonly columns?: ReadonlyArray<readonly [name: string, pair: ColumnPair]>
  /** What a component has to be, of a user or of a file. */
  readonly component: Schema
  /** What its statistics have to be. */
  readonly statistics: Schema
  /** What components have to be together, where they have something in common. */
  readonly together?: Schema
  /** Draws an observation of a component. */
  readonly sample: (component: T['component']) => (random: Random) => unknown
  /** How many parameters of the components are free, as information criteria count them. */
  readonly freeParameters: number
  /** Where components share parameters, so that none of them can be fixed alone. */
  readonly joint?: true
  /** A further component of this constant log density, for observations that belong to none; it comes last. */
  readonly noise?: number
}

/** How many states labels of these components have: noise is one more. */
export const statesOf = ({ count, noise }: Pick<MixtureParts<never>, 'count' | 'noise'>): number =>
  count + (noise === undefined ? 0 : 1)

/**
 * A mixture: a model whose labels have nothing to do with each other. `T` are the types of its components by name, `L` those
 * of its weights.
 */
export interface Mixture<T extends ComponentTypes, L extends LabelTypes = IndependentLabels> extends Model<T, L> {
  readonly [kind]: 'mixture'
}

/** Components with weights. */
export const mixtureOf = <C extends ComponentModel<T>, T extends ComponentTypes, L extends LabelTypes>(
  components: C & ComponentModel<T>,
  labels: LabelModel<L>,
): Mixture<T, L> & { readonly components: C } => ({ [kind]: 'mixture', components, labels })
