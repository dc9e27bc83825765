import type { SparseMatrix } from './rows.js'

/** K inner products of a row with F x K numbers, times a factor and added to what there is, in the order of the columns. */
export const addInnerProducts = (
  { indptr, indices, values }: SparseMatrix,
  n: number,
  factor: number,
  numbers: Float64Array,
  count: number,
  target: Float64Array,
): void => {
  const [first, end] = [indptr[n]!, indptr[n + 1]!]
  let k = 0
  // Sums that are variables wait for no memory.
  for (; k + 4 <= count; k += 4) {
    let [a, b, c, d] = [target[k]!, target[k + 1]!, target[k + 2]!, target[k + 3]!]
    for (let i = first; i < end; i++) {
      const value = factor * values[i]!
      const at = indices[i]! * count + k
      a += value * numbers[at]!
      b += value * numbers[at + 1]!
      c += value * numbers[at + 2]!
      d += value * numbers[at + 3]!
    }
    target[k] = a
    target[k + 1] = b
    target[k + 2] = c
    target[k + 3] = d
  }
  for (; k + 2 <= count; k += 2) {
    let [a, b] = [target[k]!, target[k + 1]!]
    for (let i = first; i < end; i++) {
      const value = factor * values[i]!
      const at = indices[i]! * count + k
      a += value * numbers[at]!
      b += value * numbers[at + 1]!
    }
    target[k] = a
    target[k + 1] = b
  }
  if (k < count) {
    let a = target[k]!
    for (let i = first; i < end; i++) a += factor * values[i]! * numbers[indices[i]! * count + k]!
    target[k] = a
  }
}

/** Adds a row to F x K sums, by K shares. */
export const addRow = (
  { indptr, indices, values }: SparseMatrix,
  n: number,
  shares: Float64Array,
  first: number,
  sums: Float64Array,
  count: number,
): void => {
  const end = indptr[n + 1]!
  let k = 0
  for (; k + 4 <= count; k += 4) {
    const [a, b, c, d] = [shares[first + k]!, shares[first + k + 1]!, shares[first + k + 2]!, shares[first + k + 3]!]
    for (let i = indptr[n]!; i < end; i++) {
      const value = values[i]!
      const at = indices[i]! * count + k
      sums[at]! += value * a
      sums[at + 1]! += value * b
      sums[at + 2]! += value * c
      sums[at + 3]! += value * d
    }
  }
  for (; k + 2 <= count; k += 2) {
    const [a, b] = [shares[first + k]!, shares[first + k + 1]!]
    for (let i = indptr[n]!; i < end; i++) {
      const value = values[i]!
      const at = indices[i]! * count + k
      sums[at]! += value * a
      sums[at + 1]! += value * b
    }
  }
  if (k < count) {
    const share = shares[first + k]!
    for (let i = indptr[n]!; i < end; i++) sums[indices[i]! * count + k]! += values[i]! * share
  }
}
