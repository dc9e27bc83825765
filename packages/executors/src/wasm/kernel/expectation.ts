import type {
  Densities,
  DensitiesOf,
  FactorDensities,
  FactorTag,
  MixtureExpectation,
  StatisticsOf,
} from '../../contract/executor.js'
import { statisticsOfFactors, zeroStatistics } from '../../contract/statistics.js'
import { numbersOf, totalsAt } from './layout.js'
import { numbers } from './transfer.js'
import type { Workspace } from './workspace.js'

/** Sums over ranges that are added in their order. */
export interface Totals {
  /** Adds what the kernel left in a slot, whose likelihood is maxima + exponents + log2(product). */
  readonly add: (slot: number) => void
  /** The statistics of each component, then the log-likelihood to base 2. */
  readonly found: () => Float64Array
}

/** Begins sums where the kernel adds them, since indices of many levels have thousands of numbers in each range. */
export const totalsIn = ({ kernel, layout, buffer, slots }: Workspace): Totals => {
  const { slotNumbers } = layout
  const count = slotNumbers - 3
  const at = totalsAt(layout)
  const totals = numbers(buffer, at, count + 1).fill(0)
  let likelihood = 0
  return {
    add: slot => {
      const from = slot * slotNumbers
      kernel.addNumbers(layout.slots + from * 8, count, at)
      const end = from + count
      likelihood += slots[end]! + slots[end + 1]! + Math.log2(slots[end + 2]!)
    },
    found: () => {
      // Where the count is odd the kernel added one more number there.
      totals[count] = likelihood
      return totals.slice()
    },
  }
}

/** Takes what follows weight and sum in the sums of component k, from `at` on. */
type Unpack<T extends FactorTag> = (
  totals: Float64Array,
  at: number,
  k: number,
  statistics: StatisticsOf<DensitiesOf<T>>,
) => void

const unpackers: { readonly [T in FactorTag]: Unpack<T> } = {
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
  Offset: () => {},
  Indexed: () => {},
}

/** Unpacks the sums of densities of one form, from `first` on. */
const unpackFactor = <D extends FactorDensities>(
  densities: D,
  totals: Float64Array,
  first: number,
): StatisticsOf<FactorDensities> => {
  const { _tag, components } = densities
  const statistics: StatisticsOf<FactorDensities> = zeroStatistics(densities as FactorDensities)
  const { weight } = statistics
  const width = 'sum' in statistics ? statistics.sum.length / components : 0
  const unpack = unpackers[_tag] as (
    totals: Float64Array,
    at: number,
    k: number,
    statistics: StatisticsOf<FactorDensities>,
  ) => void
  const length = numbersOf(densities)
  for (let k = 0, at = first; k < components; k++, at += length) {
    weight[k] = totals[at]!
    if ('sum' in statistics) for (let i = 0; i < width; i++) statistics.sum[k * width + i] = totals[at + 1 + i]!
    unpack(totals, at + 1 + width, k, statistics)
  }
  return statistics
}

/** Reads the sums of densities of any form. The weights of a product are those of its first factor. */
const unpackAll = (densities: Densities, totals: Float64Array): StatisticsOf<Densities> => {
  if (densities._tag !== 'Product') return unpackFactor(densities, totals, 0) as StatisticsOf<Densities>
  let at = 0
  const factors = densities.factors.map(factor => {
    const first = at
    at += densities.components * numbersOf(factor)
    return unpackFactor(factor, totals, first)
  })
  const { weight } = factors[0]!
  return statisticsOfFactors(factors.map(factor => ({ ...factor, weight })))
}

/** Unpacks the sums. */
export const expectationOf = <D extends Densities>(densities: D, totals: Float64Array): MixtureExpectation<D> => ({
  // The compiler doesn't see that the tag of D chooses the statistics of D.
  statistics: unpackAll(densities, totals) as StatisticsOf<D>,
  logLikelihood: totals[totals.length - 1]! * Math.LN2,
})
