import type { Densities, DensitiesOf, DensitiesTag, StatisticsOf } from './executor.js'

type Zeros<T extends DensitiesTag> = (components: number, columns: number) => StatisticsOf<DensitiesOf<T>>

const zeros: { readonly [T in DensitiesTag]: Zeros<T> } = {
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
}

/** The sums over no rows. */
export const zeroStatistics = <D extends Densities>({ _tag, components, columns }: D): StatisticsOf<D> =>
  // The compiler doesn't see that the tag of D chooses the statistics of D.
  zeros[_tag](components, columns) as StatisticsOf<D>
