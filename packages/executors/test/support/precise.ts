import type { Metric } from './clusters.js'

// Sums of two float64, of about 106 bits, to compare rounding with. Source: Dekker, A floating-point technique for extending the
// available precision (1971).

/** The result of the last operation. */
let [high, low] = [0, 0]

const set = (a: number, b: number): void => {
  high = a + b
  low = b - (high - a)
}

/** a + b, exactly. */
const add = (a: number, b: number): void => {
  const sum = a + b
  const part = sum - a
  low = a - (sum - part) + (b - part)
  high = sum
}

/** (a, b) + (c, d) */
const addPair = (a: number, b: number, c: number, d: number): void => {
  add(a, c)
  set(high, low + b + d)
}

const SPLIT = 2 ** 27 + 1

const split = (a: number): number => {
  const c = SPLIT * a
  return c - (c - a)
}

/** a b, exactly. */
const multiply = (a: number, b: number): void => {
  const product = a * b
  const [c, d] = [split(a), split(b)]
  low = c * d - product + c * (b - d) + (a - c) * d + (a - c) * (b - d)
  high = product
}

/** Numbers that are added up. */
class Sums {
  readonly highs: Float64Array
  readonly lows: Float64Array
  constructor(length: number) {
    this.highs = new Float64Array(length)
    this.lows = new Float64Array(length)
  }
  add(at: number, a: number, b = 0): void {
    addPair(this.highs[at]!, this.lows[at]!, a, b)
    this.highs[at] = high
    this.lows[at] = low
  }
  clear(at: number, a: number): void {
    this.highs[at] = a
    this.lows[at] = 0
  }
}

export interface Precise {
  readonly weight: Float64Array
  readonly sum: Float64Array
  /** K x D x D; of independent columns the diagonal alone. */
  readonly outer: Float64Array
  readonly logLikelihood: number
}

/** The sums of an E-step on rows about the origin. */
export const precise = (data: Float64Array, densities: Metric, rowWeights?: Float64Array): Precise => {
  const { components, columns, mean, logConstant } = densities
  const isDiagonal = densities._tag === 'Diagonal'
  const whiteningOf = (k: number, i: number, j: number): number =>
    isDiagonal ? densities.scale[k * columns + i]! : densities.whitening[(k * columns + i) * columns + j]!
  const [weight, sum] = [new Sums(components), new Sums(components * columns)]
  const [outer, likelihood] = [new Sums(components * columns * columns), new Sums(1)]
  const [logits, y, total] = [new Sums(components), new Sums(1), new Sums(1)]
  const q = new Float64Array(components)
  for (let n = 0; n < data.length / columns; n++) {
    const ofRow = rowWeights?.[n] ?? 1
    if (ofRow === 0) continue
    const z = (k: number, i: number): number => data[n * columns + i]! - mean[k * columns + i]!
    for (let k = 0; k < components; k++) {
      logits.clear(k, logConstant[k]!)
      if (logConstant[k] === Number.NEGATIVE_INFINITY) continue
      for (let i = 0; i < columns; i++) {
        y.clear(0, 0)
        for (let j = isDiagonal ? i : 0; j <= i; j++) {
          add(data[n * columns + j]!, -mean[k * columns + j]!)
          const [a, b, w] = [high, low, whiteningOf(k, i, j)]
          multiply(a, w)
          y.add(0, high, low + b * w)
        }
        const [a, b] = [y.highs[0]!, y.lows[0]!]
        multiply(a, a)
        logits.add(k, -high / 2, -(low + 2 * a * b) / 2)
      }
    }
    const best = logits.highs.indexOf(Math.max(...logits.highs))
    total.clear(0, 0)
    for (let k = 0; k < components; k++) {
      addPair(logits.highs[k]!, logits.lows[k]!, -logits.highs[best]!, -logits.lows[best]!)
      q[k] = Number.isFinite(logits.highs[k]) ? Math.exp(high) * (1 + low) : 0
      total.add(0, q[k]!)
    }
    const all = total.highs[0]!
    multiply(ofRow, logits.highs[best]!)
    likelihood.add(0, high, low + ofRow * logits.lows[best]!)
    likelihood.add(0, ofRow * Math.log(all))
    for (let k = 0; k < components; k++) {
      const part = (ofRow * q[k]!) / all
      if (part === 0) continue
      weight.add(k, part)
      for (let i = 0; i < columns; i++) {
        sum.add(k * columns + i, part * z(k, i))
        for (let j = isDiagonal ? i : 0; j <= i; j++) {
          const product = part * z(k, i) * z(k, j)
          outer.add((k * columns + i) * columns + j, product)
          if (i !== j) outer.add((k * columns + j) * columns + i, product)
        }
      }
    }
  }
  return { weight: weight.highs, sum: sum.highs, outer: outer.highs, logLikelihood: likelihood.highs[0]! }
}

/** The greatest error of sums, of what they are of: weights, and roots of weights times squares. */
export const errorOf = (
  { components, columns, ...densities }: Metric,
  statistics: { readonly weight: Float64Array; readonly sum: Float64Array } & (
    | { readonly outer: Float64Array }
    | { readonly squares: Float64Array }
  ),
  exact: Precise,
): number => {
  let worst = 0
  const square = (k: number, i: number): number => exact.outer[(k * columns + i) * columns + i]!
  for (let k = 0; k < components; k++) {
    const weight = exact.weight[k]!
    if (weight < 1) continue
    worst = Math.max(worst, Math.abs(statistics.weight[k]! - weight) / weight)
    for (let i = 0; i < columns; i++) {
      const at = k * columns + i
      worst = Math.max(worst, Math.abs(statistics.sum[at]! - exact.sum[at]!) / Math.sqrt(weight * square(k, i)))
      for (let j = densities._tag === 'Diagonal' ? i : 0; j <= i; j++) {
        const found = 'outer' in statistics ? statistics.outer[at * columns + j]! : statistics.squares[at]!
        const error = Math.abs(found - exact.outer[at * columns + j]!)
        worst = Math.max(worst, error / Math.sqrt(square(k, i) * square(k, j)))
      }
    }
  }
  return worst
}
