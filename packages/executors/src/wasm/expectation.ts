import type { MixtureExpectation } from '../executor.js'
import { type Layout, statisticsOf } from './layout.js'

/** Blocks whose partial sums are added up inside the kernel, and the most of such ranges there are. */
const LEAST_BLOCKS = 16
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
export const partialsLength = ({ components, columns }: Pick<Layout, 'components' | 'columns'>): number =>
  components * statisticsOf(columns) + 3

/** Sums over ranges: K x (1 + D + D(D+1)/2) statistics, then the log-likelihood to base 2. */
export const emptyTotals = (layout: Pick<Layout, 'components' | 'columns'>): Float64Array =>
  new Float64Array(partialsLength(layout) - 2)

/** Adds what the kernel left behind for one range, whose likelihood is maxima + exponents + log2(product). */
export const addPartials = (partials: Float64Array, totals: Float64Array): void => {
  const last = totals.length - 1
  for (let i = 0; i < last; i++) totals[i]! += partials[i]!
  totals[last]! += partials[last]! + partials[last + 1]! + Math.log2(partials[last + 2]!)
}

/** Unpacks the sums, with full symmetric matrices. */
export const expectationOf = (
  { components, columns }: Pick<Layout, 'components' | 'columns'>,
  totals: Float64Array,
): MixtureExpectation => {
  const weight = new Float64Array(components)
  const sum = new Float64Array(components * columns)
  const outer = new Float64Array(components * columns * columns)
  for (let k = 0, at = 0; k < components; k++) {
    weight[k] = totals[at++]!
    for (let i = 0; i < columns; i++) sum[k * columns + i] = totals[at++]!
    const matrix = outer.subarray(k * columns * columns, (k + 1) * columns * columns)
    for (let i = 0; i < columns; i++)
      for (let j = 0; j <= i; j++) {
        const value = totals[at++]!
        matrix[i * columns + j] = value
        matrix[j * columns + i] = value
      }
  }
  return { statistics: { weight, sum, outer }, logLikelihood: totals[totals.length - 1]! * Math.LN2 }
}
