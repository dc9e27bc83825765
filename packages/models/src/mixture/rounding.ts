import type { Densities, FactorDensities, StatisticsOf } from '@conjugate/executors'
import type { Vector } from '@conjugate/linalg'
import { LOWEST } from './forms/linear.js'
import type { ColumnSizes } from './sizes.js'

type Sums = { readonly weight: Vector; readonly sum?: Vector }

/** How far float64 are apart next to a variance, as a share of it, by 1 over its root: below 2^-1022 they have fewer digits. */
export const spacingOfVariance = (inverseRoot: number): number =>
  Math.max(Number.EPSILON, (inverseRoot * 2 ** -537) ** 2)

/** sum_n q_nk |c_k|. */
const constants = (logConstant: Float64Array, weight: Vector): number => {
  let total = 0
  for (let k = 0; k < logConstant.length; k++) {
    const c = logConstant[k]!
    if (c > LOWEST && weight[k]! > 0) total += weight[k]! * Math.abs(c)
  }
  return total
}

/** sum_n q_nk |eta_kf t_nf|, or a bound of it. */
const products = (
  { components, columns, natural }: { readonly components: number; readonly columns: number; readonly natural: Vector },
  { weight, sum }: Sums,
  sizes: ColumnSizes | undefined,
  first: number,
): number => {
  if (sizes === undefined && sum === undefined) return 0
  let total = 0
  for (let k = 0; k < components; k++) {
    const all = weight[k]!
    if (!(all > 0)) continue
    for (let f = 0, i = k * columns; f < columns; f++, i++) {
      const eta = Math.abs(natural[i]!)
      // Stands for infinity, and meets nothing but zeros where it counts.
      if (eta === 0 || eta >= -LOWEST) continue
      let size = sum === undefined ? Number.POSITIVE_INFINITY : Math.abs(sum[i]!)
      if (sizes !== undefined) {
        const most = Math.min(sizes.total[first + f]!, all * sizes.greatest[first + f]!)
        size = sizes.signed[first + f] ? most : Math.min(size, most)
      }
      total += eta * size
    }
  }
  return total
}

const ofFactor = (densities: FactorDensities, sums: Sums, sizes: ColumnSizes | undefined, first: number): number =>
  constants(densities.logConstant, sums.weight) +
  (densities._tag === 'Linear' ? products(densities, sums, sizes, first) : 0) +
  (densities._tag === 'Indexed' ? products({ ...densities, columns: densities.levels }, sums, undefined, first) : 0)

/**
 * How far rounding may move a log-likelihood since its terms cancel: some units in the last place of their sizes, summed over
 * the rows and components by responsibility. With r_nk the logarithms of the responsibilities, log p_n is
 * sum_k q_nk (c_k + <eta_k, t_n> - |whitened residual|^2 / 2 - r_nk): the residuals are no greater than the rest together.
 * Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. (2002), section 3.1.
 */
export const roundingOfTerms = <D extends Densities>(
  densities: D,
  sums: StatisticsOf<D> | { readonly weight: Vector },
  logLikelihood: number,
  sizes?: ColumnSizes,
): number => {
  const { weight } = sums
  let size = Math.abs(logLikelihood)
  for (let k = 0; k < weight.length; k++) size += weight[k]! * Math.log(weight.length)
  if (densities._tag === 'Product') {
    const factors = 'factors' in sums ? sums.factors : densities.factors.map(() => ({ weight }))
    size += constants(densities.logConstant, weight)
    let first = 0
    for (const [f, factor] of densities.factors.entries()) {
      size += ofFactor(factor, factors[f]!, sizes, first)
      first += factor.columns
    }
  } else size += ofFactor(densities, sums as Sums, sizes, 0)
  const found = 2 * (densities.columns + 4) * Number.EPSILON * size
  return Number.isFinite(found) ? found : 0
}

/** The sizes of the terms <eta, t(theta)> of which a log prior density is made: a constant that comes with them does not move. */
export const sizeOfInnerProduct = (natural: Vector, statistic: Vector): number => {
  let size = 0
  for (let i = 0; i < natural.length; i++) size += Math.abs(natural[i]! * statistic[i]!)
  return Number.isFinite(size) ? size : 0
}
