import { BLOCK, type HeldRows, type SparseMatrix, type SparseWork } from './rows.js'

const workOn = (
  { rows: all, columns, indptr, indices, values }: SparseMatrix,
  stride: number,
  places: ArrayLike<number> | undefined,
): SparseWork => {
  const numbers = new Float64Array(columns * stride)
  const sums = new Float64Array(columns * stride)
  const lines = new Float64Array(BLOCK * stride)
  const scales = new Float64Array(columns)
  const placeOf = (row: number): number => (places === undefined ? row : places[row]!)
  return {
    rows: places?.length ?? all,
    stride,
    numbers,
    sums,
    lines,
    scales,
    innerProducts: (first, end) => {
      for (let row = first, line = 0; row < end; row++, line += stride) {
        const last = indptr[placeOf(row) + 1]!
        for (let k = 0; k < stride; k++) {
          let sum = 0
          for (let i = indptr[placeOf(row)]!; i < last; i++) sum += values[i]! * numbers[indices[i]! * stride + k]!
          lines[line + k] = sum
        }
      }
    },
    addRows: (first, end) => {
      for (let row = first, line = 0; row < end; row++, line += stride) {
        const last = indptr[placeOf(row) + 1]!
        for (let k = 0; k < stride; k++) {
          const share = lines[line + k]!
          for (let i = indptr[placeOf(row)]!; i < last; i++) sums[indices[i]! * stride + k]! += values[i]! * share
        }
      }
    },
    addScaled: (place, component, share) => {
      let inner = 0
      for (let i = indptr[place]!, last = indptr[place + 1]!; i < last; i++) {
        const at = indices[i]! * stride + component
        const scale = scales[indices[i]!]!
        inner += values[i]! * numbers[at]!
        numbers[at]! += values[i]! * scale * scale * share
      }
      return inner
    },
  }
}

/** Sparse rows in plain JavaScript. */
export const heldInJavaScript = (matrix: SparseMatrix): HeldRows => ({
  matrix,
  work: (components, places) => workOn(matrix, components, places),
  ranOn: 'sparse rows in JavaScript (float64)',
})
