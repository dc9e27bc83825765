import { type Matrix, type OwnMatrix, tabulate, type Vector } from './matrix.js'

// What every M-step uses is written as loops: calls of a function for each entry would take most of the time.

/** Whether a place holds no number at all, as a hole in an array or what is behind its end: results there are Infinity. */
const isHole = (entry: number | undefined): boolean => entry === undefined

/** Whether there is a hole among the first entries of a vector. */
export const hasHole = (v: Vector, length: number): boolean => {
  for (let i = 0; i < length; i++) if (isHole(v[i])) return true
  return false
}

/** Gives `factor` times a matrix, in a matrix of its own. */
export const scale =
  (factor: number) =>
  ({ rows, columns, data }: Matrix): Matrix => {
    const scaled = new Float64Array(data.length)
    for (let i = 0; i < scaled.length; i++) scaled[i] = factor * data[i]!
    return { rows, columns, data: scaled }
  }

/** Multiplies a matrix by `factor` in place, and gives it back. It is for matrices that nobody else has yet. */
export const scaleOwn =
  (factor: number) =>
  (m: OwnMatrix): OwnMatrix => {
    for (let i = 0; i < m.data.length; i++) m.data[i]! *= factor
    return m
  }

/** Gives A + B for two matrices of the same shape. */
export const add =
  (b: Matrix) =>
  ({ rows, columns, data }: Matrix): Matrix => {
    const sum = new Float64Array(data.length)
    for (let i = 0; i < sum.length; i++) sum[i] = data[i]! + b.data[i]!
    return { rows, columns, data: sum }
  }

/**
 * Gives A + `factor` x x' for a matrix A (D x D) and a vector x (D), and A + B + `factor` x x' where there is a B (D x D).
 * What is symmetric stays so to the bit.
 */
export const addOuter =
  (factor: number, x: Vector, b?: Matrix) =>
  ({ rows, columns, data }: Matrix): OwnMatrix => {
    const sum = new Float64Array(data.length)
    for (let i = 0; i < rows; i++) {
      const scaled = factor * x[i]!
      const overflows = !Number.isFinite(scaled)
      for (let j = 0; j <= i; j++) {
        const [lower, upper] = [i * columns + j, j * columns + i]
        const plain = scaled * x[j]!
        const more = overflows || Number.isNaN(plain) ? product(factor, x[i]!, x[j]!) : plain
        sum[lower] = (b ? data[lower]! + b.data[lower]! : data[lower]!) + more
        sum[upper] = (b ? data[upper]! + b.data[upper]! : data[upper]!) + more
      }
    }
    return { rows, columns, data: sum }
  }

/** a b c, of which the greatest and the smallest are multiplied first, so that only what is beyond float64 overflows; 0 where one is. */
const product = (a: number, b: number, c: number): number => {
  const [smallest, middle, greatest] = [a, b, c].sort((x, y) => Math.abs(x) - Math.abs(y)) as [number, number, number]
  return smallest === 0 ? 0 : greatest * smallest * middle
}

/** Gives the matrix `factor` x x' (D x D) of a vector x (D); Infinity in rows and columns of a hole in x. */
export const outer =
  (factor: number) =>
  (x: Vector): Matrix => {
    const dimension = x.length
    const data = new Float64Array(dimension * dimension)
    for (let i = 0, n = 0; i < dimension; i++) {
      const scaled = factor * x[i]!
      const overflows = !Number.isFinite(scaled)
      for (let j = 0; j < dimension; j++, n++) {
        const entry = overflows ? product(factor, x[i]!, x[j]!) : scaled * x[j]!
        data[n] = isHole(x[i]) || isHole(x[j]) ? Number.POSITIVE_INFINITY : entry
      }
    }
    return { rows: dimension, columns: dimension, data }
  }

/** Gives the sum of the numbers of a vector, added from the first to the last. */
export const sumOf = (v: Vector): number => {
  let sum = 0
  for (let i = 0; i < v.length; i++) sum += v[i]!
  return sum
}

/** Products of numbers of at most 1 in size are taken until they are as small as this. */
const SMALL = 2 ** -500

