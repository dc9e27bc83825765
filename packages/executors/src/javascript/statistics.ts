/** Adds partial sums to totals, array by array, and leaves the partial sums zero. */
export const moveSums = (totals: ReadonlyArray<Float64Array>, partials: ReadonlyArray<Float64Array>): void => {
  for (const [i, total] of totals.entries()) {
    const partial = partials[i]!
    for (let j = 0; j < total.length; j++) total[j]! += partial[j]!
    partial.fill(0)
  }
}
