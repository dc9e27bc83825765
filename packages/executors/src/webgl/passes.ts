import type { Matrix } from '@conjugate/linalg'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { MixtureExpectation, QuadraticDensities } from '../executor.js'
import { disposeDensities, FLOOR, type UploadedDensities, uploadDensities } from './densities.js'
import { blockLogits, blockSums } from './graphs.js'
import type { ResidentRows } from './rows.js'
import { addBlock, emptySums, expectationOf } from './sums.js'

const withDensities = async <A>(
  data: ResidentRows,
  densities: QuadraticDensities,
  use: (uploaded: UploadedDensities) => Promise<A>,
): Promise<A> => {
  const uploaded = uploadDensities(data, densities)
  try {
    return await use(uploaded)
  } finally {
    disposeDensities(uploaded)
  }
}

/** All blocks are set off before the first one is waited for; they are added in order, in float64. */
export const expectation = (
  data: ResidentRows,
  densities: QuadraticDensities,
): Promise<MixtureExpectation<QuadraticDensities>> =>
  withDensities(data, densities, async uploaded => {
    const pending: Tensor[] = []
    try {
      for (const block of data.blocks) pending.push(data.gpu.compute(tf => blockSums(tf, block, uploaded.tensors)))
      const sums = emptySums(densities)
      for (const block of await Promise.all(pending.map(tensor => tensor.data()))) addBlock(sums, block)
      return expectationOf(data, densities, uploaded, sums)
    } finally {
      for (const tensor of pending) tensor.dispose()
    }
  })

/** Visits every row with the logarithms of its K weighted densities, in an array that is used again for the next row. */
const forEachRow = (
  data: ResidentRows,
  densities: QuadraticDensities,
  visit: (row: number, logits: Float64Array) => void,
): Promise<void> =>
  withDensities(data, densities, async ({ tensors, constant }) => {
    const { components } = densities
    const logits = new Float64Array(components)
    for (const block of data.blocks) {
      const tensor = data.gpu.compute(tf => blockLogits(tf, block, tensors))
      const values = await tensor.data().finally(() => tensor.dispose())
      for (let row = 0; row < block.count; row++) {
        const at = Math.floor(row / data.group) * components * data.group + (row % data.group)
        for (let k = 0; k < components; k++) {
          const value = values[at + k * data.group]!
          if (Number.isNaN(value)) throw new Error('the numbers leave the range of float32')
          logits[k] = value > FLOOR ? value + constant : Number.NEGATIVE_INFINITY
        }
        visit(block.start + row, logits)
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

export const responsibilities = async (data: ResidentRows, densities: QuadraticDensities): Promise<Matrix> => {
  const { components } = densities
  const result = new Float64Array(data.rows * components)
  await forEachRow(data, densities, (row, logits) => {
    softmax(logits, result.subarray(row * components, (row + 1) * components))
  })
  return { rows: data.rows, columns: components, data: result }
}

export const assignments = async (data: ResidentRows, densities: QuadraticDensities): Promise<Int32Array> => {
  const result = new Int32Array(data.rows)
  await forEachRow(data, densities, (row, logits) => {
    let best = 0
    for (let k = 1; k < logits.length; k++) if (logits[k]! > logits[best]!) best = k
    result[row] = best
  })
  return result
}

export const logProb = async (data: ResidentRows, densities: QuadraticDensities): Promise<Float64Array> => {
  const result = new Float64Array(data.rows)
  const probabilities = new Float64Array(densities.components)
  await forEachRow(data, densities, (row, logits) => {
    result[row] = softmax(logits, probabilities)
  })
  return result
}
