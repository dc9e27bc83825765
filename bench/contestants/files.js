import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** The float64 values of a file, without a second copy of them. @param {string} path */
export const readValues = path => {
  const file = openSync(path, 'r')
  const values = new Float64Array(fstatSync(file).size / Float64Array.BYTES_PER_ELEMENT)
  const bytes = new Uint8Array(values.buffer)
  for (let at = 0; at < bytes.length; ) at += readSync(file, bytes, at, bytes.length - at, null)
  closeSync(file)
  return values
}

/**
 * Weights (K), means (K of D) and covariances (K of D x D) from a file.
 * @param {import('../types.js').Request} request
 */
export const readStart = ({ start, d, k }) => {
  const values = readValues(start)
  return {
    weights: values.slice(0, k),
    components: Array.from({ length: k }, (_, i) => ({
      mean: values.slice(k + i * d, k + (i + 1) * d),
      covariance: { rows: d, columns: d, data: values.slice(k + k * d + i * d * d, k + k * d + (i + 1) * d * d) },
    })),
  }
}
