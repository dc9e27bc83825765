import type { Matrix } from '@conjugate/linalg'
import type { Densities, MixtureExpectation } from '../executor.js'
import { addPartials, emptyTotals, expectationOf, partialsLength, type Range, rangesOf } from './expectation.js'
import type { KernelExports } from './kernel.js'
import { type Layout, PAIR_ROWS } from './layout.js'
import { numbers } from './transfer.js'

/** A kernel whose memory holds the rows, the densities and the layout of both. */
export interface Prepared<D extends Densities = Densities> {
  readonly rows: number
  readonly densities: D
  readonly kernel: KernelExports
  readonly layout: Layout
  readonly buffer: ArrayBuffer
}

/** Runs the kernel over ranges of blocks, and shows what it leaves behind for each before the next. */
const forEachRange = (
  { densities, kernel, layout, buffer }: Prepared,
  ranges: ReadonlyArray<Range>,
  visit: (partials: Float64Array, index: number) => void,
): void => {
  const partials = numbers(buffer, layout.partials, partialsLength(densities))
  for (const [index, [first, end]] of ranges.entries()) {
    kernel.expectation(first, end)
    visit(partials, index)
  }
}

export const expectation = <D extends Densities>(prepared: Prepared<D>): MixtureExpectation<D> => {
  const totals = emptyTotals(prepared.densities)
  forEachRange(prepared, rangesOf(prepared.layout), partials => addPartials(partials, totals))
  return expectationOf(prepared.densities, totals)
}

/** The partial sums of each range, end to end. */
export const partialSums =
  (ranges: ReadonlyArray<Range>) =>
  (prepared: Prepared): Float64Array => {
    const length = partialsLength(prepared.densities)
    const sums = new Float64Array(ranges.length * length)
    forEachRange(prepared, ranges, (partials, index) => sums.set(partials, index * length))
    return sums
  }

/** Calls back for every block: its number, its first row and how many it has. */
const forEachBlock = (
  { rows, layout }: Prepared,
  visit: (block: number, start: number, count: number) => void,
): void => {
  const length = layout.blockPairs * PAIR_ROWS
  for (let start = 0; start < rows; start += length) visit(start / length, start, Math.min(length, rows - start))
}

/** Of what the kernel leaves for a block: one number per row, or K lines of them. */
const blockNumbers = ({ layout, buffer }: Prepared, address: number, lines = 1): Float64Array =>
  numbers(buffer, address, lines * layout.blockPairs * PAIR_ROWS)

/** N x K, in an array of its own. */
export const responsibilities = (prepared: Prepared): Matrix & { readonly data: Float64Array } => {
  const { rows, kernel, layout } = prepared
  const { components, logits } = layout
  const data = new Float64Array(rows * components)
  const exponentials = blockNumbers(prepared, logits, components)
  const sums = blockNumbers(prepared, layout.sums)
  forEachBlock(prepared, (block, start, count) => {
    kernel.blockSoftmax(block)
    for (let k = 0; k < components; k++)
      for (let n = 0, from = k * sums.length, to = start * components + k; n < count; n++, from++, to += components) {
        const sum = sums[n]!
        data[to] = sum > 0 ? exponentials[from]! / sum : 0
      }
  })
  return { rows, columns: components, data }
}

export const assignments = (prepared: Prepared): Int32Array => {
  const { rows, kernel, layout } = prepared
  const result = new Int32Array(rows)
  const logits = blockNumbers(prepared, layout.logits, layout.components)
  const blockRows = layout.blockPairs * PAIR_ROWS
  forEachBlock(prepared, (block, start, count) => {
    kernel.blockLogits(block)
    for (let n = 0; n < count; n++) {
      let most = Number.NEGATIVE_INFINITY
      for (let k = 0, at = n; k < layout.components; k++, at += blockRows)
        if (logits[at]! > most) {
          most = logits[at]!
          result[start + n] = k
        }
    }
  })
  return result
}

export const logProb = (prepared: Prepared): Float64Array => {
  const { rows, kernel, layout } = prepared
  const result = new Float64Array(rows)
  const maxima = blockNumbers(prepared, layout.maxima)
  const sums = blockNumbers(prepared, layout.sums)
  forEachBlock(prepared, (block, start, count) => {
    kernel.blockSoftmax(block)
    // The sum is 0 where the maximum is -Infinity, and at least 1 elsewhere.
    for (let n = 0; n < count; n++) result[start + n] = maxima[n]! * Math.LN2 + Math.log(sums[n]!)
  })
  return result
}
