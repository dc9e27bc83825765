import type { Matrix } from '@conjugate/linalg'
import type {
  Densities,
  LinearDensities,
  LinearStatistics,
  MixtureExpectation,
  Prediction,
  StatisticsOf,
} from '../contract/executor.js'
import type { Passes } from '../contract/resident-rows.js'
import { argmax, softmax } from './logits.js'
import { BLOCK, type HeldRows, type SparseWork } from './rows.js'

/** Sparse rows, and what each counts for. */
export interface WeighedRows {
  readonly held: HeldRows
  readonly rowWeights: Float64Array | undefined
}

const linear = (densities: Densities): LinearDensities => {
  if (densities._tag === 'Linear') return densities
  throw new Error(`sparse rows have linear densities, not ${densities._tag} ones`)
}

/** The parameters of each column next to each other, as a row asks for them. */
const writeByColumn = ({ natural, columns, components }: LinearDensities, { numbers, stride }: SparseWork): void => {
  for (let c = 0, to = 0; c < columns; c++, to += stride)
    for (let k = 0, from = c; k < components; k++, from += columns) numbers[to + k] = natural[from]!
}

/** Sums that are by columns by components. */
const sumsByComponent = ({ sums, stride }: SparseWork, { columns, components }: LinearDensities): Float64Array => {
  const found = new Float64Array(components * columns)
  for (let c = 0, from = 0; c < columns; c++, from += stride)
    for (let k = 0, to = c; k < components; k++, to += columns) found[to] = sums[from + k]!
  return found
}

/** Lets `visit` see the log densities of rows one by one, as K numbers of a list from a place on, and `after` blocks of rows. */
const forEachRow = (
  { held }: WeighedRows,
  densities: LinearDensities,
  work: SparseWork,
  visit: (n: number, logits: Float64Array, first: number) => void,
  after?: (first: number, end: number) => void,
): void => {
  const { components, logConstant } = densities
  const { lines, stride, innerProducts } = work
  const { rows } = held.matrix
  writeByColumn(densities, work)
  for (let first = 0; first < rows; first += BLOCK) {
    const end = Math.min(rows, first + BLOCK)
    innerProducts(first, end)
    for (let n = first, line = 0; n < end; n++, line += stride) {
      for (let k = 0; k < components; k++) lines[line + k]! += logConstant[k]!
      visit(n, lines, line)
    }
    after?.(first, end)
  }
}

/** Log densities, or what is made of them, of each row and component. */
const ofEach = (
  data: WeighedRows,
  given: Densities,
  leave: (logits: Float64Array, first: number, n: number) => void,
): Matrix => {
  const densities = linear(given)
  const { components } = densities
  const { rows } = data.held.matrix
  const all = new Float64Array(rows * components)
  forEachRow(data, densities, data.held.work(components), (n, lines, first) => {
    leave(lines, first, n)
    for (let k = 0, to = n * components; k < components; k++, to++) all[to] = lines[first + k]!
  })
  return { rows, columns: components, data: all }
}

/** One number of each row. */
const ofRows = <A extends Float64Array | Int32Array>(
  data: WeighedRows,
  given: Densities,
  found: A,
  of: (logits: Float64Array, first: number, components: number) => number,
): A => {
  const densities = linear(given)
  const { components } = densities
  forEachRow(data, densities, data.held.work(components), (n, lines, first) => {
    found[n] = of(lines, first, components)
  })
  return found
}

/** What an executor computes of rows, in the order of the rows: the work is that of the numbers that are not 0. */
export const passes: Passes<WeighedRows> = {
  expectation: <D extends Densities>(
    data: WeighedRows,
    given: D,
    rowWeights: Float64Array | undefined = data.rowWeights,
  ): MixtureExpectation<D> => {
    const densities = linear(given)
    const { components } = densities
    const weight = new Float64Array(components)
    const work = data.held.work(components)
    work.sums.fill(0)
    let logLikelihood = 0
    forEachRow(
      data,
      densities,
      work,
      (n, lines, first) => {
        const counts = rowWeights === undefined ? 1 : rowWeights[n]!
        // A row of weight 0 is not there, not even where its density is 0.
        if (counts === 0) {
          lines.fill(0, first, first + components)
          return
        }
        logLikelihood += counts * softmax(lines, first, components)
        for (let k = 0; k < components; k++) {
          lines[first + k]! *= counts
          weight[k]! += lines[first + k]!
        }
      },
      work.addRows,
    )
    const statistics: LinearStatistics = { weight, sum: sumsByComponent(work, densities) }
    // The densities are linear.
    return { statistics: statistics as unknown as StatisticsOf<D>, logLikelihood }
  },
  responsibilities: (data, densities) =>
    ofEach(data, densities, (lines, first) => softmax(lines, first, densities.components)),
  logDensities: (data, densities) => ofEach(data, densities, () => {}),
  assignments: (data, densities) => ofRows(data, densities, new Int32Array(data.held.matrix.rows), argmax),
  logProb: (data, densities) => ofRows(data, densities, new Float64Array(data.held.matrix.rows), softmax),
  prediction: (data, densities): Prediction => {
    const { components } = densities
    const { rows } = data.held.matrix
    const [assignments, logProb] = [new Int32Array(rows), new Float64Array(rows)]
    const responsibilities = ofEach(data, densities, (lines, first, n) => {
      assignments[n] = argmax(lines, first, components)
      logProb[n] = softmax(lines, first, components)
    })
    return { assignments, responsibilities, logProb }
  },
  weightedStatistics: <D extends Densities>({ held }: WeighedRows, given: D, q: Float64Array): StatisticsOf<D> => {
    const densities = linear(given)
    const { components } = densities
    const { rows } = held.matrix
    const weight = new Float64Array(components)
    const work = held.work(components)
    const { lines, stride, sums, addRows } = work
    sums.fill(0)
    for (let first = 0; first < rows; first += BLOCK) {
      const end = Math.min(rows, first + BLOCK)
      for (let n = first, line = 0, from = first * components; n < end; n++, line += stride)
        for (let k = 0; k < components; k++, from++) {
          lines[line + k] = q[from]!
          weight[k]! += q[from]!
        }
      addRows(first, end)
    }
    const statistics: LinearStatistics = { weight, sum: sumsByComponent(work, densities) }
    // The densities are linear.
    return statistics as unknown as StatisticsOf<D>
  },
}
