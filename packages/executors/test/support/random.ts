import type { QuadraticDensities } from '@conjugate/executors'

/** Uniform numbers in [0, 1), the same ones for the same seed. */
export const uniforms = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let z = Math.imul(state ^ (state >>> 15), state | 1)
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61)
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32
  }
}

/** N x D rows in [-3, 3), in steps of 2^-20: adding a whole number below 2^30 to them is exact. */
export const randomRows = (rows: number, columns: number, seed: number): Float64Array => {
  const uniform = uniforms(seed)
  return Float64Array.from({ length: rows * columns }, () => Math.round((uniform() * 6 - 3) * 2 ** 20) / 2 ** 20)
}

/** K Gaussians of random weights, means and lower Cholesky factors of the precision. */
export const randomDensities = (components: number, columns: number, seed: number): QuadraticDensities => {
  const uniform = uniforms(seed + 1)
  const mean = Float64Array.from({ length: components * columns }, () => uniform() * 4 - 2)
  const whitening = new Float64Array(components * columns * columns)
  const logConstant = new Float64Array(components)
  for (let k = 0; k < components; k++) {
    let logDeterminant = 0
    for (let i = 0; i < columns; i++)
      for (let j = 0; j <= i; j++) {
        const value = i === j ? 0.5 + uniform() : uniform() - 0.5
        whitening[(k * columns + i) * columns + j] = value
        if (i === j) logDeterminant += Math.log(value)
      }
    logConstant[k] = Math.log((0.1 + uniform()) / components) - (columns / 2) * Math.log(2 * Math.PI) + logDeterminant
  }
  return { components, columns, mean, whitening, logConstant }
}
