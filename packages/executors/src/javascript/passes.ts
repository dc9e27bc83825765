import type { Matrix } from '@conjugate/linalg'
import type { Densities, MixtureExpectation, Prediction, StatisticsOf } from '../contract/executor.js'
import { sumsOf, zeroStatistics } from '../contract/statistics.js'
import { type Block, forEachBlock, forEachEmptyBlock, type PackedRows } from './blocks.js'
import { kindOf } from './kinds.js'
import { blockRows } from './layout.js'
import { argmax, emptyLogSums, softmax, totalLog, weightedTotalLog, writeLogs } from './softmax.js'
import { moveSums } from './statistics.js'

/** Scales the responsibilities of a block by the weights of its rows; those that only fill a group up get 0. */
const weigh = ({ start, rows, count, logits }: Block, rowWeights: Float64Array | undefined): void => {
  for (let at = 0; at < logits.length; at += blockRows) {
    if (rowWeights) for (let row = 0; row < rows; row++) logits[at + row]! *= rowWeights[start + row]!
    logits.fill(0, at + rows, at + count)
  }
}

export const expectation = <D extends Densities>(
  data: PackedRows,
  densities: D,
  rowWeights: Float64Array | undefined = data.rowWeights,
): MixtureExpectation<D> => {
  const { accumulate, finish } = kindOf(densities)
  const statistics = zeroStatistics(densities)
  const partial = zeroStatistics(densities)
  const [totals, partials] = [sumsOf(statistics), sumsOf(partial)]
  const logSums = emptyLogSums()
  let logLikelihood = 0
  forEachBlock(data, densities, block => {
    const { start, rows, logits } = block
    softmax(logits, rows, logSums)
    logLikelihood += rowWeights ? weightedTotalLog(logSums, rows, rowWeights.subarray(start)) : totalLog(logSums, rows)
    weigh(block, rowWeights)
    for (let k = 0; k < densities.components; k++) accumulate(block, densities, k, logits, partial)
    moveSums(totals, partials)
  })
  finish(statistics, densities)
  return { statistics, logLikelihood }
}

/** N x K of what is left where the logits were. */
const ofEachComponent = (data: PackedRows, densities: Densities, leave: (block: Block) => void): Matrix => {
  const { components } = densities
  const result = new Float64Array(data.rows * components)
  forEachBlock(data, densities, block => {
    leave(block)
    const { start, rows, logits } = block
    for (let k = 0; k < components; k++)
      for (let row = 0; row < rows; row++) result[(start + row) * components + k] = logits[k * blockRows + row]!
  })
  return { rows: data.rows, columns: components, data: result }
}

export const responsibilities = (data: PackedRows, densities: Densities): Matrix => {
  const logSums = emptyLogSums()
  return ofEachComponent(data, densities, ({ logits, rows }) => softmax(logits, rows, logSums))
}

export const logDensities = (data: PackedRows, densities: Densities): Matrix =>
  ofEachComponent(data, densities, () => {})

export const weightedStatistics = <D extends Densities>(
  data: PackedRows,
  densities: D,
  given: Float64Array,
): StatisticsOf<D> => {
  const { accumulate, finish } = kindOf(densities)
  const { components } = densities
  const statistics = zeroStatistics(densities)
  const partial = zeroStatistics(densities)
  const [totals, partials] = [sumsOf(statistics), sumsOf(partial)]
  forEachEmptyBlock(data, densities, block => {
    const { start, rows, logits } = block
    logits.fill(0)
    for (let row = 0, from = start * components; row < rows; row++)
      for (let k = 0; k < components; k++, from++) logits[k * blockRows + row] = given[from]!
    for (let k = 0; k < components; k++) accumulate(block, densities, k, logits, partial)
    moveSums(totals, partials)
  })
  finish(statistics, densities)
  return statistics
}

export const assignments = (data: PackedRows, densities: Densities): Int32Array => {
  const result = new Int32Array(data.rows)
  forEachBlock(data, densities, ({ start, rows, logits }) => argmax(logits, rows, result.subarray(start)))
  return result
}

export const prediction = (data: PackedRows, densities: Densities): Prediction => {
  const logSums = emptyLogSums()
  const assignments = new Int32Array(data.rows)
  const logProb = new Float64Array(data.rows)
  const responsibilities = ofEachComponent(data, densities, ({ start, logits, rows }) => {
    argmax(logits, rows, assignments.subarray(start))
    softmax(logits, rows, logSums)
    writeLogs(logSums, rows, logProb.subarray(start))
  })
  return { assignments, responsibilities, logProb }
}

export const logProb = (data: PackedRows, densities: Densities): Float64Array => {
  const logSums = emptyLogSums()
  const result = new Float64Array(data.rows)
  forEachBlock(data, densities, ({ start, rows, logits }) => {
    softmax(logits, rows, logSums)
    writeLogs(logSums, rows, result.subarray(start))
  })
  return result
}
