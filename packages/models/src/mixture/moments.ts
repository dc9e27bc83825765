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

/** Rows of which products are added up at a time, so that sums are read and written once for all of them. */
const ROWS = 8

/** Adds the products of deviations that count for their shares, which are column after column, one row after the other. */
const addProducts = (products: Float64Array, columns: number, some: Float64Array, shares: Float64Array): void => {
  for (let i = 0; i < columns; i++) {
    const own = i * ROWS
    const a = shares[0]! * some[own]!
    const b = shares[1]! * some[own + 1]!
    const c = shares[2]! * some[own + 2]!
    const d = shares[3]! * some[own + 3]!
    const e = shares[4]! * some[own + 4]!
    const f = shares[5]! * some[own + 5]!
    const g = shares[6]! * some[own + 6]!
    const h = shares[7]! * some[own + 7]!
    for (let j = 0, at = 0, to = i * columns; j <= i; j++, at += ROWS, to++)
      products[to] =
        products[to]! +
        a * some[at]! +
        b * some[at + 1]! +
        c * some[at + 2]! +
        d * some[at + 3]! +
        e * some[at + 4]! +
        f * some[at + 5]! +
        g * some[at + 6]! +
        h * some[at + 7]!
  }
}

/** Of rows of D columns that weigh `total` together, which has to be known, so that no sum overflows. */
export const growingMoments = (columns: number, total: number): GrowingMoments => {
  let shift: Float64Array | undefined
  let mean: Float64Array | undefined
  const [some, shares] = [new Float64Array(ROWS * columns), new Float64Array(ROWS)]
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
      for (let n = 0; n < rows; n += ROWS) {
        for (let r = 0, row = n, at = n * columns; r < ROWS; r++, row++) {
          const isThere = row < rows
          shares[r] = isThere ? (weights?.[row] ?? 1) / total : 0
          for (let i = 0, to = r; i < columns; i++, to += ROWS, at++) some[to] = isThere ? data[at]! - mean[i]! : 0
        }
        addProducts(products, columns, some, shares)
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
