import type { Matrix } from '@conjugate/linalg'
import type { MixtureExpectation, QuadraticDensities } from '../executor.js'
import type { Binding, TensorId } from './binding.js'
import type { ResidentBlock } from './blocks.js'
import { type DensityTensors, uploadDensities } from './densities.js'
import { type Ops, withOps } from './ops.js'
import { addProducts, zeroStatistics } from './statistics.js'

/** Rows in TensorFlow. */
export interface ResidentRows {
  readonly binding: Binding
  readonly rows: number
  readonly blocks: ReadonlyArray<ResidentBlock>
}

interface Logits {
  /** K x E x n: row less mean, and a one. */
  readonly residual: TensorId
  /** K x 1 x n. */
  readonly logits: TensorId
}

const quadraticLogits = (ops: Ops, values: TensorId, densities: DensityTensors): Logits => {
  const residual = ops.binary('Sub', values, densities.mean)
  const whitened = ops.matMul(densities.whitening, residual, false)
  const squaredNorm = ops.reduce('Sum', ops.unary('Square', whitened), 1)
  return { residual, logits: ops.binary('Sub', densities.logConstant, ops.binary('Mul', densities.half, squaredNorm)) }
}

interface Softmax {
  /** K x 1 x n. */
  readonly responsibilities: TensorId
  /** 1 x 1 x n. */
  readonly logSum: TensorId
}

/** A row whose logits are all `-Infinity` has responsibilities 0 and log-sum-exp `-Infinity`. */
const softmax = (ops: Ops, logits: TensorId, { lowest }: DensityTensors): Softmax => {
  // Subtracting an infinite maximum would make NaN of every logit.
  const max = ops.binary('Maximum', ops.reduce('Max', logits, 0), lowest)
  const exp = ops.unary('Exp', ops.binary('Sub', logits, max))
  const sum = ops.reduce('Sum', exp, 0)
  return {
    responsibilities: ops.binary('DivNoNan', exp, sum),
    logSum: ops.binary('AddV2', max, ops.unary('Log', sum)),
  }
}

/** Visits the blocks in order, each with tensors that are deleted before those of the next one are made. */
const forEachBlock = (
  { binding, blocks }: ResidentRows,
  densities: QuadraticDensities,
  visit: (ops: Ops, block: ResidentBlock, tensors: DensityTensors) => void,
): void =>
  withOps(binding, outer => {
    const tensors = uploadDensities(outer, densities)
    for (const block of blocks) withOps(binding, ops => visit(ops, block, tensors))
  })

export const expectation = (data: ResidentRows, densities: QuadraticDensities): MixtureExpectation => {
  const statistics = zeroStatistics(densities)
  let logLikelihood = 0
  forEachBlock(data, densities, (ops, { values, weights }, tensors) => {
    const { residual, logits } = quadraticLogits(ops, values, tensors)
    const { responsibilities, logSum } = softmax(ops, logits, tensors)
    const weighted = weights === undefined ? responsibilities : ops.binary('Mul', responsibilities, weights)
    const products = ops.matMul(ops.binary('Mul', weighted, residual), residual, true)
    addProducts(statistics, densities, ops.download(products))
    // A row of weight 0 is not there, not even where its logarithm is -Infinity.
    const logs = weights === undefined ? logSum : ops.binary('MulNoNan', logSum, weights)
    logLikelihood += ops.download(ops.reduce('Sum', logs, 2))[0]!
  })
  return { statistics, logLikelihood }
}

export const responsibilities = (data: ResidentRows, densities: QuadraticDensities): Matrix => {
  const { components } = densities
  const result = new Float64Array(data.rows * components)
  forEachBlock(data, densities, (ops, { start, count, values }, tensors) => {
    const { logits } = quadraticLogits(ops, values, tensors)
    const block = ops.download(softmax(ops, logits, tensors).responsibilities)
    for (let k = 0; k < components; k++)
      for (let row = 0; row < count; row++) result[(start + row) * components + k] = block[k * count + row]!
  })
  return { rows: data.rows, columns: components, data: result }
}

export const assignments = (data: ResidentRows, densities: QuadraticDensities): Int32Array => {
  const result = new Int32Array(data.rows)
  forEachBlock(data, densities, (ops, { start, count, values }, tensors) => {
    const logits = ops.download(quadraticLogits(ops, values, tensors).logits)
    // TensorFlow's own ArgMax doesn't promise the first index on ties.
    for (let row = 0; row < count; row++) {
      let best = row
      for (let at = row; at < logits.length; at += count) if (logits[at]! > logits[best]!) best = at
      result[start + row] = (best - row) / count
    }
  })
  return result
}

export const logProb = (data: ResidentRows, densities: QuadraticDensities): Float64Array => {
  const result = new Float64Array(data.rows)
  forEachBlock(data, densities, (ops, { start, values }, tensors) => {
    const { logits } = quadraticLogits(ops, values, tensors)
    result.set(ops.download(softmax(ops, logits, tensors).logSum), start)
  })
  return result
}
