import type { Prediction } from '../../contract/executor.js'
import { type Layout, PAIR_ROWS } from './layout.js'
import { numbers } from './transfer.js'
import type { Workspace } from './workspace.js'

/** What can be computed of each row: N x K numbers, or N of them, or in parts. */
export interface PassResults {
  readonly responsibilities: Float64Array
  readonly assignments: Int32Array
  readonly logProb: Float64Array
  readonly logDensities: Float64Array
  /** The responsibilities of all rows, then their log probabilities, then their assignments. */
  readonly prediction: Float64Array
}

export type Pass = keyof PassResults

export const passNames: ReadonlyArray<Pass> = [
  'responsibilities',
  'assignments',
  'logProb',
  'logDensities',
  'prediction',
]

/** Writes the results of a range of blocks to `target`, from `at` on. */
type RangePass<P extends Pass> = (workspace: Workspace, range: number, target: PassResults[P], at: number) => void

/** Calls back for every block of a range: its number, its rows as counted from the first of the range, how many they are. */
const forEachBlock = (
  { layout }: Workspace,
  range: number,
  visit: (block: number, start: number, count: number) => void,
): void => {
  const { rows, blocks, blockPairs, rangeBlocks } = layout
  const length = blockPairs * PAIR_ROWS
  const first = range * rangeBlocks
  for (let block = first; block < Math.min(first + rangeBlocks, blocks); block++)
    visit(block, (block - first) * length, Math.min(length, rows - block * length))
}

/** Of what the kernel leaves for a block: one number per row, or K lines of them. */
const blockNumbers = ({ layout, buffer }: Workspace, address: number, lines = 1): Float64Array =>
  numbers(buffer, address, lines * layout.blockPairs * PAIR_ROWS)

const responsibilities: RangePass<'responsibilities'> = (workspace, range, target, at) => {
  const { kernel, layout } = workspace
  const { components } = layout
  const exponentials = blockNumbers(workspace, layout.logits, components)
  const sums = blockNumbers(workspace, layout.sums)
  forEachBlock(workspace, range, (block, start, count) => {
    kernel.blockSoftmax(block)
    for (let k = 0; k < components; k++) {
      let to = at + start * components + k
      for (let n = 0, from = k * sums.length; n < count; n++, from++, to += components) {
        const sum = sums[n]!
        target[to] = sum > 0 ? exponentials[from]! / sum : 0
      }
    }
  })
}

const assignments: RangePass<'assignments'> = (workspace, range, target, at) => {
  const { kernel, layout, buffer } = workspace
  const found = new Int32Array(buffer, layout.ratios, layout.blockPairs * PAIR_ROWS)
  forEachBlock(workspace, range, (block, start, count) => {
    kernel.blockAssignments(block)
    target.set(found.subarray(0, count), at + start)
  })
}

const logProb: RangePass<'logProb'> = (workspace, range, target, at) => {
  const { kernel, layout } = workspace
  const maxima = blockNumbers(workspace, layout.maxima)
  const sums = blockNumbers(workspace, layout.sums)
  forEachBlock(workspace, range, (block, start, count) => {
    kernel.blockSoftmax(block)
    // The sum is 0 where the maximum is -Infinity, and at least 1 elsewhere.
    for (let n = 0; n < count; n++) target[at + start + n] = maxima[n]! * Math.LN2 + Math.log(sums[n]!)
  })
}

const logDensities: RangePass<'logDensities'> = (workspace, range, target, at) => {
  const { kernel, layout } = workspace
  const { components } = layout
  const logits = blockNumbers(workspace, layout.logits, components)
  const length = logits.length / components
  forEachBlock(workspace, range, (block, start, count) => {
    kernel.blockLogits(block)
    for (let k = 0; k < components; k++) {
      let to = at + start * components + k
      for (let n = 0, from = k * length; n < count; n++, from++, to += components) target[to] = logits[from]! * Math.LN2
    }
  })
}

/** Where the parts of predictions of so many rows begin: responsibilities, log probabilities and assignments. */
const partsOf = (length: number, components: number) => {
  const rows = length / (components + 2)
  return { rows, logProb: rows * components, assignments: rows * (components + 1) }
}

