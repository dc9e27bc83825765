import { type Layout, PAIR_ROWS } from './layout.js'
import { numbers } from './transfer.js'
import type { Workspace } from './workspace.js'

/** What can be computed of each row: N x K numbers, or N. */
export interface PassResults {
  readonly responsibilities: Float64Array
  readonly assignments: Int32Array
  readonly logProb: Float64Array
  readonly logDensities: Float64Array
}

export type Pass = keyof PassResults

export const passNames: ReadonlyArray<Pass> = ['responsibilities', 'assignments', 'logProb', 'logDensities']

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
}

/** Whether there is a number for each component. */
const isWide = (pass: Pass): boolean => pass === 'responsibilities' || pass === 'logDensities'

/** An array for the results of so many rows. */
export const resultsOf = <P extends Pass>(pass: P, { components }: Layout, rows: number): PassResults[P] =>
  (pass === 'assignments'
    ? new Int32Array(rows)
    : new Float64Array(isWide(pass) ? rows * components : rows)) as PassResults[P]

/** Where the results of a range begin among those of all rows, and of how many rows they are. */
export const placeOf = (pass: Pass, layout: Layout, range: number): { readonly at: number; readonly rows: number } => {
  const length = layout.rangeBlocks * layout.blockPairs * PAIR_ROWS
  const row = range * length
  const rows = Math.min(length, layout.rows - row)
  return { at: isWide(pass) ? row * layout.components : row, rows }
}
