import type { Draws, Prediction } from '../../contract/executor.js'
import { type Layout, PAIR_ROWS } from './layout.js'

/** What can be computed of each row: N x K numbers, or N of them, or in parts. */
export interface PassResults {
  readonly responsibilities: Float64Array
  readonly assignments: Int32Array
  readonly logProb: Float64Array
  readonly logDensities: Float64Array
  /** The responsibilities of all rows, then their log probabilities, then their assignments. */
  readonly prediction: Float64Array
  /** The log probabilities of all rows, then labels that have been drawn by a seed, -1 where none is possible. */
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

/** Where the parts of results begin, of which there are K responsibilities of so many rows, or none: then log probabilities and labels. */
export interface Parts {
  readonly rows: number
  readonly logProb: number
  readonly assignments: number
}

export const partsOf = (length: number, components: number): Parts => {
  const rows = length / (components + 2)
  return { rows, logProb: rows * components, assignments: rows * (components + 1) }
}

/** What `draws` leaves: the labels, and the sum of the log densities. */
export const drawsIn = (all: Float64Array): Draws => {
  const { assignments } = partsOf(all.length, 0)
  let logLikelihood = 0
  for (let n = 0; n < assignments; n++) logLikelihood += all[n]!
  return { assignments: new Int32Array(all.subarray(assignments)), logLikelihood }
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

/** Where the rows of a range begin among all, and how many these are. */
export const placeOf = (layout: Layout, range: number): { readonly row: number; readonly rows: number } => {
  const length = layout.rangeBlocks * layout.blockPairs * PAIR_ROWS
  const row = range * length
  return { row, rows: Math.min(length, layout.rows - row) }
}

/** Writes the results of a range, which come from another thread, among those of all rows. */
export const putRange = <P extends Pass>(
  pass: P,
  layout: Layout,
  range: number,
  values: PassResults[P],
  target: PassResults[P],
): void => {
  const { row } = placeOf(layout, range)
  if (pass !== 'prediction' && pass !== 'draws') {
    target.set(values, row * widthOf(pass, layout.components))
    return
  }
  const components = pass === 'draws' ? 0 : layout.components
  const [from, to] = [partsOf(values.length, components), partsOf(target.length, components)]
  target.set(values.subarray(0, from.logProb), row * components)
  target.set(values.subarray(from.logProb, from.assignments), to.logProb + row)
  target.set(values.subarray(from.assignments), to.assignments + row)
}
