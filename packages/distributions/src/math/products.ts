import { dot, type Matrix, solveLower, tabulate, type Vector } from '@conjugate/linalg'

/** a b, which is 0 where one of them is, whatever the other. */
export const product = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : a * b)

/** `weight` times each of so many entries; Infinity where one is no number at all, as a hole in an array: no check lets it pass. */
export const weigh = (x: Vector, weight: number, length: number = x.length): Float64Array =>
  tabulate(length, i => (x[i] === undefined ? Number.POSITIVE_INFINITY : weight * x[i]!))

/** A number, or Infinity for what is none since parts of it are beyond float64 on both sides. */
export const orInfinity = (x: number): number => (Number.isNaN(x) ? Number.POSITIVE_INFINITY : x)

/** x^2 / v, for a v > 0, where x^2 may be beyond float64. */
export const squareOver = (x: number, v: number): number => x * (x / v)

/** The sum of squares of x - from, over v. */
export const squaredNormOver = (v: number, x: Vector, from?: Vector): number => {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += squareOver(x[i]! - (from?.[i] ?? 0), v)
  return sum
}

/** |L^-1 x|^2, the squared length of x in units of a covariance L L'; Infinity of one that is beyond float64. */
export const squaredLength = (x: Vector, factor: Matrix): number => {
  const residual = solveLower(x)(factor)
  const square = dot(residual)(residual)
  return orInfinity(square)
}

/** A matrix of covariances in which what is no number, since parts of it are beyond float64 on both sides, is Infinity. */
export const heldMatrix = (m: Matrix): Matrix => ({ ...m, data: tabulate(m.data.length, i => orInfinity(m.data[i]!)) })
