import { type Matrix, square, tabulate, type Vector } from '@conjugate/linalg'

/** The share of its variance that each column is given for itself, so that the scale of collinear ones is positive definite. */
const RIDGE = 1e-6

/** What rows say of the prior: where they are and how far they spread, in their own units. */
export interface Moments {
  /** D means. */
  readonly mean: Vector
  /** D x D; positive definite, as columns that do not vary have the square of their size as a variance. */
  readonly covariance: Matrix
}

/** Gathers the moments of rows, which may come in parts, in two rounds over all of them. */
export interface GrowingMoments {
  /** The first round. */
  readonly addToMean: (rows: Matrix, weights: Vector | undefined) => void
  /** The second round, over the same rows. */
  readonly addToCovariance: (rows: Matrix, weights: Vector | undefined) => void
  readonly found: () => Moments
}

/**
 * From D means, the mean products of the deviations from them (D x D, of which the lower triangle counts) and how large the numbers of
 * each column are at the most.
 */
export const momentsOf = (mean: Vector, products: Vector, sizes: Vector): Moments => {
  const columns = mean.length
  const varies = tabulate(columns, i => (products[i * columns + i]! > (4 * Number.EPSILON * sizes[i]!) ** 2 ? 1 : 0))
  return {
    mean,
    covariance: square(columns, (i, j) => {
      const product = products[Math.max(i, j) * columns + Math.min(i, j)]!
      if (i !== j) return varies[i]! * varies[j]! * product
      return (1 + RIDGE) * (varies[i] ? product : sizes[i]! ** 2 || 1)
    }),
  }
}

/** Of rows of D columns that weigh `total` together, which has to be known, so that no sum overflows. */
export const growingMoments = (columns: number, total: number): GrowingMoments => {
  let shift: Float64Array | undefined
  let mean: Float64Array | undefined
  const deviation = new Float64Array(columns)
  const [sizes, sums, products] = [new Float64Array(columns), new Float64Array(columns), new Float64Array(columns ** 2)]
  return {
    addToMean: ({ rows, data }, weights) => {
      shift ??= tabulate(columns, i => data[i]!)
      for (let n = 0; n < rows; n++) {
        const share = (weights?.[n] ?? 1) / total
        for (let i = 0; i < columns; i++) {
          const x = data[n * columns + i]!
          sizes[i] = Math.max(sizes[i]!, Math.abs(x))
          sums[i]! += share * (x - shift[i]!)
        }
      }
    },
    addToCovariance: ({ rows, data }, weights) => {
      mean ??= sums.map((s, i) => s + shift![i]!)
      for (let n = 0; n < rows; n++) {
        const share = (weights?.[n] ?? 1) / total
        for (let i = 0; i < columns; i++) {
          deviation[i] = data[n * columns + i]! - mean[i]!
          for (let j = 0; j <= i; j++) products[i * columns + j]! += share * deviation[i]! * deviation[j]!
        }
      }
    },
    found: () => momentsOf(mean!, products, sizes),
  }
}

/** What rows weigh together. */
export const totalOf = (rows: number, weights: Vector | undefined): number => {
  let total = 0
  for (let n = 0; n < rows; n++) total += weights?.[n] ?? 1
  return total
}

/** The moments of rows (N x D). */
export const momentsIn = (rows: Matrix, weights: Vector | undefined): Moments => {
  const moments = growingMoments(rows.columns, totalOf(rows.rows, weights))
  moments.addToMean(rows, weights)
  moments.addToCovariance(rows, weights)
  return moments.found()
}
