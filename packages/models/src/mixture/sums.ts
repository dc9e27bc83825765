import type { Densities, StatisticsOf } from '@conjugate/executors'

type Sums = StatisticsOf<Densities>

type Arrays = Readonly<Record<string, Float64Array>>

/** One array for every array of sums of the same kind, of products in each factor. */
export const combineSums = <T extends Sums>(
  all: ReadonlyArray<T>,
  combine: (values: ReadonlyArray<Float64Array>) => Float64Array,
): T => {
  const ofArrays = (arrays: ReadonlyArray<Arrays>): Arrays =>
    Object.fromEntries(Object.keys(arrays[0]!).map(name => [name, combine(arrays.map(array => array[name]!))]))
  const first: Sums = all[0]!
  if (!('factors' in first)) return ofArrays(all as unknown as ReadonlyArray<Arrays>) as unknown as T
  const products = all as ReadonlyArray<StatisticsOf<Densities>> as ReadonlyArray<typeof first>
  const factors = first.factors.map((_, f) => ofArrays(products.map(sums => ({ ...sums.factors[f]! }))))
  return { weight: factors[0]!['weight'], factors } as unknown as T
}
