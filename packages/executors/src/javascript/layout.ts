/** Rows that are computed together: each coefficient that is read serves four rows. */
export const lanes = 4

/** Rows whose sums are one partial sum. The sums of the blocks are added in the order of the blocks. */
export const blockRows = 256

/**
 * Columns of N x D, row-major, from number `first` on, to groups of four rows, each `width` x 4; the last group is filled up
 * with zeros.
 */
export const interleave = (
  values: Float64Array,
  rows: number,
  columns: number,
  first = 0,
  width: number = columns,
): Float64Array => {
  const packed = new Float64Array(Math.ceil(rows / lanes) * lanes * width)
  for (let row = 0; row < rows; row++) {
    const lane = row % lanes
    let from = row * columns + first
    let to = (row - lane) * width + lane
    for (let column = 0; column < width; column++, to += lanes) packed[to] = values[from++]!
  }
  return packed
}
