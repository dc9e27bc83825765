import { type Field, steps, unitsPerNat } from '../grid/field.js'

/** Places of one colour are not neighbours of each other: four colours, by the parities of row and column. */
const COLOURS = 4

/** N x K: for each place and label, the weights of its neighbours times their probabilities of that label. */
const agreementAt = (
  { width, height, weights }: Field,
  q: Float64Array,
  count: number,
  n: number,
  into: Float64Array,
): void => {
  const places = width * height
  into.fill(0)
  for (let d = 0; d < 4; d++) {
    const offset = steps[d]!.y * width + steps[d]!.x
    const ahead = weights[d * places + n]!
    if (ahead !== 0) for (let k = 0; k < count; k++) into[k]! += (ahead / unitsPerNat) * q[(n + offset) * count + k]!
    const behind = n >= offset ? weights[d * places + n - offset]! : 0
    if (behind !== 0) for (let k = 0; k < count; k++) into[k]! += (behind / unitsPerNat) * q[(n - offset) * count + k]!
  }
}

/** Sets the probabilities of a place to the softmax of its log densities and of what its neighbours say. */
const update = (logs: ArrayLike<number>, at: number, agreement: Float64Array, q: Float64Array): void => {
  const count = agreement.length
  let highest = Number.NEGATIVE_INFINITY
  for (let k = 0; k < count; k++) {
    agreement[k]! += logs[at + k]!
    if (agreement[k]! > highest) highest = agreement[k]!
  }
  if (highest === Number.NEGATIVE_INFINITY) {
    for (let k = 0; k < count; k++) q[at + k] = 0
    return
  }
  let sum = 0
  for (let k = 0; k < count; k++) {
    q[at + k] = Math.exp(agreement[k]! - highest)
    sum += q[at + k]!
  }
  for (let k = 0; k < count; k++) q[at + k]! /= sum
}

/** One sweep over all places, colour by colour. Each update is exact given the others, so that the free energy never falls. */
export const sweep = (field: Field, logDensities: ArrayLike<number>, q: Float64Array, count: number): void => {
  const { width, height } = field
  const agreement = new Float64Array(count)
  for (let colour = 0; colour < COLOURS; colour++)
    for (let row = colour >> 1; row < height; row += 2)
      for (let column = colour & 1; column < width; column += 2) {
        const n = row * width + column
        agreementAt(field, q, count, n, agreement)
        update(logDensities, n * count, agreement, q)
      }
}

/**
 * Draws the label of each place given all others, colour by colour: one sweep of Gibbs sampling. `q` are the probabilities of
 * labels so far, 1 where they are known; labels and `q` become those that are drawn.
 */
export const sampleSweep = (
  field: Field,
  logDensities: ArrayLike<number>,
  q: Float64Array,
  labels: Int32Array,
  count: number,
  uniform: () => number,
): void => {
  const { width, height } = field
  const agreement = new Float64Array(count)
  for (let colour = 0; colour < COLOURS; colour++)
    for (let row = colour >> 1; row < height; row += 2)
      for (let column = colour & 1; column < width; column += 2) {
        const n = row * width + column
        agreementAt(field, q, count, n, agreement)
        update(logDensities, n * count, agreement, q)
        let rest = uniform()
        let drawn = -1
        for (let k = 0; k < count; k++) {
          const p = q[n * count + k]!
          // What rounding leaves goes to the last that is possible.
          if (p > 0 && rest >= 0) drawn = k
          rest -= p
        }
        for (let k = 0; k < count; k++) q[n * count + k] = k === drawn ? 1 : 0
        labels[n] = drawn
      }
}

/** The probabilities of each place without its neighbours. */
export const alone = (logDensities: ArrayLike<number>, count: number): Float64Array => {
  const q = new Float64Array(logDensities.length)
  const nothing = new Float64Array(count)
  for (let at = 0; at < q.length; at += count) {
    nothing.fill(0)
    update(logDensities, at, nothing, q)
  }
  return q
}

/** Expected log densities, minus the expected weights of neighbours that differ, plus the entropy. */
export const freeEnergyOf = (field: Field, logDensities: ArrayLike<number>, q: Float64Array, count: number): number => {
  const { width, height, weights } = field
  const places = width * height
  let energy = 0
  for (let n = 0; n < places; n++) {
    let [term, mass] = [0, 0]
    for (let k = 0, at = n * count; k < count; k++, at++) {
      mass += q[at]!
      if (q[at]! > 0) term += q[at]! * (logDensities[at]! - Math.log(q[at]!))
    }
    // A place at which nothing is possible.
    if (mass === 0) return Number.NEGATIVE_INFINITY
    for (let d = 0; d < 4; d++) {
      const units = weights[d * places + n]!
      if (units === 0) continue
      const m = n + steps[d]!.y * width + steps[d]!.x
      let same = 0
      for (let k = 0; k < count; k++) same += q[n * count + k]! * q[m * count + k]!
      term -= (units / unitsPerNat) * (1 - same)
    }
    energy += term
  }
  return energy
}
