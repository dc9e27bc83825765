import { trigamma } from './special.js'

/** From here on the asymptotic series of differences have all digits of float64. */
const ASYMPTOTIC = 16

/** Coefficients c_n of x^-n in digamma(x) ~ log x - sum c_n x^-n. Source: NIST DLMF, 5.11.2. */
const DIGAMMA: ReadonlyArray<readonly [power: number, coefficient: number]> = [
  [1, 1 / 2],
  [2, 1 / 12],
  [4, -1 / 120],
  [6, 1 / 252],
  [8, -1 / 240],
  [10, 1 / 132],
  [12, -691 / 32760],
  [14, 1 / 12],
]

/** Those of trigamma(x) ~ sum c_n x^-n, the derivative of the series above. */
const TRIGAMMA: typeof DIGAMMA = [[1, 1], ...DIGAMMA.map(([n, c]) => [n + 1, n * c] as const)]

/** The sum of c_n (x^-n - (x + d)^-n), whose terms keep their digits for a small d, too. */
const seriesDifference = (series: typeof DIGAMMA, x: number, logRatio: number): number =>
  series.reduceRight((sum, [n, c]) => sum - c * x ** -n * Math.expm1(-n * logRatio), 0)

/**
 * Gives digamma(x + d) - digamma(x), for x > 0 and d >= 0, with the digits of float64 also where the two are nearly equal. It
 * is Infinity for x <= 0, as at the pole of 0.
 * Source: NIST Digital Library of Mathematical Functions, 5.5.2 and 5.11.2.
 */
export const digammaDifference = (x: number, d: number): number => {
  if (x <= 0) return Number.POSITIVE_INFINITY
  let sum = 0
  let y = x
  for (; y < ASYMPTOTIC; y++) sum += d / (y + d) / y
  const logRatio = Math.log1p(d / y)
  return sum + logRatio + seriesDifference(DIGAMMA, y, logRatio)
}

/**
 * Gives trigamma(x) - trigamma(x + d), for x > 0 and d >= 0, in the same way.
 * Source: NIST Digital Library of Mathematical Functions, 5.15.5 and 5.15.8.
 */
export const trigammaDifference = (x: number, d: number): number => {
  if (x <= 0) return Number.POSITIVE_INFINITY
  let sum = 0
  let y = x
  for (; y < ASYMPTOTIC; y++) sum += ((d / (y + d)) * (1 + y / (y + d))) / y / y
  return sum + seriesDifference(TRIGAMMA, y, Math.log1p(d / y))
}

/**
 * Gives trigamma(x) - 1/x, for x > 0, which is minus the derivative of log x - digamma(x).
 * Source: NIST Digital Library of Mathematical Functions, 5.15.8.
 */
export const trigammaMinusReciprocal = (x: number): number => {
  if (x < Number.EPSILON ** 2) return 1 / x / x
  return x < ASYMPTOTIC ? trigamma(x) - 1 / x : TRIGAMMA.slice(1).reduceRight((sum, [n, c]) => sum + c * x ** -n, 0)
}
