import type { TypedArray } from '@tensorflow/tfjs-core'

/** The sum of p_i q_i of `length` numbers each, in four sums, since one addition would wait for the other. */
const dot = (p: Float64Array, i: number, q: Float64Array, j: number, length: number): number => {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  let k = 0
  for (; k + 3 < length; k += 4) {
    a += p[i + k]! * q[j + k]!
    b += p[i + k + 1]! * q[j + k + 1]!
    c += p[i + k + 2]! * q[j + k + 2]!
    d += p[i + k + 3]! * q[j + k + 3]!
  }
  for (; k < length; k++) a += p[i + k]! * q[j + k]!
  return a + b + (c + d)
}

/** The factor of the matrix at an index, in float64; of NaN, and `false`, where there is none. Above its diagonal it is left. */
export const factorise = (x: TypedArray, at: number, d: number, l: Float64Array): boolean => {
  for (let i = 0; i < d; i++) {
    const row = i * d
    for (let j = 0; j < i; j++) l[row + j] = (x[at + row + j]! - dot(l, row, l, j * d, j)) / l[j * d + j]!
    const pivot = x[at + row + i]! - dot(l, row, l, row, i)
    // Written so that NaN fails too.
    if (!(pivot > 0 && pivot < Number.POSITIVE_INFINITY)) {
      l.fill(Number.NaN)
      return false
    }
    l[row + i] = Math.sqrt(pivot)
  }
  return true
}

/** Up to so many rows a matrix is factorised without a loop, which would take longer than what is in it. */
export const SMALL = 3

/** The factors of matrices of at most {@link SMALL} rows, with what is above their diagonals. */
export const factoriseSmall = (x: TypedArray, d: number, output: Float32Array): void => {
  const [second, third] = [d, 2 * d]
  for (let at = 0; at < output.length; at += d * d) {
    const a = Math.sqrt(x[at]!)
    let b = 0
    let c = 1
    let e = 0
    let f = 0
    let g = 1
    if (d > 1) {
      b = x[at + second]! / a
      c = Math.sqrt(x[at + second + 1]! - b * b)
    }
    if (d > 2) {
      e = x[at + third]! / a
      f = (x[at + third + 1]! - e * b) / c
      g = Math.sqrt(x[at + third + 2]! - e * e - f * f)
    }
    // Of pivots that are not positive and finite: a root of 0 is divided by, but for the last.
    const product = a * c * g
    const none = product > 0 && product < Number.POSITIVE_INFINITY ? 0 : Number.NaN
    output[at] = a + none
    if (d > 1) {
      output[at + 1] = none
      output[at + second] = b + none
      output[at + second + 1] = c + none
    }
    if (d > 2) {
      output[at + 2] = none
      output[at + second + 2] = none
      output[at + third] = e + none
      output[at + third + 1] = f + none
      output[at + third + 2] = g + none
    }
  }
}
