import stdlibErfc from '@stdlib/math-base-special-erfc'
import { LOG_2PI } from './constants.js'
import { digammaOf, logGammaOf, polygammaOf } from './gamma.js'
import { poissonDivergence } from './itakura-saito.js'

/** The complementary error function, 2 / sqrt(pi) times the integral of exp(-t^2) from x on. */
export const erfc: (x: number) => number = stdlibErfc

/** sin(pi x) and cos(pi x), without the rounding of pi x. */
const turned = (x: number): readonly [sine: number, cosine: number] => {
  const angle = Math.PI * (x - 2 * Math.round(x / 2))
  return [Math.sin(angle), Math.cos(angle)]
}

/** Gives log |Gamma(x)|, which is Infinity at 0 and at negative whole numbers. Source: NIST DLMF, 5.2.1 and 5.5.3. */
export const logGamma = (x: number): number => {
  if (!(x < 0)) return logGammaOf(x)
  if (Number.isInteger(x) || x === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY
  return Math.log(Math.PI / Math.abs(x * turned(x)[0])) - logGammaOf(-x)
}

/** The derivative of {@link logGamma}; NaN at 0 and at negative whole numbers. Source: NIST DLMF, 5.5.4. */
export const digamma = (x: number): number => {
  if (x > 0) return digammaOf(x)
  const [sine, cosine] = turned(x)
  return Number.isInteger(x) ? Number.NaN : digammaOf(1 - x) - (Math.PI * cosine) / sine
}

/** The derivative of {@link digamma}; NaN at 0 and at negative whole numbers. Source: NIST DLMF, 5.15.6. */
export const trigamma = (x: number): number => {
  if (x > 0) return polygammaOf(1, x)
  return Number.isInteger(x) ? Number.NaN : (Math.PI / turned(x)[0]) ** 2 - polygammaOf(1, 1 - x)
}

/** Beyond this, log Gamma is x (log x - 1) to the last digit. */
const VAST = 1e290

/** Below this, gammas are as good as their poles. */
const TINY = 1e-290

/** log B(a, b), by what limits it where a parameter is next to 0 or vast. */
const logBeta = (a: number, b: number): number => {
  const [small, large] = a < b ? [a, b] : [b, a]
  if (!(small > 0)) return Number.POSITIVE_INFINITY
  if (small < TINY) return (large < TINY ? Math.log(small + large) - Math.log(large) : 0) - Math.log(small)
  if (large < ASYMPTOTIC) return logGamma(small) + logGamma(large) - logGamma(small + large)
  if (small < ASYMPTOTIC && large <= VAST) return logGamma(small) - logGammaDifference(large, small)
  if (small <= VAST && large > VAST) return logGammaLess(small, Math.log(large))
  const powers = -small * Math.log1p(large / small) - large * Math.log1p(small / large)
  if (large > VAST) return powers
  const errors = stirlingError(small) + stirlingError(large) - stirlingError(small + large)
  return powers + 0.5 * Math.log1p(large / small) - 0.5 * Math.log(large) + HALF_LOG_2PI + errors
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
    for (let j = 0; j < dimension; j++) sum += logGamma(a - j / 2)
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
  x < ASYMPTOTIC ? logGamma(x) - (x - 0.5) * Math.log(x) + x - HALF_LOG_2PI : oddSeries(1 / x, STIRLING)

const DIGAMMA = [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12]

/**
 * Gives log x - digamma(x), for x > 0, with all digits also where the two are nearly equal.
 * Source: NIST DLMF, 5.11.2.
 */
export const logMinusDigamma = (x: number): number =>
  x < ASYMPTOTIC ? Math.log(x) - digamma(x) : 0.5 / x + oddSeries(1 / x, DIGAMMA) / x

/** Gives log Gamma(x + d) - log Gamma(x), for x > 0 and d >= 0, without the large terms that cancel. */
export const logGammaDifference = (x: number, d: number): number =>
  x < 1
    ? logGammaDifference(x + 1, d) - Math.log1p(d / x)
    : (x - 0.5) * Math.log1p(d / x) + d * (Math.log(x + d) - 1) + (stirlingError(x + d) - stirlingError(x))

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
  a < VAST ? logGamma(a) - a * c : a * (Math.log(a) - 1 - c)
