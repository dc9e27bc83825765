import type { Matrix } from '@conjugate/linalg'

/** A power of 2 that leaves numbers of at most this size at most 2, so that squares and sums stay in the range of float64. */
const inRange = (size: number): number =>
  size > 0 && Number.isFinite(size) ? 2 ** -Math.max(-1000, Math.floor(Math.log2(size))) : 1

/** How columns are brought into range. */
export interface Origins {
  /** Powers of 2. */
  readonly factors: Float64Array
  /** A number of each column, times its factor, from which the others are counted, so that constants leave exact zeros. */
  readonly first: Float64Array
}

export const originsOf = (matrix: Matrix, features: number): Origins => {
  const { rows, columns, data } = matrix
  const sizes = new Float64Array(features)
  for (let n = 0; n < rows; n++)
    for (let c = 0, i = n * columns; c < features; c++, i++) {
      const size = Math.abs(data[i]!)
      if (size > sizes[c]!) sizes[c] = size
    }
  const factors = sizes.map(inRange)
  return { factors, first: factors.map((factor, c) => firstIn(matrix, c) * factor) }
}

/** The first number of a column that is there; NaN where there is none. */
export const firstIn = ({ rows, columns, data }: Matrix, column: number): number => {
  for (let n = 0, i = column; n < rows; n++, i += columns) if (!Number.isNaN(data[i])) return data[i]!
  return Number.NaN
}

/** Weights of at most 1. */
export const relative = (weights: ArrayLike<number> | undefined): Float64Array | undefined => {
  if (weights === undefined) return undefined
  let most = 0
  for (let n = 0; n < weights.length; n++) most = Math.max(most, weights[n]!)
  return Float64Array.from(weights, w => w / most)
}

/** Writes columns as they are, from column `first` to before `end`. Rows of the target have `width` numbers. */
export const writeOthers = (
  { rows, columns, data }: Matrix,
  first: number,
  end: number,
  target: Float64Array,
  width: number,
): void => {
  if (first === end) return
  for (let n = 0; n < rows; n++)
    for (let c = first, from = n * columns + c, to = n * width + c; c < end; c++, from++, to++) target[to] = data[from]!
}

/**
 * Writes the first columns of rows less their means in units of their standard deviations, so that squared distances are plain
 * sums: 0 in constant columns and where a cell is missing. Rows of the target have `width` numbers. Returns the weights, of which
 * the greatest is 1.
 */
export const standardise = (
  matrix: Matrix,
  features: number,
  rowWeights: ArrayLike<number> | undefined,
  target: Float64Array,
  width: number,
): Float64Array | undefined => {
  const { rows, columns, data } = matrix
  const { factors, first } = originsOf(matrix, features)
  const weights = relative(rowWeights)
  const [weight, mean, squares] = [first, first, first].map(() => new Float64Array(features)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  for (let n = 0; n < rows; n++) {
    const w = weights === undefined ? 1 : weights[n]!
    for (let c = 0, i = n * columns; c < features; c++, i++) {
      const deviation = data[i]! * factors[c]! - first[c]!
      if (Number.isNaN(deviation)) continue
      weight[c]! += w
      mean[c]! += w * deviation
    }
  }
  for (let c = 0; c < features; c++) if (weight[c]! > 0) mean[c]! /= weight[c]!
  for (let n = 0; n < rows; n++) {
    const w = weights === undefined ? 1 : weights[n]!
    for (let c = 0, i = n * columns, to = n * width; c < features; c++, i++, to++) {
      const deviation = data[i]! * factors[c]! - first[c]! - mean[c]!
      const isThere = !Number.isNaN(deviation)
      target[to] = isThere ? deviation : 0
      if (isThere) squares[c]! += w * deviation * deviation
    }
  }
  const scales = squares.map((sum, c) => (sum > 0 ? Math.sqrt(weight[c]! / sum) : 0))
  for (let n = 0; n < rows; n++) for (let c = 0, to = n * width; c < features; c++, to++) target[to]! *= scales[c]!
  return weights
}
