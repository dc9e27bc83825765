import { excessOfLog } from './itakura-saito.js'
import type { Matrix } from './matrix.js'
import { kernelFor } from './matrix-kernel.js'

/** The sum of the squares of the triangle L^-1 M, column by column, but for its diagonal, of which a term of both pivots is added. */
const sumOverQuotient = (factor: Matrix, other: Matrix, ofPivots: (x: number, y: number) => number): number => {
  const { rows: n, data: l } = factor
  const m = other.data
  const whole = kernelFor(n)?.divide(factor, m)
  const column = new Float64Array(n)
  let total = 0
  // Forward substitution of the columns of M, which begin with zeros.
  for (let j = 0; j < n; j++) {
    total += ofPivots(m[j * n + j]!, l[j * n + j]!)
    if (whole) for (let i = j + 1; i < n; i++) total += whole[i * n + j]! * whole[i * n + j]!
    else {
      column[j] = m[j * n + j]! / l[j * n + j]!
      for (let i = j + 1; i < n; i++) {
        let sum = m[i * n + j]!
        for (let k = j; k < i; k++) sum -= l[i * n + k]! * column[k]!
        column[i] = sum / l[i * n + i]!
        total += column[i]! * column[i]!
      }
    }
  }
  return total
}

/**
 * Gives tr(A^-1 B) - D - log|A^-1 B| from the Cholesky factors L of A and M of B (D x D). It is never negative, and 0 only
 * where they are equal: over the triangle L^-1 M it is the sum of the Itakura-Saito divergences of the squared diagonal from 1
 * and of the squares beside it. Half of it is the divergence of two normals of one mean.
 * Source: Kullback, Information Theory and Statistics (1959), chapter 9.
 */
export const excessOfTrace = (factorA: Matrix, factorB: Matrix): number => {
  const excess = sumOverQuotient(factorA, factorB, itakuraSaitoOfSquare)
  // Only infinities against each other are no number, and then the trace is beyond float64.
  return Number.isNaN(excess) ? Number.POSITIVE_INFINITY : excess
}

/** The Itakura-Saito divergence of x^2 from y^2, in which x - y is not rounded twice. */
const itakuraSaitoOfSquare = (x: number, y: number): number => {
  const v = ((x - y) / y) * ((x + y) / y)
  return Math.abs(v) <= 0.5 ? excessOfLog(v) : v - 2 * Math.log(Math.abs(x / y))
}

/**
 * Gives tr(A^-1 B) = ||L^-1 M||^2 from the Cholesky factors L of A and M of B (D x D). Nothing cancels, and it is never
 * negative.
 */
export const traceOfQuotient = (factorA: Matrix, factorB: Matrix): number =>
  sumOverQuotient(factorA, factorB, (x, y) => (x / y) * (x / y))
