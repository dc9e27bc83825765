import { poisson, random } from '@conjugate/distributions'

/**
 * Categories of classes that prefer one in each column, column after column. The same for every run.
 * @param {number} rows @param {number} columns @param {number} levels @param {number} classes
 */
export const categories = (rows, columns, levels, classes) => {
  const source = random(15, rows)
  const values = new Uint8Array(rows * columns)
  for (let n = 0; n < rows; n++) {
    const k = source.integer(classes)
    for (let c = 0; c < columns; c++)
      values[c * rows + n] = source.uniform() < 0.6 ? (k + c) % levels : source.integer(levels)
  }
  return values
}

/** Counts about as many rates. @param {number} rows @param {number} classes */
export const countsOf = (rows, classes) => {
  const source = random(16, rows)
  const values = new Uint8Array(rows)
  for (let n = 0; n < rows; n++)
    values[n] = Math.min(255, poisson.sample({ rate: 2 + 6 * source.integer(classes) })(source))
  return values
}
