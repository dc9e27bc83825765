/**
 * Reads rows from `start` on as long as each has the columns of these names, in this order, and a byte in each of them; gives the number
 * of the first that does not. The cells of column c go to `bytes` from c N on, so that no array is looked up for a cell, and nothing
 * else is in the loop, which takes most of the time of a table of rows. Rows may not be lists unless no name is 0.
 */
export const readByteRows = (
  rows: ArrayLike<unknown>,
  names: ReadonlyArray<string>,
  bytes: Uint8Array,
  start: number,
): number => {
  const { length } = rows
  for (let n = start; n < length; n++) {
    const row = rows[n] as Readonly<Record<string, unknown>> | null
    if (typeof row !== 'object' || row === null) return n
    let seen = 0
    let to = n
    for (const name in row) {
      if (name !== names[seen]) return n
      const cell = row[name]
      // -0 has other bits than 0.
      if (typeof cell !== 'number' || (cell & 255) !== cell || Object.is(cell, -0)) return n
      bytes[to] = cell
      to += length
      seen++
    }
    if (seen !== names.length) return n
  }
  return length
}
