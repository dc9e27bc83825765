import type { Densities, FactorDensities, ProductDensities, StatisticsOf } from '@conjugate/executors'
import { tabulate, type Vector } from '@conjugate/linalg'
import { combineSums } from './sums.js'

const extended = (values: Float64Array, more: number): Float64Array => {
  const longer = new Float64Array(values.length + more)
  longer.set(values)
  return longer
}

/** The parameters of one more component, which are zeros: they make its density constant. */
const withZeros = (d: Densities | FactorDensities): Densities | FactorDensities => {
  switch (d._tag) {
    case 'Quadratic':
      return { ...d, mean: extended(d.mean, d.columns), whitening: extended(d.whitening, d.columns ** 2) }
    case 'Diagonal':
      return { ...d, mean: extended(d.mean, d.columns), scale: extended(d.scale, d.columns) }
    case 'Linear':
      return { ...d, natural: extended(d.natural, d.columns) }
    case 'Product':
      return ofFactors(
        d,
        d.factors.map(factor => withConstant(factor, 0)),
      )
    case 'Indexed':
      return { ...d, natural: extended(d.natural, d.levels) }
    case 'Offset':
      return { ...d, columns: d.columns + 1 }
  }
}

const ofFactors = (d: ProductDensities, factors: ProductDensities['factors']): ProductDensities => ({
  ...d,
  columns: factors.reduce((sum, { columns }) => sum + columns, 0),
  factors,
})

/** K densities and one more that is constant. */
const withConstant = <D extends Densities | FactorDensities>(densities: D, logDensity: number): D => {
  const logConstant = extended(densities.logConstant, 1)
  logConstant[densities.components] = logDensity
  return { ...withZeros(densities), components: densities.components + 1, logConstant } as D
}

/** Components with their weights and, last, noise of a constant density. */
export const weighted = <D extends Densities>(densities: D, logWeights: Vector, noise: number | undefined): D => {
  const all = noise === undefined ? densities : withConstant(densities, noise)
  return { ...all, logConstant: tabulate(all.components, k => logWeights[k]! + all.logConstant[k]!) }
}

/** The sums of the components apart from the noise. */
export const withoutNoise = <D extends Densities>(components: number, sums: StatisticsOf<D>): StatisticsOf<D> => {
  const all = sums.weight.length
  if (all === components) return sums
  return combineSums([sums], ([values]) => values!.subarray(0, (values!.length / all) * components))
}
