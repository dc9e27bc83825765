const ranges = new WeakMap<Float64Array, readonly [number, number]>()

const found = (values: Float64Array): readonly [number, number] => {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let n = 0; n < values.length; n++) {
    const x = values[n]!
    if (x < low) low = x
    if (x > high) high = x
  }
  return low <= high ? [low, high] : [0, 1]
}

/** The least and the greatest number of a column that is there, which are found once. */
export const rangeOf = (values: Float64Array): readonly [low: number, high: number] => {
  const range = ranges.get(values) ?? found(values)
  ranges.set(values, range)
  return range
}
