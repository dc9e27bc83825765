// Passes over rows that leave something of each. What is done with a block is a function of this module, since V8 forgets what it has
// compiled of functions that are made in every call, and numbers are objects where it has compiled nothing.
import { PAIR_ROWS } from './layout.js'
import { type Pass, type PassResults, partsOf } from './results.js'
import { numbers } from './transfer.js'
import type { Workspace } from './workspace.js'

/** What the kernel leaves of a block: one number for each row, or a line of them for each component. */
interface Found {
  readonly components: number
  /** How many numbers a line has. */
  readonly length: number
  readonly logits: Float64Array
  readonly maxima: Float64Array
  readonly sums: Float64Array
  readonly ratios: Float64Array
  /** The most probable components, or those that were drawn, where ratios are otherwise. */
  readonly labels: Int32Array
  /** Row by row. */
  readonly responsibilities: Float64Array
}

const foundIn = ({ layout, buffer }: Workspace): Found => {
  const { components, blockPairs, logits, maxima, sums, ratios, residuals } = layout
  const length = blockPairs * PAIR_ROWS
  return {
    components,
    length,
    logits: numbers(buffer, logits, components * length),
    maxima: numbers(buffer, maxima, length),
    sums: numbers(buffer, sums, length),
    ratios: numbers(buffer, ratios, length),
    labels: new Int32Array(buffer, ratios, length),
    responsibilities: numbers(buffer, residuals, components * length),
  }
}

/** Writes the results of a block of so many rows to `target`, from a row on; what is drawn, by a seed. */
type BlockPass<P extends Pass> = (
  workspace: Workspace,
  found: Found,
  block: number,
  count: number,
  target: PassResults[P],
  row: number,
  seed: number,
) => void

/** Writes log probabilities. The sum is 0 where the maximum is -Infinity, and at least 1 elsewhere. */
const takeLogs = ({ maxima, sums }: Found, count: number, target: Float64Array, at: number): void => {
  for (let n = 0; n < count; n++) target[at + n] = maxima[n]! * Math.LN2 + Math.log(sums[n]!)
}

const responsibilities: BlockPass<'responsibilities'> = ({ kernel }, found, block, count, target, row) => {
  const { components } = found
  kernel.blockSoftmax(block)
  kernel.divide(block)
  target.set(found.responsibilities.subarray(0, count * components), row * components)
}

const assignments: BlockPass<'assignments'> = ({ kernel }, found, block, count, target, row) => {
  kernel.blockAssignments(block)
  target.set(found.labels.subarray(0, count), row)
}

const logProb: BlockPass<'logProb'> = ({ kernel }, found, block, count, target, row) => {
  kernel.blockSoftmax(block)
  takeLogs(found, count, target, row)
}

const logDensities: BlockPass<'logDensities'> = ({ kernel }, found, block, count, target, row) => {
  const { components, length, logits } = found
  kernel.blockLogits(block)
  for (let k = 0; k < components; k++)
    for (let n = 0, from = k * length, to = row * components + k; n < count; n++, from++, to += components)
      target[to] = logits[from]! * Math.LN2
}

const prediction: BlockPass<'prediction'> = ({ kernel, layout }, found, block, count, target, row) => {
  const { components, pairs, blockPairs } = layout
  const parts = partsOf(target.length, components)
  // It leaves the logits where the exponentials will be, and ratios are written last.
  kernel.blockAssignments(block)
  target.set(found.labels.subarray(0, count), parts.assignments + row)
  kernel.softmax(block, Math.min(blockPairs, pairs - block * blockPairs), components)
  kernel.divide(block)
  target.set(found.responsibilities.subarray(0, count * components), row * components)
  takeLogs(found, count, target, parts.logProb + row)
}

const draws: BlockPass<'draws'> = ({ kernel }, found, block, count, target, row, seed) => {
  const { assignments } = partsOf(target.length, 0)
  kernel.blockSoftmax(block)
  kernel.draw(block, seed, seed / 2 ** 32)
  target.set(found.labels.subarray(0, count), assignments + row)
  takeLogs(found, count, target, row)
}

const blockPasses: { readonly [P in Pass]: BlockPass<P> } = {
  responsibilities,
  assignments,
  logProb,
  logDensities,
  prediction,
  draws,
}

/** Writes the results of a range of blocks to `target`, from a row on; what is drawn, by a seed. */
export const runPass = <P extends Pass>(
  pass: P,
  workspace: Workspace,
  range: number,
  target: PassResults[P],
  row: number,
  seed = 0,
): void => {
  const { rows, blocks, rangeBlocks } = workspace.layout
  const found = foundIn(workspace)
  const { length } = found
  const first = range * rangeBlocks
  const run = blockPasses[pass]
  for (let block = first; block < Math.min(first + rangeBlocks, blocks); block++) {
    const count = Math.min(length, rows - block * length)
    run(workspace, found, block, count, target, row + (block - first) * length, seed)
  }
}

/** What is given of the rows: K responsibilities of each, or the labels. */
export type Given = Float64Array | Int32Array

/** Lays out what is given of a block, from a row on, as responsibilities are. */
const layGiven = ({ components, length, logits: q }: Found, given: Given, row: number, count: number): void => {
  q.fill(0)
  if (given instanceof Int32Array) {
    for (let n = 0, from = row; n < count; n++, from++) if (given[from]! >= 0) q[given[from]! * length + n] = 1
    return
  }
  for (let k = 0; k < components; k++)
    for (let n = 0, from = row * components + k, to = k * length; n < count; n++, to++, from += components)
      q[to] = given[from]!
}

/** Leaves the sums of a range in a slot, with what is given of each row from one on. */
export const sumGiven = (workspace: Workspace, range: number, slot: number, given: Given, firstRow = 0): void => {
  const { kernel, layout } = workspace
  const { rows, blocks, rangeBlocks, slots, slotNumbers } = layout
  const found = foundIn(workspace)
  const { length } = found
  kernel.beginSums()
  for (let block = range * rangeBlocks; block < Math.min((range + 1) * rangeBlocks, blocks); block++) {
    layGiven(found, given, block * length - firstRow, Math.min(length, rows - block * length))
    found.ratios.fill(1)
    kernel.addBlock(block)
  }
  kernel.endSums(slots + slot * slotNumbers * 8)
}
