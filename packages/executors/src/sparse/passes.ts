import type {
  Densities,
  LinearDensities,
  LinearStatistics,
  MixtureExpectation,
  Prediction,
  StatisticsOf,
} from '../contract/executor.js'
import type { Passes } from '../contract/resident-rows.js'
import { addInnerProducts, addRow } from './products.js'
import type { SparseMatrix } from './rows.js'

/** Sparse rows, and what each counts for. */
export interface WeighedRows extends SparseMatrix {
  readonly rowWeights: Float64Array | undefined
}

const linear = (densities: Densities): LinearDensities => {
  if (densities._tag === 'Linear') return densities
  throw new Error(`sparse rows have linear densities, not ${densities._tag} ones`)
}

/** K numbers of each column next to each other, as a row asks for them. */
const byColumn = ({ natural, columns, components }: LinearDensities): Float64Array => {
  const found = new Float64Array(natural.length)
  for (let k = 0; k < components; k++)
    for (let c = 0, from = k * columns; c < columns; c++, from++) found[c * components + k] = natural[from]!
  return found
}

/** Writes the log densities of rows one by one, and lets `visit` see each. */
const forEachRow = (
  data: SparseMatrix,
  densities: LinearDensities,
  logits: Float64Array,
  visit: (n: number) => void,
): void => {
  const { components, logConstant } = densities
  const natural = byColumn(densities)
  for (let n = 0; n < data.rows; n++) {
    logits.fill(0)
    addInnerProducts(data, n, 1, natural, components, logits)
    for (let k = 0; k < components; k++) logits[k]! += logConstant[k]!
    visit(n)
  }
}

/** Turns K logits into probabilities, all 0 where none has a density, and gives the logarithm of their sum. */
const softmax = (logits: Float64Array): number => {
  let most = Number.NEGATIVE_INFINITY
  // Unlike a comparison, Math.max lets a NaN through to the result.
  for (let k = 0; k < logits.length; k++) most = Math.max(most, logits[k]!)
  if (most === Number.NEGATIVE_INFINITY) {
    logits.fill(0)
    return most
  }
  let sum = 0
  for (let k = 0; k < logits.length; k++) {
    logits[k] = Math.exp(logits[k]! - most)
    sum += logits[k]!
  }
  for (let k = 0; k < logits.length; k++) logits[k]! /= sum
  return most + Math.log(sum)
}

const argmax = (logits: Float64Array): number => {
  let best = 0
  for (let k = 1; k < logits.length; k++) if (logits[k]! > logits[best]!) best = k
  return best
}

const statisticsIn = (
  weight: Float64Array,
  sums: Float64Array,
  { columns, components }: LinearDensities,
): LinearStatistics => {
  const sum = new Float64Array(sums.length)
  for (let k = 0; k < components; k++)
    for (let c = 0, to = k * columns; c < columns; c++, to++) sum[to] = sums[c * components + k]!
  return { weight, sum }
}

/** Log densities, or what is made of them, of each row and component. */
const ofEach = (data: WeighedRows, densities: Densities, leave: (logits: Float64Array, n: number) => void) => {
  const { components } = densities
  const all = new Float64Array(data.rows * components)
  const logits = new Float64Array(components)
  forEachRow(data, linear(densities), logits, n => {
    leave(logits, n)
    all.set(logits, n * components)
  })
  return { rows: data.rows, columns: components, data: all }
}

/** What an executor computes of rows, in the order of the rows: the work is that of the numbers that are not 0. */
export const passes: Passes<WeighedRows> = {
  expectation: <D extends Densities>(
    data: WeighedRows,
    given: D,
    rowWeights: Float64Array | undefined = data.rowWeights,
  ): MixtureExpectation<D> => {
    const densities = linear(given)
    const { components, columns } = densities
    const [weight, sums, logits] = [components, components * columns, components].map(n => new Float64Array(n)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ]
    let logLikelihood = 0
    forEachRow(data, densities, logits, n => {
      const counts = rowWeights === undefined ? 1 : rowWeights[n]!
      // A row of weight 0 is not there, not even where its density is 0.
      if (counts === 0) return
      logLikelihood += counts * softmax(logits)
      for (let k = 0; k < components; k++) {
        logits[k]! *= counts
        weight[k]! += logits[k]!
      }
      addRow(data, n, logits, 0, sums, components)
    })
    // The densities are linear.
    const statistics = statisticsIn(weight, sums, densities) as unknown as StatisticsOf<D>
    return { statistics, logLikelihood }
  },
  responsibilities: (data, densities) => ofEach(data, densities, softmax),
  logDensities: (data, densities) => ofEach(data, densities, () => {}),
  assignments: (data, densities) => {
    const found = new Int32Array(data.rows)
    const logits = new Float64Array(densities.components)
    forEachRow(data, linear(densities), logits, n => {
      found[n] = argmax(logits)
    })
    return found
  },
  logProb: (data, densities) => {
    const found = new Float64Array(data.rows)
    const logits = new Float64Array(densities.components)
    forEachRow(data, linear(densities), logits, n => {
      found[n] = softmax(logits)
    })
    return found
  },
  prediction: (data, densities): Prediction => {
    const [assignments, logProb] = [new Int32Array(data.rows), new Float64Array(data.rows)]
    const responsibilities = ofEach(data, densities, (logits, n) => {
      assignments[n] = argmax(logits)
      logProb[n] = softmax(logits)
    })
    return { assignments, responsibilities, logProb }
  },
  weightedStatistics: <D extends Densities>(data: WeighedRows, given: D, q: Float64Array): StatisticsOf<D> => {
    const densities = linear(given)
    const { components, columns } = densities
    const [weight, sums] = [new Float64Array(components), new Float64Array(components * columns)]
    for (let n = 0; n < data.rows; n++) {
      for (let k = 0; k < components; k++) weight[k]! += q[n * components + k]!
      addRow(data, n, q, n * components, sums, components)
    }
    // The densities are linear.
    return statisticsIn(weight, sums, densities) as unknown as StatisticsOf<D>
  },
}
