/** Rows of `width` numbers as rows of `width + 1`, with a zero at their end. */
export const widen = (source: Float64Array, width: number): Float64Array => {
  const rows = source.length / width
  const target = new Float64Array(rows * (width + 1))
  for (let row = 0; row < rows; row++) target.set(source.subarray(row * width, (row + 1) * width), row * (width + 1))
  return target
}
