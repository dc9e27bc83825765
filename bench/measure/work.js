/** Four to reduce the argument, and a polynomial of degree 11. */
const EXPONENTIAL = 4 + 2 * 11

/**
 * Float64 operations that an iteration cannot do without, a multiply-add counting as two: for every row and component D
 * subtractions, D(D+1)/2 multiply-adds to whiten and D to square; an exponential; D products with the
 * responsibility, D(D+1)/2 multiply-adds of outer products, and D + 1 sums.
 * @param {{ readonly rows: number, readonly columns: number, readonly components: number }} dataset
 */
export const operations = ({ rows, columns: d, components }) =>
  rows * components * (d + d * (d + 1) + 2 * d + EXPONENTIAL + d + d * (d + 1) + d + 1)

/**
 * Bytes of the data, which an iteration reads once.
 * @param {{ readonly rows: number, readonly columns: number }} dataset
 */
export const bytes = ({ rows, columns }) => rows * columns * Float64Array.BYTES_PER_ELEMENT