const prediction: RangePass<'prediction'> = (workspace, range, target, at) => {
  const { kernel, layout, buffer } = workspace
  const { components, pairs, blockPairs } = layout
  const parts = partsOf(target.length, components)
  const exponentials = blockNumbers(workspace, layout.logits, components)
  const maxima = blockNumbers(workspace, layout.maxima)
  const sums = blockNumbers(workspace, layout.sums)
  const found = new Int32Array(buffer, layout.ratios, sums.length)
  forEachBlock(workspace, range, (block, start, count) => {
    const row = at + start
    // It leaves the logits where the exponentials will be, and ratios are written last.
    kernel.blockAssignments(block)
    target.set(found.subarray(0, count), parts.assignments + row)
    kernel.softmax(block, Math.min(blockPairs, pairs - block * blockPairs), components)
    for (let k = 0; k < components; k++)
      for (let n = 0, from = k * sums.length, to = row * components + k; n < count; n++, from++, to += components)
        target[to] = sums[n]! > 0 ? exponentials[from]! / sums[n]! : 0
    for (let n = 0; n < count; n++) target[parts.logProb + row + n] = maxima[n]! * Math.LN2 + Math.log(sums[n]!)
  })
}

/** What `prediction` leaves, by its parts. */
export const predictionIn = (all: Float64Array, components: number): Prediction => {
  const { rows, logProb, assignments } = partsOf(all.length, components)
  return {
    assignments: Int32Array.from(all.subarray(assignments)),
    responsibilities: { rows, columns: components, data: all.subarray(0, logProb) },
    logProb: all.subarray(logProb, assignments),
  }
}

/** Leaves the sums of a range in a slot, with N x K given responsibilities. */
export const sumGiven = (workspace: Workspace, range: number, slot: number, given: Float64Array): void => {
  const { kernel, layout } = workspace
  const { components } = layout
  const q = blockNumbers(workspace, layout.logits, components)
  const ratios = blockNumbers(workspace, layout.ratios)
  const length = ratios.length
  const { at } = placeOf('responsibilities', layout, range)
  kernel.beginSums()
  forEachBlock(workspace, range, (block, start, count) => {
    q.fill(0)
    ratios.fill(1)
    for (let k = 0; k < components; k++) {
      let from = at + start * components + k
      for (let n = 0, to = k * length; n < count; n++, to++, from += components) q[to] = given[from]!
    }
    kernel.addBlock(block)
  })
  kernel.endSums(layout.slots + slot * layout.slotNumbers * 8)
}

export const passes: { readonly [P in Pass]: RangePass<P> } = {
  responsibilities,
  assignments,
  logProb,
  logDensities,
  prediction,
}

/** How many numbers there are of each row. */
const widthOf = (pass: Pass, components: number): number =>
  pass === 'prediction' ? components + 2 : pass === 'responsibilities' || pass === 'logDensities' ? components : 1

/** An array for the results of so many rows. */
export const resultsOf = <P extends Pass>(pass: P, { components }: Layout, rows: number): PassResults[P] =>
  (pass === 'assignments' ? new Int32Array(rows) : new Float64Array(rows * widthOf(pass, components))) as PassResults[P]

/** Where the results of a range begin among those of all rows, in parts by the row, and of how many rows they are. */
export const placeOf = (pass: Pass, layout: Layout, range: number): { readonly at: number; readonly rows: number } => {
  const length = layout.rangeBlocks * layout.blockPairs * PAIR_ROWS
  const row = range * length
  const rows = Math.min(length, layout.rows - row)
  return { at: pass === 'prediction' ? row : row * widthOf(pass, layout.components), rows }
}

/** Writes the results of a range, which come from another thread, among those of all rows. */
export const putRange = <P extends Pass>(
  pass: P,
  layout: Layout,
  range: number,
  values: PassResults[P],
  target: PassResults[P],
): void => {
  const { at } = placeOf(pass, layout, range)
  if (pass !== 'prediction') {
    target.set(values, at)
    return
  }
  const [from, to] = [partsOf(values.length, layout.components), partsOf(target.length, layout.components)]
  target.set(values.subarray(0, from.logProb), at * layout.components)
  target.set(values.subarray(from.logProb, from.assignments), to.logProb + at)
  target.set(values.subarray(from.assignments), to.assignments + at)
}
