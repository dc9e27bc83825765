import type { Densities, FactorDensities, ProductDensities, StatisticsOf } from './executor.js'

/** Densities with more factors behind their own, of the columns that follow; their own constants stay as they are. */
export const withFactors = (densities: Densities, more: ReadonlyArray<FactorDensities>): ProductDensities => {
  const { components, logConstant } = densities
  const own: ReadonlyArray<FactorDensities> =
    densities._tag === 'Product' ? densities.factors : [{ ...densities, logConstant: new Float64Array(components) }]
  const factors = [...own, ...more]
  const columns = factors.reduce((sum, factor) => sum + factor.columns, 0)
  return { _tag: 'Product', components, columns, factors, logConstant }
}

/** The sums of densities themselves, of such a form, among those with so many more factors. */
export const withoutFactors = <D extends Densities>(
  form: D['_tag'],
  { weight, factors }: StatisticsOf<ProductDensities>,
  more: number,
): StatisticsOf<D> => {
  const own = factors.slice(0, factors.length - more)
  return (form === 'Product' ? { weight, factors: own } : own[0]) as StatisticsOf<D>
}
