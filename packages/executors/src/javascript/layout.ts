/** Rows that are computed together: each coefficient that is read serves four rows. */
export const lanes = 4

/** Rows whose sums are one partial sum. The sums of the blocks are added in the order of the blocks. */
export const blockRows = 256

/** N x D row-major to groups of four rows, each D x 4; the last group is filled up with zeros. */
export const interleave = (values: Float64Array, rows: number, columns: number): Float64Array => {
  const packed = new Float64Array(Math.ceil(rows / lanes) * lanes * columns)
  for (let row = 0, from = 0; row < rows; row++) {
    const lane = row % lanes
    let to = (row - lane) * columns + lane
    for (let column = 0; column < columns; column++, to += lanes) packed[to] = values[from++]!
  }
  return packed
}
