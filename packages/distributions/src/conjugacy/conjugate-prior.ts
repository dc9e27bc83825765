import type { Monoid } from 'fp-ts/lib/Monoid.js'
import type { Normal } from '../families/normal.js'
import type { ExponentialFamily, Natural, Statistic } from '../family.js'
import type { Validated } from '../validation.js'
import type { GaussianStatistics } from './gaussian-statistics.js'
import type { Translation } from './translation.js'

/**
 * What a pair knows of observations `X` given parameters `P`: an exponential family whose members are told apart by what
 * the prior is of. What is known besides, such as a mean, may be part of t(x) and h(x).
 */
export type Likelihood<P, X> = Pick<
  ExponentialFamily<P, X, unknown, unknown>,
  | 'support'
  | 'logProb'
  | 'sample'
  | 'statistic'
  | 'statisticExpression'
  | 'logBaseMeasure'
  | 'logBaseExpression'
  | 'logBaseOfEntries'
  | 'compared'
  | 'toldApartBy'
  | 'natural'
  | 'fromNatural'
  | 'logNormaliser'
  | 'member'
>

/** Expectations under a prior or posterior of what the log density of an observation is made of. */
export interface ExpectedNatural<P> {
  /** E[eta], the expectation of the natural parameters of the likelihood. */
  readonly natural: Natural<P>
  /** E[A(eta)], the expectation of its log normaliser. */
  readonly logNormaliser: number
}

/** What E log N(x | mu, sigma^2) = 1/2 (logPrecision - log 2 pi - spread - (scale (x - mean))^2) is made of, under a posterior. */
export interface ExpectedNormal {
  readonly mean: number
  /** The root of E 1/sigma^2, in one over the units of the data. */
  readonly scale: number
  readonly logPrecision: number
  readonly spread: number
}

/**
 * What a pair tells of its members where they are normals of one number, so that densities and sums can be had from deviations
 * (x - mean)^2, which keep the digits that x and x^2 lose far from a common origin.
 */
export interface NormalColumn<Q, P, S> {
  /** The normal that a member is. */
  readonly toNormal: (p: P) => Normal
  /** The member that is this normal. Errors: a variance that is not positive. */
  readonly fromNormal: (normal: Normal) => Validated<P>
  /** What the expected log density under a prior or posterior is made of. */
  readonly expected: (q: Q) => ExpectedNormal
  /** The statistics of the pair from those of one column of numbers. */
  readonly statistics: (s: GaussianStatistics) => S
}

/**
 * A prior `Q` over the parameters `P` of a likelihood of observations `X`; `S` are the statistics of weighted
 * observations, which add. A prior over the parameters of another likelihood does not type-check.
 * Source: Diaconis and Ylvisaker, Conjugate priors for exponential families (1979).
 */
export interface ConjugatePrior<Q, P, X, S> {
  /** The family that priors and posteriors belong to. */
  readonly family: ExponentialFamily<Q, P, unknown, unknown>
  /** What observations are given the parameters. */
  readonly likelihood: Likelihood<P, X>
  /** Joins the statistics of two sets of observations; `empty` are those of none. */
  readonly monoid: (q: Q) => Monoid<S>
  /** The statistics of one observation that counts `weight` times. */
  readonly observe: (q: Q) => (x: X, weight: number) => S
  /** The statistics of observations from their weight and the weighted sum of t(x). */
  readonly fromStatistic: (weight: number, sum: Statistic<P>) => S
  /** The statistics of the same observations, each of which counts `factor` times as much. */
  readonly scale: (factor: number) => (s: S) => S
  /** What observations add to the natural parameters of the prior: a linear function of their weight and sum of t(x). */
  readonly evidence: (s: S) => Natural<Q>
  /** The posterior, whose natural parameters are those of the prior plus the evidence. Errors: there is none in float64. */
  readonly update: (s: S) => (q: Q) => Validated<Q>
  /** The parameters at which the density of `q` is greatest, boundary of the support included. Errors: there are none. */
  readonly jointMode: (q: Q) => Validated<P>
  /**
   * The joint mode of the posterior, where it can be had with less than {@link update} makes, or with more digits than the sum
   * of prior and statistics holds; M-steps ask for it.
   */
  readonly posteriorMode?: (s: S) => (q: Q) => Validated<P>
  /** A(posterior) - A(prior), where it can be had with more digits than the posterior holds; marginal likelihoods ask for it. */
  readonly logEvidence?: (s: S) => (q: Q) => Validated<number>
  /** How many numbers a member of the likelihood is chosen by, which information criteria count. */
  readonly freeParameters: (q: Q) => number
  /** Where {@link expectedNatural} cannot derive it: the evidence of weights of 0 is no function of the sums. */
  readonly expectedNatural?: (q: Q) => ExpectedNatural<P>
  /** Of likelihoods that have a location: how all of them move with the observations. */
  readonly translation?: Translation<Q, P, X, S>
  /** What members are as normals, where they are normals of one number. */
  readonly asNormal?: NormalColumn<Q, P, S>
  /** Where a column of a table may be of such observations, which are lists of numbers: how many every one has. */
  readonly block?: number
  /** Of a product over the cells of a row: the pairs of its columns by name, in the order of their statistics. */
  readonly columns?: ReadonlyArray<readonly [name: string, pair: ColumnPair]>
}

/** The pair of a column of numbers, or of blocks of them. What it is told of priors, members and cells has to be its own. */
export type ColumnPair = ConjugatePrior<unknown, unknown, never, unknown>
