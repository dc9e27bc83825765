import type { Field } from '@conjugate/images'
import { wholeNumbers } from './random.js'

const steps = [
  [1, 0],
  [0, 1],
  [1, 1],
  [-1, 1],
] as const

/** Pairs of neighbours with their weights in units, from the definition. */
export const pairsOf = ({ width, height, weights }: Field): ReadonlyArray<readonly [number, number, number]> =>
  steps.flatMap(([x, y], d) =>
    Array.from({ length: width * height }, (_, n) => n).flatMap(n => {
      const [column, row] = [(n % width) + x, Math.floor(n / width) + y]
      const isInside = column >= 0 && column < width && row < height
      return isInside ? [[n, row * width + column, weights[d * width * height + n]!] as const] : []
    }),
  )

/** Fields with weights up to `most` units, of which every third is 0. */
export const randomField = (width: number, height: number, most: number, seed: number): Field => {
  const next = wholeNumbers(seed)
  const field = { width, height, weights: new Int32Array(4 * width * height) }
  for (const [d, [x, y]] of steps.entries())
    for (let n = 0; n < width * height; n++) {
      const [column, row] = [(n % width) + x, Math.floor(n / width) + y]
      const units = next(3) === 0 ? 0 : next(most + 1)
      if (column >= 0 && column < width && row < height) field.weights[d * width * height + n] = units
    }
  return field
}

/** Costs in nats that are whole units, up to `most` units either way. */
export const randomCosts = (length: number, most: number, seed: number): Float64Array => {
  const next = wholeNumbers(seed)
  return Float64Array.from({ length }, () => (next(2 * most + 1) - most) / 1024)
}

/** The energy of labels 0 and 1 in units, from the definition. */
export const energyOf = (field: Field, costs: ArrayLike<number>, labels: ArrayLike<number>): number => {
  let energy = 0
  for (let n = 0; n < costs.length; n++) if (labels[n] === 1) energy += Math.round(costs[n]! * 1024)
  for (const [m, n, units] of pairsOf(field)) if (labels[m] !== labels[n]) energy += units
  return energy
}
