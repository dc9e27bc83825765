import { div, expandDims, matMul, mul, neg, onesLike, type Tensor, type TypedArray, tidy } from '@tensorflow/tfjs-core'
import { type Kernel, operation } from './kernel.js'
import { lower, select, swap, symmetric } from './matrices.js'
import { squares } from './shapes.js'
import { solveRows, triangularSolve } from './triangular-solve.js'

type None = Record<never, never>

/** The factor of the matrix at an index, in float64; of NaN, and `false`, where there is none. Above its diagonal it is left. */
const factorise = (x: TypedArray, at: number, d: number, l: Float64Array): boolean => {
  for (let i = 0; i < d; i++)
    for (let j = 0; j <= i; j++) {
      let sum = x[at + i * d + j]!
      for (let k = 0, a = i * d, b = j * d; k < j; k++) sum -= l[a + k]! * l[b + k]!
      if (i !== j) l[i * d + j] = sum / l[j * d + j]!
      // Written so that NaN fails too.
      else if (sum > 0 && sum < Number.POSITIVE_INFINITY) l[i * d + i] = Math.sqrt(sum)
      else {
        l.fill(Number.NaN)
        return false
      }
    }
  return true
}

const factors: Kernel<None> = {
  name: 'ConjugateCholesky',
  inputs: ['x'],
  shapeOf: ([x]) => x!,
  compute: ([x], [shape], _, output) => {
    const d = shape!.at(-1)!
    const l = new Float64Array(d * d)
    for (let at = 0; at < output.length; at += d * d) {
      if (factorise(x!, at, d, l)) for (let i = 0; i < d; i++) for (let j = i + 1; j < d; j++) l[i * d + j] = 0
      output.set(l, at)
    }
  },
  gradients: (dy, [x]) => [
    () =>
      tidy(() => {
        const l = factor([x!], {})
        const inner = triangularSolve(l, lower(matMul(l, dy, true, false), 0.5), { transposed: true })
        return symmetric(triangularSolve(l, swap(inner), { transposed: true }))
      }),
  ],
}

const factor = operation(factors)

/**
 * Gives the lower Cholesky factors of a batch of symmetric positive definite matrices (... x D x D), of which the lower triangles
 * are read; 0 above the diagonal. A matrix that is not positive definite has a factor of NaN, above the diagonal as well, and
 * the others have theirs. The gradient is symmetric. Throws where matrices are not square.
 * Source of the gradient: Murray, Differentiation of the Cholesky decomposition (2016), equation 8.
 */
export const cholesky = (x: Tensor): Tensor => tidy(() => factor([squares('cholesky', x)], {}))

const determinants: Kernel<None> = {
  name: 'ConjugateLogDeterminant',
  inputs: ['factor'],
  shapeOf: ([shape]) => shape!.slice(0, -2),
  compute: ([l], [shape], _, output) => {
    const d = shape!.at(-1)!
    for (let n = 0, at = 0; n < output.length; n++, at += d * d) {
      let sum = 0
      for (let i = 0; i < d; i++) sum += Math.log(l![at + i * d + i]!)
      output[n] = 2 * sum
    }
  },
  gradients: (dy, [l]) => [
    () =>
      tidy(() => {
        const onDiagonal = (i: number, j: number): boolean => i === j
        const slopes = div(mul(2, expandDims(expandDims(dy, -1), -1)), select(l!, onDiagonal, onesLike(l!)))
        return select(slopes, onDiagonal)
      }),
  ],
}

const determinant = operation(determinants)

/**
 * Gives log|A| of each matrix of a batch (...) from its Cholesky factor (... x D x D), of which the diagonal alone is read:
 * -Infinity where that has a 0, and NaN where it has a negative number or NaN. Throws where factors are not square.
 */
export const logDeterminant = (factor: Tensor): Tensor =>
  tidy(() => determinant([squares('logDeterminant', factor)], {}))

const inverses: Kernel<None> = {
  name: 'ConjugateSymmetricInverse',
  inputs: ['x'],
  shapeOf: ([x]) => x!,
  compute: ([x], [shape], _, output) => {
    const d = shape!.at(-1)!
    const [l, w] = [new Float64Array(d * d), new Float64Array(d * d)]
    for (let at = 0; at < output.length; at += d * d) {
      factorise(x!, at, d, l)
      w.fill(0)
      for (let i = 0; i < d; i++) w[i * d + i] = 1
      solveRows(l, 0, d, d, false, w)
      for (let i = 0; i < d; i++)
        for (let j = 0; j <= i; j++) {
          let sum = 0
          for (let k = i * d; k < d * d; k += d) sum += w[k + i]! * w[k + j]!
          output[at + i * d + j] = sum
          output[at + j * d + i] = sum
        }
    }
  },
  gradients: (dy, [x]) => [
    () =>
      tidy(() => {
        const inverse = invert([x!], {})
        return neg(matMul(matMul(inverse, symmetric(dy)), inverse))
      }),
  ],
}

const invert = operation(inverses)

/**
 * Gives the inverse of each matrix of a batch of symmetric positive definite ones (... x D x D), of which the lower triangles are
 * read: symmetric to the bit, and NaN where a matrix is not positive definite. The gradient is symmetric. Throws where matrices
 * are not square.
 */
export const symmetricInverse = (x: Tensor): Tensor => tidy(() => invert([squares('symmetricInverse', x)], {}))
