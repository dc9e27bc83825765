import { expNonPositive } from './exp.js'
import { blockRows } from './layout.js'

/** Per row of a block: the logarithm of the sum of the exponentials of its logits is max + log(sum), 1 <= sum <= K. */
export interface LogSums {
  readonly max: Float64Array
  readonly sum: Float64Array
}

export const emptyLogSums = (): LogSums => ({ max: new Float64Array(blockRows), sum: new Float64Array(blockRows) })

/**
 * Turns the logits of `count` rows of a block, K x 256, into probabilities, and writes their logarithmic sums.
 * A row whose logits are all `-Infinity` has probabilities 0, and the logarithm of its sum is `-Infinity`.
 */
export const softmax = (logits: Float64Array, count: number, logSums: LogSums): void => {
  const end = logits.length
  for (let row = 0; row < count; row++) {
    let max = Number.NEGATIVE_INFINITY
    // Unlike a comparison, Math.max lets a NaN through to the result.
    for (let at = row; at < end; at += blockRows) max = Math.max(max, logits[at]!)
    let sum = 0
    // Subtracting an infinite maximum would make NaN of every logit.
    const shift = max === Number.NEGATIVE_INFINITY ? 0 : max
    for (let at = row; at < end; at += blockRows) {
      const e = expNonPositive(logits[at]! - shift)
      logits[at] = e
      sum += e
    }
    sum = sum === 0 ? 1 : sum
    const scale = 1 / sum
    for (let at = row; at < end; at += blockRows) logits[at]! *= scale
    logSums.max[row] = max
    logSums.sum[row] = sum
  }
}

/** Writes the logarithms of the sums of `count` rows. */
export const writeLogs = ({ max, sum }: LogSums, count: number, logs: Float64Array): void => {
  for (let row = 0; row < count; row++) logs[row] = max[row]! + Math.log(sum[row]!)
}

/** Adds the logarithms of `count` rows up: as the logarithm of a product, which takes far fewer of them. */
export const totalLog = ({ max, sum }: LogSums, count: number): number => {
  let total = 0
  let product = 1
  for (let row = 0; row < count; row++) {
    total += max[row]!
    product *= sum[row]!
    if (product > 1e200) {
      total += Math.log(product)
      product = 1
    }
  }
  return total + Math.log(product)
}

/** Adds the logarithms of `count` rows up, each times its weight. */
export const weightedTotalLog = ({ max, sum }: LogSums, count: number, weights: Float64Array): number => {
  let total = 0
  for (let row = 0; row < count; row++) {
    const weight = weights[row]!
    // A row of weight 0 is not there, not even where its logarithm is -Infinity.
    if (weight > 0) total += weight * (max[row]! + Math.log(sum[row]!))
  }
  return total
}

/** The index of the greatest logit of each of `count` rows of a block, the first one on ties. */
export const argmax = (logits: Float64Array, count: number, indices: Int32Array): void => {
  for (let row = 0; row < count; row++) {
    let best = row
    for (let at = row; at < logits.length; at += blockRows) if (logits[at]! > logits[best]!) best = at
    indices[row] = (best - row) / blockRows
  }
}
