/** The greatest power of two up to a number, within the range of float64, and 1 for 0. Dividing by it is exact. */
const powerOfTwo = (largest: number): number =>
  largest > 0 ? 2 ** Math.min(1022, Math.max(-1022, Math.floor(Math.log2(largest)))) : 1

/**
 * One scale for each of `columns` columns of row-major values: divided by it, the largest is about 1. Without it, squares
 * of values below 1e-19 or above 1e19 would leave the range of float32.
 */
export const columnScales = (values: Float64Array, columns: number): Float64Array => {
  const largest = new Float64Array(columns)
  for (let i = 0, column = 0; i < values.length; i++, column = column + 1 === columns ? 0 : column + 1) {
    const size = Math.abs(values[i]!)
    if (size > largest[column]!) largest[column] = size
  }
  return largest.map(powerOfTwo)
}
