import type { Draws, Prediction } from '../../contract/executor.js'
import { uniformAt } from '../../contract/uniform.js'
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
  /** Of each row a label that has been drawn by a seed, -1 where none is possible, and the log probability. */
  readonly draws: Float64Array
}

export type Pass = keyof PassResults

export const passNames: ReadonlyArray<Pass> = [
  'responsibilities',
  'assignments',
  'logProb',
  'logDensities',
  'prediction',
  'draws',
]

/** Writes the results of a range of blocks to `target`, from `at` on; what is drawn, by a seed. */
type RangePass<P extends Pass> = (
  workspace: Workspace,
  range: number,
  target: PassResults[P],
  at: number,
  seed?: number,
) => void

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

const draws: RangePass<'draws'> = (workspace, range, target, at, seed = 0) => {
  const { kernel, layout } = workspace
  const { components } = layout
  const exponentials = blockNumbers(workspace, layout.logits, components)
  const maxima = blockNumbers(workspace, layout.maxima)
  const sums = blockNumbers(workspace, layout.sums)
  const length = sums.length
  const { row: first } = placeOf('draws', layout, range)
  forEachBlock(workspace, range, (block, start, count) => {
    kernel.blockSoftmax(block)
    for (let n = 0, to = at + 2 * start; n < count; n++, to += 2) {
      const sum = sums[n]!
      let label = -1
      if (sum > 0)
        for (let k = 0, rest = uniformAt(seed, first + start + n) * sum; k < components && !(rest < 0); k++) {
          const mass = exponentials[k * length + n]!
          if (!(mass > 0)) continue
          label = k
          rest -= mass
        }
      target[to] = label
      target[to + 1] = maxima[n]! * Math.LN2 + Math.log(sum)
    }
  })
}

/** What `draws` leaves: the labels, and the sum of the log densities. */
export const drawsIn = (all: Float64Array): Draws => {
  const assignments = new Int32Array(all.length / 2)
  let logLikelihood = 0
  for (let n = 0; n < assignments.length; n++) {
    assignments[n] = all[2 * n]!
    logLikelihood += all[2 * n + 1]!
  }
  return { assignments, logLikelihood }
}

/** What `prediction` leaves, by its parts. */
export const predictionIn = (all: Float64Array, components: number): Prediction => {
  const { rows, logProb, assignments } = partsOf(all.length, components)
  return {
    assignments: new Int32Array(all.subarray(assignments)),
    responsibilities: { rows, columns: components, data: all.subarray(0, logProb) },
    logProb: all.subarray(logProb, assignments),
  }
}

/** Leaves the sums of a range in a slot, with K given responsibilities of each row from one on, or those that labels are. */
export const sumGiven = (
  workspace: Workspace,
  range: number,
  slot: number,
  given: Float64Array | Int32Array,
  firstRow = 0,
): void => {
  const { kernel, layout } = workspace
  const { components } = layout
  const q = blockNumbers(workspace, layout.logits, components)
  const ratios = blockNumbers(workspace, layout.ratios)
  const length = ratios.length
  const row = placeOf('responsibilities', layout, range).row - firstRow
  kernel.beginSums()
  forEachBlock(workspace, range, (block, start, count) => {
    q.fill(0)
    ratios.fill(1)
    if (given instanceof Int32Array) {
      for (let n = 0, from = row + start; n < count; n++, from++)
        if (given[from]! >= 0) q[given[from]! * length + n] = 1
    } else
      for (let k = 0; k < components; k++) {
        let from = (row + start) * components + k
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
  draws,
}

/** How many numbers there are of each row. */
const widthOf = (pass: Pass, components: number): number => {
  switch (pass) {
    case 'prediction':
      return components + 2
    case 'responsibilities':
    case 'logDensities':
      return components
    case 'draws':
      return 2
    default:
      return 1
  }
}

/** An array for the results of so many rows: one that is there, if it has as many numbers. */
export const resultsOf = <P extends Pass>(
  pass: P,
  { components }: Layout,
  rows: number,
  into?: PassResults[P],
): PassResults[P] => {
  const length = rows * widthOf(pass, components)
  if (into?.length === length) return into
  return (pass === 'assignments' ? new Int32Array(length) : new Float64Array(length)) as PassResults[P]
}

/** Where the rows of a range and their results begin among all, results in parts by the row, and how many rows these are. */
export const placeOf = (
  pass: Pass,
  layout: Layout,
  range: number,
): { readonly row: number; readonly at: number; readonly rows: number } => {
  const length = layout.rangeBlocks * layout.blockPairs * PAIR_ROWS
  const row = range * length
  const rows = Math.min(length, layout.rows - row)
  return { row, at: pass === 'prediction' ? row : row * widthOf(pass, layout.components), rows }
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
