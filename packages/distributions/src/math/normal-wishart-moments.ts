import { dot, type Matrix, multiply, square, type Vector } from '@conjugate/linalg'
import { covarianceOfEntries, varianceOfLogDeterminant } from './wishart-moments.js'

/**
 * The covariance of (Lambda mu, Lambda, mu' Lambda mu, -log|Lambda|) for Lambda ~ W(nu, V) and
 * mu | Lambda ~ N(m, (kappa Lambda)^-1): that of the statistic of a normal-inverse-Wishart. By the moments of Lambda and of
 * Lambda mu = Lambda m + Lambda^(1/2) e / sqrt(kappa) with e ~ N(0, I).
 */
export const covarianceOfNormalWishart = (m: Vector, kappa: number, nu: number, v: Matrix): Matrix => {
  const d = m.length
  const q = multiply(m)(v)
  const s = dot(m)(q)
  const ofEntries = covarianceOfEntries(nu, v)
  /** The blocks in their order, by the indices within them. */
  const blocks: ReadonlyArray<ReadonlyArray<(a: number, b: number) => number>> = [
    [
      (i, k) => nu * (v.data[i * d + k]! * (s + 1 / kappa) + q[i]! * q[k]!),
      (i, kl) => {
        const [k, l] = [Math.floor(kl / d), kl % d]
        return nu * (v.data[i * d + k]! * q[l]! + v.data[i * d + l]! * q[k]!)
      },
      i => 2 * nu * q[i]! * (s + 1 / kappa),
      i => -2 * q[i]!,
    ],
    [() => 0, ofEntries, ij => 2 * nu * q[Math.floor(ij / d)]! * q[ij % d]!, ij => -2 * v.data[ij]!],
    [() => 0, () => 0, () => 2 * nu * s * (s + 2 / kappa) + (2 * d) / kappa ** 2, () => -2 * s],
    [() => 0, () => 0, () => 0, () => varianceOfLogDeterminant(d, nu)],
  ]
  const starts = [0, d, d + d * d, d + d * d + 1]
  const blockOf = (index: number) => (index < d ? 0 : index < d + d * d ? 1 : index - d - d * d + 2)
  return square(d + d * d + 2, (a, b) => {
    const [low, high] = a < b ? [a, b] : [b, a]
    const [first, second] = [blockOf(low), blockOf(high)]
    return blocks[first]![second]!(low - starts[first]!, high - starts[second]!)
  })
}
