import type { Matrix } from '@conjugate/linalg'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { Densities, MixtureExpectation, StatisticsOf } from '../contract/executor.js'
import { FLOOR } from './constants.js'
import { blockLogits, blockLogitsAndBase, blockSums } from './graphs.js'
import type { Resident, Upload } from './kind.js'
import { kindOf } from './kinds.js'
import { type ResidentBlock, type ResidentRows, reweighed } from './rows.js'
import { addBlock, emptySums, expectationOf } from './sums.js'
import type { Tf } from './tfjs.js'

const withDensities = async <D extends Densities, A>(
  data: ResidentRows,
  densities: D,
  use: (resident: Resident<D>) => Promise<A>,
): Promise<A> => {
  const uploaded: Tensor[] = []
  const upload: Upload = (values, shape) => {
    const tensor = data.gpu.compute(tf => tf.tensor(Float32Array.from(values), shape))
    uploaded.push(tensor)
    return tensor
  }
  try {
    return await use(kindOf(densities).resident(upload, data, densities))
  } finally {
    for (const tensor of uploaded) tensor.dispose()
  }
}

/** All blocks are set off before the first one is waited for; they are added in order, in float64. */
const sumUp = <D extends Densities>(data: ResidentRows, densities: D): Promise<MixtureExpectation<D>> =>
  withDensities(data, densities, async resident => {
    const pending: Tensor[] = []
    try {
      for (const block of data.blocks) pending.push(data.gpu.compute(tf => blockSums(tf, block, resident)))
      const sums = emptySums(data, resident)
      for (const block of await Promise.all(pending.map(tensor => tensor.data()))) addBlock(sums, block)
      return expectationOf(data, resident, sums)
    } finally {
      for (const tensor of pending) tensor.dispose()
    }
  })

export const expectation = async <D extends Densities>(
  data: ResidentRows,
  densities: D,
  rowWeights: Float64Array | undefined,
): Promise<MixtureExpectation<D>> => {
  if (rowWeights === undefined) return sumUp(data, densities)
  const uploaded: Tensor[] = []
  try {
    const upload = (values: Float32Array, shape: number[]): Tensor => {
      const tensor = data.gpu.compute(tf => tf.tensor(values, shape))
      uploaded.push(tensor)
      return tensor
    }
    return await sumUp(reweighed(data, rowWeights, upload), densities)
  } finally {
    for (const tensor of uploaded) tensor.dispose()
  }
}

type Graph = (tf: Tf, block: ResidentBlock, densities: Resident<Densities>) => Tensor

const inRange = (value: number): number => {
  if (Number.isNaN(value)) throw new Error('the numbers leave the range of float32')
  return value
}

/**
 * Visits every row with the logarithms of its K weighted densities less their base, in an array that is used again for the
 * next row, and with the base. A graph without what depends on the row in it leaves that out of the base.
 */
const forEachRow = (
  data: ResidentRows,
  densities: Densities,
  graph: Graph,
  visit: (row: number, logits: Float64Array, base: number) => void,
): Promise<void> =>
  withDensities(data, densities, async resident => {
    const { components } = densities
    const logits = new Float64Array(components)
    for (const block of data.blocks) {
      const tensor = data.gpu.compute(tf => graph(tf, block, resident))
      const values = await tensor.data().finally(() => tensor.dispose())
      const width = tensor.shape[1]!
      for (let row = 0; row < block.count; row++) {
        const at = Math.floor(row / data.group) * width * data.group + (row % data.group)
        for (let k = 0; k < components; k++) {
          const value = inRange(values[at + k * data.group]!)
          logits[k] = value > FLOOR ? value : Number.NEGATIVE_INFINITY
        }
        const slope = width > components ? inRange(values[at + components * data.group]!) : 0
        visit(block.start + row, logits, resident.constant + slope)
      }
    }
  })

/** Writes the probabilities to `target` and returns the log-sum-exp; where that is `-Infinity`, the probabilities are 0. */
const softmax = (logits: Float64Array, target: Float64Array): number => {
  const most = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  if (most === Number.NEGATIVE_INFINITY) return most
  let sum = 0
  for (let k = 0; k < logits.length; k++) sum += target[k] = Math.exp(logits[k]! - most)
  for (let k = 0; k < logits.length; k++) target[k]! /= sum
  return most + Math.log(sum)
}

export const responsibilities = async (data: ResidentRows, densities: Densities): Promise<Matrix> => {
  const { components } = densities
  const result = new Float64Array(data.rows * components)
  await forEachRow(data, densities, blockLogits, (row, logits) => {
    softmax(logits, result.subarray(row * components, (row + 1) * components))
  })
  return { rows: data.rows, columns: components, data: result }
}

export const assignments = async (data: ResidentRows, densities: Densities): Promise<Int32Array> => {
  const result = new Int32Array(data.rows)
  await forEachRow(data, densities, blockLogits, (row, logits) => {
    let best = 0
    for (let k = 1; k < logits.length; k++) if (logits[k]! > logits[best]!) best = k
    result[row] = best
  })
  return result
}

export const logProb = async (data: ResidentRows, densities: Densities): Promise<Float64Array> => {
  const result = new Float64Array(data.rows)
  const probabilities = new Float64Array(densities.components)
  await forEachRow(data, densities, blockLogitsAndBase, (row, logits, base) => {
    result[row] = base + softmax(logits, probabilities)
  })
  return result
}

export const logDensities = async (data: ResidentRows, densities: Densities): Promise<Matrix> => {
  const { components } = densities
  const result = new Float64Array(data.rows * components)
  await forEachRow(data, densities, blockLogitsAndBase, (row, logits, base) => {
    for (let k = 0; k < components; k++) result[row * components + k] = base + logits[k]!
  })
  return { rows: data.rows, columns: components, data: result }
}

/** What is given for the rows of a block, scaled as weights are, as G x K x g. */
const arranged = (
  { group, weightScale }: ResidentRows,
  { start, count }: ResidentBlock,
  components: number,
  given: Float64Array,
): Float32Array => {
  const weights = new Float32Array(Math.ceil(count / group) * components * group)
  for (let row = 0, from = start * components; row < count; row++) {
    const at = Math.floor(row / group) * components * group + (row % group)
    for (let k = 0; k < components; k++, from++) weights[at + k * group] = given[from]! / weightScale
  }
  return weights
}

export const weightedStatistics = <D extends Densities>(
  data: ResidentRows,
  densities: D,
  given: Float64Array,
): Promise<StatisticsOf<D>> =>
  withDensities(data, densities, async resident => {
    const sums = resident.sizes.map(size => new Float64Array(size))
    for (const block of data.blocks) {
      const weights = arranged(data, block, densities.components, given)
      const tensor = data.gpu.compute(tf => {
        const q = tf.tensor(weights, [
          weights.length / (densities.components * data.group),
          densities.components,
          data.group,
        ])
        return tf.concat(
          resident
            .logits(tf, block)
            .sums(q)
            .map(x => tf.reshape(x, [-1])),
        )
      })
      addBlock(sums, await tensor.data().finally(() => tensor.dispose()))
    }
    if (!sums.every(sum => sum.every(Number.isFinite))) throw new Error('the numbers leave the range of float32')
    return resident.statistics(sums)
  })
