import type { MatrixKernel } from './triangles.js'

/** Of fewer rows, loops take no longer than a call and its copies. */
const LEAST_ROWS = 24

let loaded: MatrixKernel | undefined

/** The kernel for matrices of so many rows, where it has been loaded and is worth a call. */
export const kernelFor = (rows: number): MatrixKernel | undefined => (rows < LEAST_ROWS ? undefined : loaded)

/**
 * Loads a WebAssembly kernel of two kilobytes, by which Cholesky factors, inverses of them and divergences of matrices of this many rows
 * are computed from then on, with the same bits: four to eight times as fast with hundreds of rows. Gives whether there is one: there is
 * none for fewer than 24 rows, without SIMD, or where it cannot be loaded. Executors load it with rows of as many columns.
 */
export const loadMatrixKernel = async (rows: number): Promise<boolean> => {
  try {
    if (rows >= LEAST_ROWS) loaded ??= (await import('./triangles.js')).matrixKernel()
  } catch {
    return false
  }
  return kernelFor(rows) !== undefined
}
