import type { CellFamily, ColumnPair, ConjugatePrior } from '@conjugate/distributions'
import type { Coordinates } from '@conjugate/em'
import type { Densities, FactorShape, StatisticsOf } from '@conjugate/executors'
import type { Matrix, Vector } from '@conjugate/linalg'
import type { Either } from 'fp-ts/lib/Either.js'
import type { FitError } from '../../errors.js'
import type { ComponentTypes } from '../../model/component-model.js'
import type { DataOf } from '../../observations/data.js'
import type { Places } from '../centre.js'
import type { Comparable } from '../comparable.js'
import type { ColumnSizes } from '../sizes.js'
import type { RowPlan } from './row-plan.js'

/** Observations as rows. */
export interface SourceRows<X> {
  /** The rows as an executor takes them, N x F. */
  readonly rows: Matrix
  /** What the executor subtracts from the rows. */
  readonly origin?: Vector
  /** The observation that was subtracted from all observations, by which the pair is moved as well. */
  readonly centre?: X
  /** How many columns, from the first on, tell observations apart; all by default. */
  readonly features?: number
  /** The sizes of linear columns, by which it is known how far rounding goes. */
  readonly sizes?: ColumnSizes
  /** The factors of the columns from the first on, for products of densities. Missing cells are NaN. */
  readonly factors?: ReadonlyArray<FactorShape>
  /** Rows by which observations can be compared, where those of an executor are numbers of categories. */
  readonly comparable?: () => Comparable
}

/** The pair of a column of a table, which is asked of no other cells than its own. */
export type CellPair = ConjugatePrior<unknown, unknown, unknown, unknown>

/** The types of the components of a pair whose observations are listed. */
export interface PairTypes<Q, P, X, S> extends ComponentTypes {
  readonly data: DataOf<X>
  readonly component: P
  readonly posterior: Q
  readonly statistics: S
  readonly observation: X
}

/** A pair by the names of its types. */
export type PairOf<T extends ComponentTypes> = ConjugatePrior<
  T['posterior'],
  T['component'],
  T['observation'],
  T['statistics']
>

/**
 * How the components of a conjugate pair, and observations, reach an executor: quadratic, diagonal or linear in a row, or a
 * product of those, which is `D`.
 */
export interface Form<T extends ComponentTypes, D extends Densities = Densities> {
  readonly densityForm: D['_tag']
  /** Whether observations are tables, whose columns have names and kinds of their own. */
  readonly isTable?: boolean
  /** The family of the components, where rows are its statistics: sparse rows are read by it. */
  readonly family?: (CellFamily & { readonly columns?: unknown }) | undefined
  /** Of tables, the pairs of the columns by name. */
  readonly columns?: ReadonlyArray<readonly [name: string, pair: ColumnPair]>
  /** Makes rows of observations, about the centre of places. Errors: the observations are none of the pair's. */
  readonly designMatrix: (
    source: T['data'],
    prior: T['posterior'],
    about: Places<T['observation']>,
  ) => Either<FitError, SourceRows<T['observation']>>
  /**
   * The same rows as data, of columns by these names, about a centre, for engines that compute where rows are stored. Errors: the
   * family tells no expressions; it is of another number of columns.
   */
  readonly plan?: (
    names: ReadonlyArray<string>,
    prior: T['posterior'],
    centre?: T['observation'],
  ) => Either<FitError, RowPlan>
  readonly ofMembers: (members: ReadonlyArray<T['component']>) => D
  /** The densities exp(E log p(x)) of variational Bayes. */
  readonly ofPosteriors: (posteriors: ReadonlyArray<T['posterior']>) => D
  readonly statistics: (densities: D, sums: StatisticsOf<D>) => ReadonlyArray<T['statistics']>
  /** See `ComponentSteps`. */
  readonly rounding: (densities: D, counts: Vector, spacing: number) => number
  /** The coordinates of a member, unconstrained where there is a choice. */
  readonly coordinates: Coordinates<T['component']>
  /** The component centred at a row, as wide as the prior expects it to be: EM starts from it. */
  readonly componentAt?: (prior: T['posterior']) => (row: Vector) => T['component']
}
