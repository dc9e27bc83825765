import type { Matrix } from '@conjugate/linalg'
import type { MixtureExpectation, QuadraticDensities } from '../executor.js'
import { type Block, forEachBlock, type PackedRows } from './blocks.js'
import { blockRows, lanes } from './layout.js'
import { argmax, emptyLogSums, softmax, totalLog, weightedTotalLog, writeLogs } from './softmax.js'
import { accumulate, moveStatistics, symmetrize, zeroStatistics } from './statistics.js'

/** Scales the responsibilities of a block by the weights of its rows; those that only fill a group up get 0. */
const weigh = ({ start, count, padded, logits }: Block, rowWeights: Float64Array | undefined): void => {
  for (let at = 0; at < logits.length; at += blockRows) {
    if (rowWeights) for (let row = 0; row < count; row++) logits[at + row]! *= rowWeights[start + row]!
    logits.fill(0, at + count, at + padded)
  }
}

export const expectation = (data: PackedRows, densities: QuadraticDensities): MixtureExpectation => {
  const { components, columns } = densities
  const statistics = zeroStatistics(components, columns)
  const partial = zeroStatistics(components, columns)
  const residual = new Float64Array(columns * lanes)
  const logSums = emptyLogSums()
  let logLikelihood = 0
  forEachBlock(data, densities, block => {
    softmax(block.logits, block.count, logSums)
    logLikelihood += data.rowWeights
      ? weightedTotalLog(logSums, block.count, data.rowWeights.subarray(block.start))
      : totalLog(logSums, block.count)
    weigh(block, data.rowWeights)
    for (let k = 0; k < components; k++)
      accumulate(data.packed, block.start, block.padded, densities, k, block.logits, residual, partial)
    moveStatistics(statistics, partial)
  })
  symmetrize(statistics, components, columns)
  return { statistics, logLikelihood }
}

export const responsibilities = (data: PackedRows, densities: QuadraticDensities): Matrix => {
  const { components } = densities
  const result = new Float64Array(data.rows * components)
  const logSums = emptyLogSums()
  forEachBlock(data, densities, ({ start, count, logits }) => {
    softmax(logits, count, logSums)
    for (let k = 0; k < components; k++)
      for (let row = 0; row < count; row++) result[(start + row) * components + k] = logits[k * blockRows + row]!
  })
  return { rows: data.rows, columns: components, data: result }
}

export const assignments = (data: PackedRows, densities: QuadraticDensities): Int32Array => {
  const result = new Int32Array(data.rows)
  forEachBlock(data, densities, ({ start, count, logits }) => argmax(logits, count, result.subarray(start)))
  return result
}

export const logProb = (data: PackedRows, densities: QuadraticDensities): Float64Array => {
  const logSums = emptyLogSums()
  const result = new Float64Array(data.rows)
  forEachBlock(data, densities, ({ start, count, logits }) => {
    softmax(logits, count, logSums)
    writeLogs(logSums, count, result.subarray(start))
  })
  return result
}
