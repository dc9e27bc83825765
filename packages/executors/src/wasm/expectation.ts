import type { Densities, DensitiesOf, DensitiesTag, MixtureExpectation, StatisticsOf } from '../executor.js'
import { zeroStatistics } from '../statistics.js'
import { type DensitiesShape, type Layout, numbersOf } from './layout.js'

/** Blocks whose partial sums are added up inside the kernel, and the most of such ranges there are. */
const LEAST_BLOCKS = 4
const MOST_RANGES = 64

/** Blocks [first, end). */
export type Range = readonly [first: number, end: number]

/** Ranges of blocks. They depend on the rows alone, never on who works through them. */
export const rangesOf = ({ pairs, blockPairs }: Pick<Layout, 'pairs' | 'blockPairs'>): ReadonlyArray<Range> => {
  const blocks = Math.ceil(pairs / blockPairs)
  const length = Math.max(LEAST_BLOCKS, Math.ceil(blocks / MOST_RANGES))
  return Array.from({ length: Math.ceil(blocks / length) }, (_, i) => [i * length, Math.min((i + 1) * length, blocks)])
}

/** Numbers that the kernel leaves behind for one range: statistics, then maxima, exponents and product. */
export const partialsLength = (densities: DensitiesShape): number => densities.components * numbersOf(densities) + 3

/** Sums over ranges: the statistics of each component, then the log-likelihood to base 2. */
export const emptyTotals = (densities: DensitiesShape): Float64Array => new Float64Array(partialsLength(densities) - 2)

/** Adds what the kernel left behind for one range, whose likelihood is maxima + exponents + log2(product). */
export const addPartials = (partials: Float64Array, totals: Float64Array): void => {
  const last = totals.length - 1
  for (let i = 0; i < last; i++) totals[i]! += partials[i]!
  totals[last]! += partials[last]! + partials[last + 1]! + Math.log2(partials[last + 2]!)
}

/** Takes what follows weight and sum in the packed statistics of component k. */
type Unpack<T extends DensitiesTag> = (
  packed: Float64Array,
  k: number,
  statistics: StatisticsOf<DensitiesOf<T>>,
) => void

const unpackers: { readonly [T in DensitiesTag]: Unpack<T> } = {
  /** A lower triangle by rows becomes a full symmetric matrix. */
  Quadratic: (packed, k, { sum, weight, outer }) => {
    const columns = sum.length / weight.length
    const matrix = outer.subarray(k * columns * columns, (k + 1) * columns * columns)
    for (let i = 0, at = 0; i < columns; i++)
      for (let j = 0; j <= i; j++) {
        const value = packed[at++]!
        matrix[i * columns + j] = value
        matrix[j * columns + i] = value
      }
  },
  Diagonal: (packed, k, { squares }) => squares.set(packed, k * packed.length),
  Linear: () => {},
}

/** Unpacks the sums. */
export const expectationOf = <D extends Densities>(densities: D, totals: Float64Array): MixtureExpectation<D> => {
  const { _tag, components, columns } = densities
  const statistics = zeroStatistics(densities)
  const { weight, sum } = statistics
  const unpack = unpackers[_tag] as (packed: Float64Array, k: number, statistics: StatisticsOf<D>) => void
  const length = numbersOf(densities)
  for (let k = 0; k < components; k++) {
    const packed = totals.subarray(k * length, (k + 1) * length)
    weight[k] = packed[0]!
    sum.set(packed.subarray(1, 1 + columns), k * columns)
    unpack(packed.subarray(1 + columns), k, statistics)
  }
  return { statistics, logLikelihood: totals[totals.length - 1]! * Math.LN2 }
}
