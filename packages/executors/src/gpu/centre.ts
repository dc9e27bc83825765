/** Between 0 and twice the least of some numbers of one sign; 0 where they are of both. */
const towardsZero = (mean: number, least: number, most: number): number =>
  mean > 0 ? Math.max(0, Math.min(mean, 2 * least)) : Math.min(0, Math.max(mean, 2 * most))

/**
 * What may be subtracted from each of `columns` columns of row-major values, of which those at an index that does not count
 * are left out: their mean, but no further from 0 than twice the one nearest to it. So none gets larger in size, and none
 * loses digits when it is rounded, however far apart they are; values that lie close together far from 0 gain many.
 */
export const columnCentres = (
  values: Float64Array,
  columns: number,
  counts: (index: number) => boolean = () => true,
): Float64Array => {
  const least = new Float64Array(columns).fill(Number.POSITIVE_INFINITY)
  const most = new Float64Array(columns).fill(Number.NEGATIVE_INFINITY)
  const means = new Float64Array(columns)
  const found = new Float64Array(columns)
  for (let i = 0; i < values.length; i++) {
    if (!counts(i)) continue
    const [column, value] = [i % columns, values[i]!]
    least[column] = Math.min(least[column]!, value)
    most[column] = Math.max(most[column]!, value)
    // Not the sum, which may overflow.
    means[column]! += (value - means[column]!) / ++found[column]!
  }
  return means.map((mean, column) => towardsZero(mean, least[column]!, most[column]!))
}
