import type { Densities, DensitiesOf, DensitiesTag, MixtureExpectation, StatisticsOf } from '../executor.js'
import { zeroStatistics } from '../statistics.js'
import { type Layout, numbersOf } from './layout.js'

/** Sums over ranges: the statistics of each component, then the log-likelihood to base 2. */
export const emptyTotals = ({ slotNumbers }: Layout): Float64Array => new Float64Array(slotNumbers - 2)

/** Adds what the kernel left in slots from `at` on, whose likelihood is maxima + exponents + log2(product). */
export const addSlot = (slots: Float64Array, at: number, totals: Float64Array): void => {
  const last = totals.length - 1
  for (let i = 0; i < last; i++) totals[i]! += slots[at + i]!
  const end = at + last
  totals[last]! += slots[end]! + slots[end + 1]! + Math.log2(slots[end + 2]!)
}

/** Takes what follows weight and sum in the sums of component k, from `at` on. */
type Unpack<T extends DensitiesTag> = (
  totals: Float64Array,
  at: number,
  k: number,
  statistics: StatisticsOf<DensitiesOf<T>>,
) => void

const unpackers: { readonly [T in DensitiesTag]: Unpack<T> } = {
  /** A lower triangle by rows becomes a full symmetric matrix. */
  Quadratic: (totals, at, k, { sum, weight, outer }) => {
    const columns = sum.length / weight.length
    const matrix = k * columns * columns
    for (let i = 0, from = at; i < columns; i++)
      for (let j = 0; j <= i; j++, from++) {
        const value = totals[from]!
        outer[matrix + i * columns + j] = value
        outer[matrix + j * columns + i] = value
      }
  },
  Diagonal: (totals, at, k, { sum, weight, squares }) => {
    const columns = sum.length / weight.length
    for (let i = 0; i < columns; i++) squares[k * columns + i] = totals[at + i]!
  },
  Linear: () => {},
}

/** Unpacks the sums. */
export const expectationOf = <D extends Densities>(densities: D, totals: Float64Array): MixtureExpectation<D> => {
  const { _tag, components, columns } = densities
  const statistics = zeroStatistics(densities)
  const { weight, sum } = statistics
  const unpack = unpackers[_tag] as (totals: Float64Array, at: number, k: number, statistics: StatisticsOf<D>) => void
  const length = numbersOf(densities)
  for (let k = 0, at = 0; k < components; k++, at += length) {
    weight[k] = totals[at]!
    for (let i = 0; i < columns; i++) sum[k * columns + i] = totals[at + 1 + i]!
    unpack(totals, at + 1 + columns, k, statistics)
  }
  return { statistics, logLikelihood: totals[totals.length - 1]! * Math.LN2 }
}