/** As many numbers at a time: loops of one call, however long, are compiled in a way that makes an object of every sum. */
const AT_ONCE = 512

const sumOfLogsIn = (v: Vector, from: number, end: number): number => {
  let sum = 0
  let product = 1
  for (let i = from; i < end; i++) {
    const x = v[i]!
    if (x < SMALL) sum += Math.log(x)
    else {
      product *= x
      if (product < SMALL) {
        sum += Math.log(product)
        product = 1
      }
    }
  }
  return sum + Math.log(product)
}

/**
 * Gives the sum of the logarithms of numbers from 0 to 1, by the logarithms of products of many, whose roundings are no greater than
 * those of a sum; -Infinity where one is 0.
 */
export const sumOfLogs = (v: Vector): number => {
  let sum = 0
  for (let from = 0; from < v.length; from += AT_ONCE) sum += sumOfLogsIn(v, from, Math.min(v.length, from + AT_ONCE))
  return sum
}

/** Scales of which one keeps a sum of products of finite numbers within float64. */
const SCALES = [2 ** -300, 2 ** -600]

/** The sum of products of terms beyond float64, by both factors times a power of two. */
const scaledDot = (length: number, a: (i: number) => number, b: (i: number) => number): number => {
  let sum = 0
  for (const scale of SCALES) {
    sum = 0
    for (let i = 0; i < length; i++) sum += scale * a(i) * (scale * b(i))
    if (Number.isFinite(sum)) return sum / scale / scale
  }
  return sum
}

/**
 * Gives the sum of products of two vectors of the same length: their inner product, and tr(A'B) for the data of two matrices.
 * Where terms of finite numbers are beyond float64 the sum is right all the same, or an infinity of its sign. With
 * a hole in either it is Infinity.
 */
export const dot =
  (b: Vector) =>
  (a: Vector): number => {
    let sum = 0
    for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
    if (Number.isFinite(sum)) return sum
    if (hasHole(a, a.length) || hasHole(b, a.length)) return Number.POSITIVE_INFINITY
    return scaledDot(
      a.length,
      i => a[i]!,
      i => b[i]!,
    )
  }

/** Gives a - b for two vectors of the same length; Infinity where either has a hole. */
export const subtract =
  (b: Vector) =>
  (a: Vector): Float64Array => {
    const difference = new Float64Array(a.length)
    for (let i = 0; i < difference.length; i++) {
      const entry = a[i]! - b[i]!
      difference[i] = Number.isNaN(entry) && (isHole(a[i]) || isHole(b[i])) ? Number.POSITIVE_INFINITY : entry
    }
    return difference
  }

/** Gives the N numbers A x for a matrix A (N x D) and a vector x (D), each of them as {@link dot} would. */
export const multiply =
  (x: Vector) =>
  (m: Matrix): Float64Array => {
    const result = new Float64Array(m.rows)
    for (let i = 0; i < m.rows; i++) {
      let sum = 0
      for (let j = 0; j < m.columns; j++) sum += m.data[i * m.columns + j]! * x[j]!
      result[i] = Number.isFinite(sum)
        ? sum
        : scaledDot(
            m.columns,
            j => m.data[i * m.columns + j]!,
            j => x[j]!,
          )
    }
    return result
  }

/** Gives the transpose A' (D x N) of a matrix A (N x D). */
export const transpose = ({ rows, columns, data }: Matrix): OwnMatrix => ({
  rows: columns,
  columns: rows,
  data: tabulate(data.length, at => data[(at % rows) * columns + Math.floor(at / rows)]!),
})

/** Gives A B (N x M) for matrices A (N x D) and B (D x M). */
export const matrixProduct = (a: Matrix, b: Matrix): OwnMatrix => ({
  rows: a.rows,
  columns: b.columns,
  data: tabulate(a.rows * b.columns, at => {
    const [i, j] = [Math.floor(at / b.columns), at % b.columns]
    let sum = 0
    for (let k = 0; k < a.columns; k++) sum += a.data[i * a.columns + k]! * b.data[k * b.columns + j]!
    return sum
  }),
})
