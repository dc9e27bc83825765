import { random } from '@conjugate/distributions'

/** How far cluster centres lie apart, in standard deviations: near enough that most rows belong to several. */
const SPREAD = 1.5

/**
 * Rows (row-major) of overlapping Gaussian clusters with full covariances; the same for every run.
 * @param {number} rows @param {number} columns @param {number} components
 */
export const clusters = (rows, columns, components) => {
  const source = random(4, rows + columns + components)
  const normals = (/** @type {number} */ count, /** @type {number} */ scale) =>
    Float64Array.from({ length: count }, () => scale * source.normal())
  const centres = normals(components * columns, SPREAD)
  const mixing = normals(components * columns * columns, 1 / Math.sqrt(columns))
  const values = new Float64Array(rows * columns)
  const noise = new Float64Array(columns)
  for (let n = 0; n < rows; n++) {
    const k = source.integer(components)
    for (let j = 0; j < columns; j++) noise[j] = source.normal()
    for (let i = 0; i < columns; i++) {
      let value = centres[k * columns + i]
      for (let j = 0; j < columns; j++) value += mixing[(k * columns + i) * columns + j] * noise[j]
      values[n * columns + i] = value
    }
  }
  return values
}
