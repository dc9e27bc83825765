import { fromRows, type Matrix, square, trigamma, type Vector } from '@conjugate/linalg'
import { heldMatrix, product, squaredNormOver } from './products.js'

/**
 * The covariance of (tau mu, tau, tau mu'mu, -log tau) for tau ~ Gamma(a, b) and mu | tau ~ N(m, 1/(kappa tau) I) on D columns,
 * (D + 3) x (D + 3): that of the statistic of a normal-inverse-gamma. By the moments of tau and of
 * tau mu = tau m + sqrt(tau / kappa) e with e ~ N(0, I).
 */
export const covarianceOfNormalGamma = (m: Vector, kappa: number, a: number, b: number): Matrix => {
  const d = m.length
  const [v, w, s] = [a / b / b, a / b / kappa, squaredNormOver(1, m)]
  const sv = product(s, v)
  const last = [
    [v, sv, -1 / b],
    [sv, s * sv + 4 * product(w, s) + (2 * d) / kappa / kappa, -s / b],
    [-1 / b, -s / b, trigamma(a)],
  ]
  const withLast = (i: number, j: number): number => [product(m[i]!, v), product(m[i]!, sv + 2 * w), -m[i]! / b][j]!
  const entry = (i: number, j: number) => {
    if (i < d && j < d) return m[i]! * product(m[j]!, v) + (i === j ? w : 0)
    if (i >= d && j >= d) return last[i - d]![j - d]!
    return i < d ? withLast(i, j - d) : withLast(j, i - d)
  }
  return heldMatrix(square(d + 3, entry))
}

/** The same on one column, 4 x 4, with digits also where m^2 is beyond float64. */
export const covarianceOfOneColumn = (m: number, kappa: number, a: number, b: number): Matrix => {
  const [v, w] = [a / b / b, a / b / kappa]
  const mv = product(m, v)
  const mmv = m * mv
  const third = product(m, mmv + 2 * w)
  const fourth = m * product(m, mmv + 4 * w) + 2 / kappa / kappa
  const square = -m * (m / b)
  return fromRows([
    [mmv + w, mv, third, -m / b],
    [mv, v, mmv, -1 / b],
    [third, mmv, fourth, square],
    [-m / b, -1 / b, square, trigamma(a)],
  ])
}
