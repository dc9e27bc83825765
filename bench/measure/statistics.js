/** The least of some numbers. @param {ReadonlyArray<number>} values */
export const best = values => Math.min(...values)

/** The middle one, or the mean of the middle two. @param {ReadonlyArray<number>} values */
export const median = values => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
