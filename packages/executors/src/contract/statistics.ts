import type { Densities, DensitiesOf, FactorDensities, FactorTag, ProductStatistics, StatisticsOf } from './executor.js'

type Zeros<T extends FactorTag> = (components: number, columns: number, levels: number) => StatisticsOf<DensitiesOf<T>>

const zeros: { readonly [T in FactorTag]: Zeros<T> } = {
  Quadratic: (components, columns) => ({
    weight: new Float64Array(components),
    sum: new Float64Array(components * columns),
    outer: new Float64Array(components * columns * columns),
  }),
  Diagonal: (components, columns) => ({
    weight: new Float64Array(components),
    sum: new Float64Array(components * columns),
    squares: new Float64Array(components * columns),
  }),
  Linear: (components, columns) => ({
    weight: new Float64Array(components),
    sum: new Float64Array(components * columns),
  }),
  Indexed: (components, _columns, levels) => ({
    weight: new Float64Array(components),
    sum: new Float64Array(components * levels),
  }),
  Offset: components => ({ weight: new Float64Array(components) }),
}

const ofFactor = (factor: FactorDensities): StatisticsOf<FactorDensities> =>
  zeros[factor._tag](factor.components, factor.columns, factor._tag === 'Indexed' ? factor.levels : 0)

/** Those of a product, whose weights are those of every factor. */
export const statisticsOfFactors = (factors: ReadonlyArray<StatisticsOf<FactorDensities>>): ProductStatistics => ({
  weight: factors[0]!.weight,
  factors,
})

/** The sums over no rows. */
export const zeroStatistics = <D extends Densities | FactorDensities>(densities: D): StatisticsOf<D> => {
  const found =
    densities._tag === 'Product'
      ? statisticsOfFactors(densities.factors.map(ofFactor))
      : ofFactor(densities as FactorDensities)
  // The compiler doesn't see that the tag of D chooses the statistics of D.
  return found as StatisticsOf<D>
}

/** Every array of some statistics once, in a fixed order. */
export const sumsOf = (statistics: StatisticsOf<Densities>): ReadonlyArray<Float64Array> =>
  'factors' in statistics ? statistics.factors.flatMap(factor => Object.values(factor)) : Object.values(statistics)
