import type { Distribution, ExponentialFamily } from '../family.js'

/** A family with a density. */
export interface Continuous<P, X> {
  readonly _tag: 'Continuous'
  /** The value a fraction `t` of the way from `a` to `b`. */
  readonly between: (a: X, b: X, t: number) => X
  /** Set where the density is greatest on the boundary of the support, where it need not be flat. */
  readonly modeOnBoundary?: boolean
  /** Density over the unit cube: value and log Jacobian of a map from (0, 1)^n onto the support; absent above n = 3. */
  readonly unitCube?: {
    readonly dimension: number
    readonly member: P
    readonly at: (u: ReadonlyArray<number>) => { readonly x: X; readonly logJacobian: number }
  }
}

/** A family with a mass. */
export interface Discrete<P, X> {
  readonly _tag: 'Discrete'
  /** All values but those whose masses together are below 1e-14. */
  readonly values: (p: P) => ReadonlyArray<X>
  /** The values next to one: where none has more mass, none of all has. */
  readonly neighbours: (x: X) => ReadonlyArray<X>
}

/** What the laws have to be told about a distribution. */
export interface DistributionCase<P, X, V = X, M = X> {
  readonly family: Distribution<P, X, V, M>
  /** Members to try every law on, each with a mode; at least two of the same dimension. */
  readonly members: ReadonlyArray<P>
  /** A value as numbers end to end, and means and variances in the same order. */
  readonly coordinates: (x: X) => ReadonlyArray<number>
  readonly meanCoordinates: (mean: M) => ReadonlyArray<number>
  readonly varianceCoordinates: (variance: V) => ReadonlyArray<number>
  /** Values of no density. */
  readonly outside: ReadonlyArray<X>
  readonly support: Continuous<P, X> | Discrete<P, X>
}

/** What the laws have to be told about an exponential family, besides what they have to be told about any distribution. */
export interface FamilyCase<P, X, V = X, M = X> extends DistributionCase<P, X, V, M> {
  readonly family: ExponentialFamily<P, X, V, M>
  /** Vectors that are the natural parameters of no member. */
  readonly unnatural: ReadonlyArray<ReadonlyArray<number>>
}

/** What cases of families of numbers share. */
export const ofNumbers = {
  coordinates: (x: number): ReadonlyArray<number> => [x],
  meanCoordinates: (mean: number): ReadonlyArray<number> => [mean],
  varianceCoordinates: (variance: number): ReadonlyArray<number> => [variance],
} as const
