import {
  logMinusDigamma,
  type Matrix,
  positiveRoot,
  square,
  trigamma,
  trigammaMinusReciprocal,
} from '@conjugate/linalg'

/**
 * The nu > D - 1 with D log(nu/2) - psi_D(nu/2) = gap, for a gap > 0. For X ~ W(nu, V) it is log|E X| - E log|X|, whatever V.
 * As a function of 1/(nu - D + 1) it is nearly a line.
 */
export const degreesOfFreedomOf = (dimension: number, gap: number): number => {
  const root = positiveRoot(u => {
    const excess = 1 / u
    const nu = excess + dimension - 1
    let [value, slope] = [-gap, 0]
    for (let j = 0; j < dimension; j++) {
      const rest = excess + (dimension - 1 - j)
      value += logMinusDigamma(rest / 2) + Math.log1p(j / rest)
      slope += 0.5 * trigammaMinusReciprocal(rest / 2) + j / nu / rest
    }
    return { value, slope: slope * excess * excess }
  }, gap)
  return 1 / root + dimension - 1
}

/** Var log|X| for X ~ W(nu, V), whatever V: the sum of trigamma((nu - j)/2) for j < D. */
export const varianceOfLogDeterminant = (dimension: number, nu: number): number => {
  let sum = 0
  for (let j = 0; j < dimension; j++) sum += trigamma((nu - j) / 2)
  return sum
}

/** Cov(X_ij, X_kl) = nu (V_ik V_jl + V_il V_jk) for X ~ W(nu, V), by the row-major indices of the two entries. */
export const covarianceOfEntries =
  (nu: number, { rows: d, data: v }: Matrix) =>
  (a: number, b: number): number => {
    const [i, j, k, l] = [Math.floor(a / d), a % d, Math.floor(b / d), b % d]
    return nu * (v[i * d + k]! * v[j * d + l]! + v[i * d + l]! * v[j * d + k]!)
  }

/** The covariance of (sign log|X|, X) for X ~ W(nu, V): with sign -1, that of an inverse Wishart's statistic. */
export const covarianceOfStatistic = (nu: number, v: Matrix, sign: 1 | -1): Matrix => {
  const ofEntries = covarianceOfEntries(nu, v)
  return square(1 + v.data.length, (a, b) => {
    if (a === 0 && b === 0) return varianceOfLogDeterminant(v.rows, nu)
    return a === 0 || b === 0 ? 2 * sign * v.data[a + b - 1]! : ofEntries(a - 1, b - 1)
  })
}
