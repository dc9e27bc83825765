import { random } from '@conjugate/distributions'

/** @typedef {{ readonly rows: number, readonly columns: number, readonly components: number, readonly separation: number }} Apart */

/**
 * Rows (row-major) of clusters whose centres are so many standard deviations apart, and a start near the truth: weights (K),
 * means (K x D), covariances (K x D x D), one after the other. The same for every run.
 * @param {Apart} shape
 */
export const clustersApart = ({ rows, columns, components, separation }) => {
  const source = random(26, rows + columns + components)
  const normals = (/** @type {number} */ count, /** @type {number} */ scale) =>
    Float64Array.from({ length: count }, () => scale * source.normal())
  const centres = normals(components * columns, separation / Math.sqrt(2 * columns))
  const deviations = Float64Array.from({ length: components * columns }, () => 0.5 + source.uniform())
  const values = new Float64Array(rows * columns)
  for (let n = 0; n < rows; n++) {
    const k = source.integer(components)
    for (let i = 0, last = 0; i < columns; i++) {
      // Columns that depend on the one before, with variance 1.
      last = 0.5 * last + Math.sqrt(0.75) * source.normal()
      values[n * columns + i] = centres[k * columns + i] + deviations[k * columns + i] * last
    }
  }
  const start = new Float64Array(components * (1 + columns + columns * columns))
  start.fill(1 / components, 0, components)
  start.set(
    centres.map(c => c + 0.1 * source.normal()),
    components,
  )
  for (let k = 0; k < components; k++)
    for (let i = 0; i < columns; i++)
      start[components * (1 + columns) + k * columns * columns + i * (columns + 1)] =
        1.2 * deviations[k * columns + i] ** 2
  return { values, start }
}
