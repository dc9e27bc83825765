import { dot, type Matrix, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { Option } from 'fp-ts/lib/Option.js'
import { attempt } from './guarded.js'
import type { Random } from './random.js'
import type { LogBaseExpression, StatisticExpression } from './statistic.js'
import type { Support } from './support.js'
import type { Validated } from './validation.js'

declare const naturalOf: unique symbol
declare const statisticOf: unique symbol
declare const memberOf: unique symbol

/** Keeps families apart whose parameters look the same, for the compiler only: there is no such property. */
export interface MemberOf<Name extends string> {
  readonly [memberOf]?: Name
}

/** Natural parameters eta of a family with parameters `P`, flattened block after block. */
export type Natural<P> = Vector & { readonly [naturalOf]: P }

/** A value (or a mean, or a sum) of the sufficient statistic t, flattened in the order of {@link Natural}. */
export type Statistic<P> = Vector & { readonly [statisticOf]: P }

/**
 * Lays numbers and arrays of numbers end to end. An array whose memory has been given away is empty. M-steps do this often: typed arrays
 * are copied, which no iterator goes through.
 */
export const flatten = (blocks: ReadonlyArray<number | Vector>): Float64Array => {
  let size = 0
  for (const block of blocks) size += typeof block === 'number' ? 1 : block.length
  const all = new Float64Array(size)
  let at = 0
  for (const block of blocks)
    if (typeof block === 'number') all[at++] = block
    else {
      all.set(block, at)
      at += block.length
    }
  return all
}

/** Makes natural parameters from numbers and vectors, laid end to end. */
export const toNatural = <P>(...blocks: ReadonlyArray<number | Vector>): Natural<P> =>
  flatten(blocks) as Vector as Natural<P>

/** Makes a statistic from numbers and vectors, laid end to end. */
export const toStatistic = <P>(...blocks: ReadonlyArray<number | Vector>): Statistic<P> =>
  flatten(blocks) as Vector as Statistic<P>

/**
 * Gives <eta, t>, the sum of products (for matrix blocks tr(A'B)). Where one factor is 0 a product is 0 for an infinite other
 * one, too: 0 log 0 = 0. Terms of finite numbers may be beyond float64 without the sum being so.
 */
export const innerProduct = <P>(eta: Natural<P>, t: Statistic<P>): number => {
  let sum = 0
  for (let i = 0; i < eta.length; i++) if (t[i] !== 0 && eta[i] !== 0) sum += eta[i]! * t[i]!
  if (Number.isFinite(sum)) return sum
  const [a, b] = [Float64Array.from(eta, (v, i) => (t[i] === 0 ? 0 : v)), Float64Array.from(t)]
  for (let i = 0; i < b.length; i++) if (a[i] === 0) b[i] = 0
  return a.every(Number.isFinite) && b.every(Number.isFinite) ? dot(a)(b) : sum
}

/**
 * What every distribution can say. `P` are its parameters, `X` its values, `V` the shape of its variances and `M` that of
 * its means.
 */
export interface Distribution<P, X, V = X, M = X> {
  /** The name of the distribution, for messages. */
  readonly name: string
  /** What values are, where they are numbers, vectors or records of numbers. */
  readonly support?: Support | undefined
  /** The log density or mass in nats; -Infinity outside the support, where NaN is, too. */
  readonly logProb: (p: P) => (x: X) => number
  /** Draws a value; one beyond float64 becomes the number nearest to it. */
  readonly sample: (p: P) => (random: Random) => X
  /** The mean; `none` where its integral does not exist. */
  readonly mean: (p: P) => Option<M>
  /** The variance of each entry: Infinity where it diverges though the mean exists, and `none` where the mean does not. */
  readonly variance: (p: P) => Option<V>
  /**
   * The unique maximum of the density or mass; `none` where there is none inside the support. Of two neighbouring counts
   * with the same mass it is the greater.
   */
  readonly mode: (p: P) => Option<X>
  /** The entropy in nats; for a density it is the differential entropy. */
  readonly entropy: (p: P) => number
}

/** What reading the cells of a column of numbers takes. */
export interface CellFamily {
  readonly statistic: (cell: never) => ArrayLike<number>
  readonly statisticExpression?: (columns: number) => StatisticExpression
  readonly logBaseMeasure: (cell: never) => number
  readonly logBaseExpression?: (columns: number) => LogBaseExpression
  readonly logBaseOfEntries?: (entries: Vector) => number
  readonly compared?: (entries: Vector) => Vector
  readonly toldApartBy?: (cells: Vector) => number
  readonly support?: Support | undefined
}

/**
 * What every exponential family can say, whose densities are p(x) = h(x) exp(<eta, t(x)> - A(eta)).
 * Source: Wainwright and Jordan, Graphical Models, Exponential Families, and Variational Inference (2008), chapter 3.
 */
export interface ExponentialFamily<P, X, V = X, M = X> extends Distribution<P, X, V, M> {
  /** The sufficient statistic t(x) of a value. */
  readonly statistic: (x: X) => Statistic<P>
  /**
   * t(x) as an expression of the columns of x, of which vectors have as many as told and numbers one; absent where values are
   * matrices or parameters.
   */
  readonly statisticExpression?: (columns: number) => StatisticExpression
  /** Of a product over the cells of a row: the families of its columns by name, in the order of their statistics. */
  readonly columns?: ReadonlyArray<readonly [name: string, family: CellFamily]>
  /** log h(x); -Infinity outside the support where t(x) does not tell it already. */
  readonly logBaseMeasure: (x: X) => number
  /**
   * log h(x) inside the support as an expression, as {@link statisticExpression} is one of t(x). Where it is absent, that of whole
   * numbers is `logBaseMeasure` of each.
   */
  readonly logBaseExpression?: (columns: number) => LogBaseExpression
  /** Of vectors: log h(x) by the entries that are not 0, in their order, where that is all it takes. */
  readonly logBaseOfEntries?: (entries: Vector) => number
  /**
   * Of vectors that are their own statistic and whose entries have a unit in common: the entries that are not 0, in their order, as numbers by whose squared distances
   * vectors are told apart, such as the roots of their shares. Where it is absent entries are told apart in units of their own
   * standard deviations.
   */
  readonly compared?: (entries: Vector) => Vector
  /**
   * Of numbers, and of records of them: the number by which a start tells observations apart, such as one that stabilises variances, from the
   * cells in the order of the support; NaN of an observation that says nothing of it. Where it is absent they are told apart by all cells as they are.
   * Source: Bartlett, The use of transformations (1947).
   */
  readonly toldApartBy?: (cells: Vector) => number
  /** The natural parameters eta of a member. */
  readonly natural: (p: P) => Natural<P>
  /** The member with natural parameters eta, the inverse of `natural`. Errors: an eta that belongs to no member. */
  readonly fromNatural: (eta: Natural<P>) => Validated<P>
  /** A(natural(p)), from the parameters themselves, so that it keeps the digits that eta may have lost. */
  readonly logNormaliser: (p: P) => number
  /** A(eta) of an over-complete family, in which the eta of one member differ by a constant and A does, too. */
  readonly logNormaliserOfOvercomplete?: (eta: Natural<P>) => number
  /** E[t(x)], the gradient of A at natural(p); an entry beyond float64 is an infinity. */
  readonly expectedStatistic: (p: P) => Statistic<P>
  /**
   * The member with E[t(x)] = t, the inverse of `expectedStatistic`; of all members it has the greatest <eta, t> - A(eta), so
   * at the mean statistic of data it is the one of maximum likelihood. Errors: a t that is no member's expected statistic.
   */
  readonly fromExpectedStatistic: (t: Statistic<P>) => Validated<P>
  /**
   * The Fisher information of natural(p), which is the Hessian of A, the covariance of t(x) and the derivative of
   * `expectedStatistic` by eta. As many rows and columns as t(x) is flattened to; singular where entries of t(x) depend on
   * each other linearly, as those of symmetric matrices do. An entry beyond float64, or a part of which is, is an infinity.
   */
  readonly fisherInformation: (p: P) => Matrix
  /**
   * A value, such as one that was read from a file, where it is a member: it comes back as it is. Errors: what is missing in
   * it or wrong. A family of a user's own may do without.
   */
  readonly member?: ((value: unknown) => Validated<P>) | undefined
  /** KL(p || q) in nats, never negative; Infinity where it, or a part of it, is beyond float64. */
  readonly klDivergence: (p: P) => (q: P) => number
}

/**
 * Gives the log densities of a batch of N values, N numbers in nats in float64; `@conjugate/distributions/tensors` has them
 * for tensors.
 */
export const logProbs =
  <P, X>(distribution: Pick<Distribution<P, X, unknown>, 'logProb'>) =>
  (p: P): ((xs: Iterable<X>) => Float64Array) => {
    const logProb = distribution.logProb(p)
    return xs => Float64Array.from(xs, x => logProb(x))
  }

/** Gives A(eta) in nats, which is Infinity where eta belongs to no member, since there the integral diverges. */
export const logNormaliserOfNatural =
  <P>(
    family: Pick<ExponentialFamily<P, never>, 'fromNatural' | 'logNormaliser' | 'logNormaliserOfOvercomplete'>,
  ): ((eta: Natural<P>) => number) =>
  eta => {
    const p = family.fromNatural(eta)
    if (E.isLeft(p)) return Number.POSITIVE_INFINITY
    return family.logNormaliserOfOvercomplete?.(eta) ?? family.logNormaliser(p.right)
  }

/**
 * Gives log p(x) in nats from the exponential form, which each family's direct `logProb` has to equal. Where the form is no
 * number, since terms are infinite against each other, it is the direct one: at the limits of a family such as a certain
 * Bernoulli, beyond float64, and for values outside the support that have no statistic.
 */
export const logProbOfExponentialForm =
  <P, X>(
    family: Pick<
      ExponentialFamily<P, X, unknown, unknown>,
      'natural' | 'statistic' | 'logNormaliser' | 'logBaseMeasure' | 'logProb'
    >,
  ) =>
  (p: P): ((x: X) => number) => {
    const eta = family.natural(p)
    const a = family.logNormaliser(p)
    const formOf = (x: X): number => {
      const logBaseMeasure = family.logBaseMeasure(x)
      // An impossible value need not have a statistic.
      if (logBaseMeasure === Number.NEGATIVE_INFINITY) return logBaseMeasure
      return innerProduct(eta, family.statistic(x)) - a + logBaseMeasure
    }
    return x => {
      // What cannot be read has no statistic.
      const form = attempt(
        () => formOf(x),
        () => Number.NaN,
      )
      return Number.isNaN(form) ? family.logProb(p)(x) : form
    }
  }
