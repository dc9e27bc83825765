import type { Monoid } from 'fp-ts/lib/Monoid.js'
import type { ExponentialFamily, Natural } from '../family.js'
import type { Validated } from '../validation.js'

/** What a pair knows of observations `X` given parameters `P`: of an exponential family, its log density and log h. */
export type Likelihood<P, X> = Pick<ExponentialFamily<P, X>, 'logProb' | 'logBaseMeasure'>

/**
 * A prior `Q` over the parameters `P` of a likelihood of observations `X`; `S` are the statistics of weighted
 * observations, which add. A prior over the parameters of another likelihood does not type-check.
 * Source: Diaconis and Ylvisaker, Conjugate priors for exponential families (1979).
 */
export interface ConjugatePrior<Q, P, X, S> {
  readonly family: ExponentialFamily<Q, P, unknown>
  readonly likelihood: Likelihood<P, X>
  /** Joins the statistics of two sets of observations; `empty` are those of none. */
  readonly monoid: (q: Q) => Monoid<S>
  /** The statistics of one observation that counts `weight` times. */
  readonly observe: (q: Q) => (x: X, weight: number) => S
  /** What observations add to the natural parameters of the prior. */
  readonly evidence: (s: S) => Natural<Q>
  /** The posterior, whose natural parameters are those of the prior plus the evidence. */
  readonly update: (s: S) => (q: Q) => Validated<Q>
  /** The parameters at which the density of `q` is greatest, boundary of the support included. */
  readonly jointMode: (q: Q) => Validated<P>
}
