import betaln from '@stdlib/math-base-special-betaln'
import stdlibDigamma from '@stdlib/math-base-special-digamma'
import stdlibErfc from '@stdlib/math-base-special-erfc'
import gammaln from '@stdlib/math-base-special-gammaln'
import stdlibTrigamma from '@stdlib/math-base-special-trigamma'
import { LOG_2PI } from './constants.js'
import { poissonDivergence } from './itakura-saito.js'

/** The complementary error function, 2 / sqrt(pi) times the integral of exp(-t^2) from x on. */
export const erfc: (x: number) => number = stdlibErfc

/** The derivative of {@link logGamma}; NaN at 0 and at negative whole numbers. */
export const digamma: (x: number) => number = stdlibDigamma

/** The derivative of {@link digamma}; NaN or Infinity at 0 and at negative whole numbers. */
export const trigamma: (x: number) => number = stdlibTrigamma

/** Beyond this, log Gamma is x (log x - 1) to the last digit, and below one over it -log x. */
const VAST = 1e290
const TINY = 1e-290

/** Gives log |Gamma(x)|. Source: NIST DLMF, 5.2.1. */
export const logGamma: (x: number) => number = gammaln

/** log B(a, b): by what limits it where a parameter is next to 0 or vast, which stdlib does not know. */
const logBeta = (a: number, b: number): number => {
  const [small, large] = a < b ? [a, b] : [b, a]
  if (!(small > 0)) return Number.POSITIVE_INFINITY
  if (small < TINY) return (large < TINY ? Math.log(small + large) - Math.log(large) : 0) - Math.log(small)
  if (large <= VAST) return betaln(a, b)
  if (small <= VAST) return logGammaLess(small, Math.log(large))
  return -small * Math.log1p(large / small) - large * Math.log1p(small / large)
}

/**
 * Gives log B(a) = sum_k log Gamma(a_k) - log Gamma(sum_k a_k), the log normaliser of a Dirichlet. It is Infinity where an
 * entry is not positive and the integral diverges. One entry is added at a time, log B(a_1 + ... + a_k, a_k+1), so that large
 * log-gammas never stand alone to cancel.
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), equation 2.38.
 */
export const logMultivariateBeta = (a: ArrayLike<number>): number => {
  let total = 0
  let sum = 0
  for (let k = 0; k < a.length; k++) {
    const value = a[k]!
    if (!(value > 0)) return Number.POSITIVE_INFINITY
    if (total > 0) sum += logBeta(total, value)
    total += value
  }
  return sum
}

/**
 * Gives log Gamma_D(a) = D(D-1)/4 log pi + sum_{j<D} log Gamma(a - j/2), for a > (D-1)/2.
 * Source: Muirhead, Aspects of Multivariate Statistical Theory (1982), theorem 2.1.12.
 */
export const multivariateLogGamma =
  (dimension: number) =>
  (a: number): number => {
    let sum = (dimension * (dimension - 1) * Math.log(Math.PI)) / 4
    for (let j = 0; j < dimension; j++) sum += gammaln(a - j / 2)
    return sum
  }

/** Gives the derivative of {@link multivariateLogGamma}: sum_{j<D} digamma(a - j/2), for a > (D-1)/2. */
export const multivariateDigamma =
  (dimension: number) =>
  (a: number): number => {
    let sum = 0
    for (let j = 0; j < dimension; j++) sum += digamma(a - j / 2)
    return sum
  }

const HALF_LOG_2PI = LOG_2PI / 2

/** The sum of c_0 y + c_1 y^3 + c_2 y^5 + ... */
const oddSeries = (y: number, coefficients: ReadonlyArray<number>): number =>
  y * coefficients.reduceRight((sum, c) => c + y * y * sum, 0)

/** From here on the asymptotic series below have all digits of float64. */
const ASYMPTOTIC = 10

const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156]

/**
 * Gives the error of Stirling's formula, log Gamma(x) - (x - 1/2) log x + x - log(2 pi)/2, for x > 0.
 * Source: NIST Digital Library of Mathematical Functions, 5.11.1.
 */
export const stirlingError = (x: number): number =>
  x < ASYMPTOTIC ? gammaln(x) - (x - 0.5) * Math.log(x) + x - HALF_LOG_2PI : oddSeries(1 / x, STIRLING)

const DIGAMMA = [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12]

/**
 * Gives log x - digamma(x), for x > 0, with all digits also where the two are nearly equal.
 * Source: NIST DLMF, 5.11.2.
 */
export const logMinusDigamma = (x: number): number =>
  x < ASYMPTOTIC ? Math.log(x) - digamma(x) : 0.5 / x + oddSeries(1 / x, DIGAMMA) / x

/**
 * Gives the logarithm of x^a e^-x / Gamma(a), for a > 0 and x >= 0, in nats: the mass or density of gammas, betas and counts
 * without the large terms that cancel. As in {@link poissonDivergence}, x is told as x b / d.
 * Source: Loader, Fast and accurate computation of binomial probabilities (2000).
 */
export const logGammaWeight = (a: number): ((x: number, b?: number, d?: number) => number) => {
  const constant = 0.5 * Math.log(a) - HALF_LOG_2PI - stirlingError(a)
  return (x, b = 1, d = 1) => constant - poissonDivergence(a, x, b, d)
}

/**
 * Gives log Gamma(a) - a c, for a > 0: the log normaliser of a gamma whose rate has the logarithm c. For a vast a it may be
 * Infinity, but never NaN.
 */
export const logGammaLess = (a: number, c: number): number =>
  a < VAST ? gammaln(a) - a * c : a * (Math.log(a) - 1 - c)
