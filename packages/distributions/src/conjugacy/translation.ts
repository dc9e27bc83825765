import { centreOf, columnCentres, fromRows, tabulate, type Vector } from '@conjugate/linalg'
import type { GaussianStatistics } from './gaussian-statistics.js'

/** The functions that move everything of a pair by the same `X`. */
export interface Shift<Q, P, X, S> {
  readonly observation: (x: X) => X
  readonly prior: (q: Q) => Q
  readonly member: (p: P) => P
  readonly statistics: (s: S) => S
}

/**
 * What a pair of a location family knows of moving: priors, members and statistics move along with the observations, so
 * that sums can be taken about an origin near the data, where they lose no digits.
 */
export interface Translation<Q, P, X, S> {
  /** A place near most of the observations that count: see `centreOf` of `@conjugate/linalg`; zero where there are none. */
  readonly centre: (xs: ArrayLike<X> & Iterable<X>, weights?: Vector) => X
  /** Where a member, or a posterior, has its observations. */
  readonly locationOf: { readonly member: (p: P) => X; readonly prior: (q: Q) => X }
  /** From the data to deviations from a centre. */
  readonly toCentred: (centre: X) => Shift<Q, P, X, S>
  /** From deviations from a centre back to the data. */
  readonly fromCentred: (centre: X) => Shift<Q, P, X, S>
}

/** Both ways, of what moves by any `x` and by `sign` times it. */
export const bothWays = <Q, P, X, S>(
  shift: (x: X, sign: 1 | -1) => Shift<Q, P, X, S>,
): Pick<Translation<Q, P, X, S>, 'toCentred' | 'fromCentred'> => ({
  toCentred: centre => shift(centre, -1),
  fromCentred: centre => shift(centre, 1),
})

type WithMean<M> = { readonly mean: M }

/** Of normals of one dimension, whose priors have a `mean` in the units of the data. */
export const translationOfNumbers = <Q extends WithMean<number>, P extends WithMean<number>>(): Translation<
  Q,
  P,
  number,
  GaussianStatistics
> => ({
  centre: centreOf,
  locationOf: { member: p => p.mean, prior: q => q.mean },
  ...bothWays((x, sign) => ({
    observation: v => v + sign * x,
    prior: q => ({ ...q, mean: q.mean + sign * x }),
    member: p => ({ ...p, mean: p.mean + sign * x }),
    statistics: s => ({ ...s, mean: [s.mean[0]! + sign * x] }),
  })),
})

const plus = (v: Vector, x: Vector, sign: 1 | -1): Float64Array => tabulate(v.length, i => v[i]! + sign * x[i]!)

/** The same of vectors. */
export const translationOfVectors = <
  Q extends WithMean<Vector>,
  P extends WithMean<Vector>,
  S extends WithMean<Vector>,
>(): Translation<Q, P, Vector, S> => ({
  centre: (xs, weights) => columnCentres(fromRows(Array.from(xs, x => Array.from(x))), weights),
  locationOf: { member: p => p.mean, prior: q => q.mean },
  ...bothWays((x, sign) => ({
    observation: v => plus(v, x, sign),
    prior: q => ({ ...q, mean: plus(q.mean, x, sign) }),
    member: p => ({ ...p, mean: plus(p.mean, x, sign) }),
    statistics: s => ({ ...s, mean: plus(s.mean, x, sign) }),
  })),
})
