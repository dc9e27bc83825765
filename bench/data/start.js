import { random } from '@conjugate/distributions'

const SEED = 305

/**
 * Where all contestants start: equal weights (K), rows of different values as means (K x D), identities as covariances
 * (K x D x D), one after the other.
 * @param {Pick<import('../types.js').Dataset, 'rows' | 'columns' | 'components'>} dataset @param {Float64Array} values
 */
export const startOf = ({ rows, columns, components }, values) => {
  const source = random(SEED)
  /** @type {Map<string, Float64Array>} */
  const means = new Map()
  while (means.size < components) {
    const n = source.integer(rows)
    const mean = values.slice(n * columns, (n + 1) * columns)
    means.set(mean.join(), mean)
  }
  const start = new Float64Array(components * (1 + columns + columns * columns))
  start.fill(1 / components, 0, components)
  for (const [k, mean] of [...means.values()].entries()) {
    start.set(mean, components + k * columns)
    const covariance = components + components * columns + k * columns * columns
    for (let i = 0; i < columns; i++) start[covariance + i * (columns + 1)] = 1
  }
  return start
}
