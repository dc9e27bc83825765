import type { Coordinates } from '@conjugate/em'
import type { Densities, FactorShape, StatisticsOf } from '@conjugate/executors'
import type { Matrix, Vector } from '@conjugate/linalg'
import type { Either } from 'fp-ts/lib/Either.js'
import type { FitError } from '../../errors.js'
import type { Places } from '../centre.js'
import type { ColumnSizes } from '../sizes.js'

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
}

/**
 * How the components of a conjugate pair, and observations, reach an executor: quadratic, diagonal or linear in a row.
 * `Q` are priors and posteriors, `P` members of the likelihood.
 */
export interface Form<Q, P, X, S, Source, D extends Densities> {
  readonly tag: D['_tag']
  /** Makes rows of observations, about the centre of places. Errors: the observations are none of the pair's. */
  readonly encode: (source: Source, prior: Q, about: Places<X>) => Either<FitError, SourceRows<X>>
  readonly ofMembers: (members: ReadonlyArray<P>) => D
  /** The densities exp(E log p(x)) of variational Bayes. */
  readonly ofPosteriors: (posteriors: ReadonlyArray<Q>) => D
  readonly statistics: (densities: D, sums: StatisticsOf<D>) => ReadonlyArray<S>
  /** See `Steps`. */
  readonly rounding: (densities: D, counts: Vector, spacing: number) => number
  /** The coordinates of a member, unconstrained where there is a choice. */
  readonly coordinates: Coordinates<P>
  /** The component centred at a row, as wide as the prior expects it to be: EM starts from it. */
  readonly around?: (prior: Q) => (row: Vector) => P
}
