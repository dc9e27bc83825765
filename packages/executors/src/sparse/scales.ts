import type { SparseMatrix } from './rows.js'

/** A power of 2 that leaves numbers of at most this size at most 2. */
const inRange = (size: number): number => (size > 0 ? 2 ** -Math.max(-1000, Math.floor(Math.log2(size))) : 1)

/**
 * One over the standard deviations of columns over rows, or those of some places, which may have weights; 0 of those that are
 * constant, or are not among the features, which are the first. Where the mean is, is nothing to distances.
 */
export const scalesOf = (
  { rows: all, columns, indices, indptr, values }: SparseMatrix,
  features: number,
  weights: Float64Array | undefined,
  places: ArrayLike<number> | undefined,
): Float64Array => {
  const [sizes, sums, squares, there] = [0, 0, 0, 0].map(() => new Float64Array(columns)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!)
    if (size > sizes[indices[i]!]!) sizes[indices[i]!] = size
  }
  const factors = sizes.map(inRange)
  const rows = places?.length ?? all
  let total = 0
  for (let n = 0; n < rows; n++) {
    const place = places === undefined ? n : places[n]!
    const weight = weights === undefined ? 1 : weights[n]!
    total += weight
    for (let i = indptr[place]!, end = indptr[place + 1]!; i < end; i++) {
      const column = indices[i]!
      sums[column]! += weight * (values[i]! * factors[column]!)
      there[column]! += weight
    }
  }
  const means = sums.map(sum => sum / total)
  for (let n = 0; n < rows; n++) {
    const place = places === undefined ? n : places[n]!
    const weight = weights === undefined ? 1 : weights[n]!
    for (let i = indptr[place]!, end = indptr[place + 1]!; i < end; i++) {
      const column = indices[i]!
      const deviation = values[i]! * factors[column]! - means[column]!
      squares[column]! += weight * (deviation * deviation)
    }
  }
  return squares.map((square, column) => {
    // What is 0 is as far from the mean as the mean is large.
    const variance = (square + (total - there[column]!) * means[column]! ** 2) / total
    const isConstant = variance <= (4 * Number.EPSILON) ** 2
    return column >= features || isConstant ? 0 : factors[column]! / Math.sqrt(variance)
  })
}
