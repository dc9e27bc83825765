import { logMinusDigamma, positiveRoot, trigammaMinusReciprocal } from '@conjugate/linalg'

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
