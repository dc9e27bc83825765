import type { Matrix } from '@conjugate/linalg'
import type { Densities, MixtureExpectation, StatisticsOf } from '../contract/executor.js'
import { zeroStatistics } from '../contract/statistics.js'
import type { Binding, TensorId } from './binding.js'
import type { ResidentBlock } from './blocks.js'
import type { Resident } from './kind.js'
import { residentOf } from './kinds.js'
import { type Ops, withOps } from './ops.js'

/** Rows in TensorFlow. */
export interface ResidentRows {
  readonly binding: Binding
  readonly rows: number
  readonly blocks: ReadonlyArray<ResidentBlock>
}

interface Softmax {
  /** K x 1 x n. */
  readonly responsibilities: TensorId
  /** 1 x 1 x n. */
  readonly logSum: TensorId
}

/** A row whose logits are all `-Infinity` has responsibilities 0 and log-sum-exp `-Infinity`. */
const softmax = (ops: Ops, logits: TensorId, lowest: TensorId): Softmax => {
  // Subtracting an infinite maximum would make NaN of every logit.
  const max = ops.binary('Maximum', ops.reduce('Max', logits, 0), lowest)
  const exp = ops.unary('Exp', ops.binary('Sub', logits, max))
  const sum = ops.reduce('Sum', exp, 0)
  return {
    responsibilities: ops.binary('DivNoNan', exp, sum),
    logSum: ops.binary('AddV2', max, ops.unary('Log', sum)),
  }
}

/** What a block is computed with; its tensors are deleted before those of the next block are made. */
interface Step<D extends Densities> {
  readonly ops: Ops
  readonly block: ResidentBlock
  readonly resident: Resident<D>
  /** The least finite number. */
  readonly lowest: TensorId
}

/** Visits the blocks in order. */
const forEachBlock = <D extends Densities>(
  { binding, blocks }: ResidentRows,
  densities: D,
  visit: (step: Step<D>) => void,
): void =>
  withOps(binding, outer => {
    const resident = residentOf(outer, densities)
    const lowest = outer.upload(Float64Array.of(-Number.MAX_VALUE), [])
    for (const block of blocks) withOps(binding, ops => visit({ ops, block, resident, lowest }))
  })

export const expectation = <D extends Densities>(
  data: ResidentRows,
  densities: D,
  rowWeights: Float64Array | undefined,
): MixtureExpectation<D> => {
  const statistics = zeroStatistics(densities)
  let logLikelihood = 0
  forEachBlock(data, densities, ({ ops, block, resident, lowest }) => {
    const { start, count, parts } = block
    const weights = rowWeights ? ops.upload(rowWeights.slice(start, start + count), [1, 1, count]) : block.weights
    const { logits, addSums } = resident(ops, parts)
    const { responsibilities, logSum } = softmax(ops, logits, lowest)
    const weighted = weights === undefined ? responsibilities : ops.binary('Mul', responsibilities, weights)
    addSums(weighted, statistics)
    // A row of weight 0 is not there, not even where its logarithm is -Infinity.
    const logs = weights === undefined ? logSum : ops.binary('MulNoNan', logSum, weights)
    logLikelihood += ops.download(ops.reduce('Sum', logs, 2))[0]!
  })
  return { statistics, logLikelihood }
}

/** N x K of what comes of the logits of a block, K x 1 x n. */
const ofEachComponent = (
  data: ResidentRows,
  densities: Densities,
  of: (step: Step<Densities>, logits: TensorId) => TensorId,
): Matrix => {
  const { components } = densities
  const result = new Float64Array(data.rows * components)
  forEachBlock(data, densities, step => {
    const { start, count, parts } = step.block
    const block = step.ops.download(of(step, step.resident(step.ops, parts).logits))
    for (let k = 0; k < components; k++)
      for (let row = 0; row < count; row++) result[(start + row) * components + k] = block[k * count + row]!
  })
  return { rows: data.rows, columns: components, data: result }
}

export const responsibilities = (data: ResidentRows, densities: Densities): Matrix =>
  ofEachComponent(data, densities, ({ ops, lowest }, logits) => softmax(ops, logits, lowest).responsibilities)

export const logDensities = (data: ResidentRows, densities: Densities): Matrix =>
  ofEachComponent(data, densities, (_, logits) => logits)

export const weightedStatistics = <D extends Densities>(
  data: ResidentRows,
  densities: D,
  given: Float64Array,
): StatisticsOf<D> => {
  const { components } = densities
  const statistics = zeroStatistics(densities)
  forEachBlock(data, densities, ({ ops, block: { start, count, parts }, resident }) => {
    const weights = new Float64Array(components * count)
    for (let row = 0, from = start * components; row < count; row++)
      for (let k = 0; k < components; k++, from++) weights[k * count + row] = given[from]!
    resident(ops, parts).addSums(ops.upload(weights, [components, 1, count]), statistics)
  })
  return statistics
}

export const assignments = (data: ResidentRows, densities: Densities): Int32Array => {
  const result = new Int32Array(data.rows)
  forEachBlock(data, densities, ({ ops, block: { start, count, parts }, resident }) => {
    const logits = ops.download(resident(ops, parts).logits)
    // TensorFlow's own ArgMax doesn't promise the first index on ties.
    for (let row = 0; row < count; row++) {
      let best = row
      for (let at = row; at < logits.length; at += count) if (logits[at]! > logits[best]!) best = at
      result[start + row] = (best - row) / count
    }
  })
  return result
}

export const logProb = (data: ResidentRows, densities: Densities): Float64Array => {
  const result = new Float64Array(data.rows)
  forEachBlock(data, densities, ({ ops, block: { start, parts }, resident, lowest }) => {
    const { logits } = resident(ops, parts)
    result.set(ops.download(softmax(ops, logits, lowest).logSum), start)
  })
  return result
}
