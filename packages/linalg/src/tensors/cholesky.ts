import { add, engine, eye, log, matMul, mul, reshape, sum, type Tensor, tidy, tile } from '@tensorflow/tfjs-core'
import * as E from 'fp-ts/lib/Either.js'
import { choleskyOfLowerTriangle } from '../cholesky.js'
import { ensureRegistered } from './host-kernel.js'
import { diagonalOnly, lower, swap, triangularSolve } from './triangular-solve.js'

const name = 'ConjugateCholesky'

/**
 * The lower Cholesky factors of a batch of symmetric positive definite matrices (... x D x D), of which the lower
 * triangles are read. A matrix that is not positive definite gets a factor of NaN, since the others have theirs.
 * Source of the gradient: Murray, Differentiation of the Cholesky decomposition (2016), equation 8.
 */
export const cholesky = (x: Tensor): Tensor => {
  ensureRegistered({
    name,
    inputs: ['x'],
    outputShape: ([shape]) => [...shape!],
    compute: ([values], [shape]) => {
      const d = shape!.at(-1)!
      const result = new Float64Array(values!.length)
      for (let start = 0; start < values!.length; start += d * d) {
        const factor = choleskyOfLowerTriangle({ rows: d, columns: d, data: values!.subarray(start, start + d * d) })
        result.set(E.isRight(factor) ? factor.right.data : new Float64Array(d * d).fill(Number.NaN), start)
      }
      return result
    },
    gradient: {
      outputsToSave: [true],
      gradFunc: (dy, saved) => ({
        x: () =>
          tidy(() => {
            const l = saved[0]!
            const inner = triangularSolve(l, lower(matMul(swap(l), dy as Tensor), 0.5), true)
            const s = triangularSolve(l, swap(inner), true)
            return mul(0.5, add(s, swap(s)))
          }),
      }),
    },
  })
  return engine().runKernel(name, { x }) as Tensor
}

/** log|A| of each matrix of a batch, from its Cholesky factor (... x D x D). */
export const logDeterminant = (factor: Tensor): Tensor =>
  tidy(() => mul(2, sum(log(sum(diagonalOnly(factor), -1)), -1)))

/**
 * The inverse of each matrix of a batch of symmetric positive definite ones (... x D x D), of which the lower triangles are
 * read: L'^-1 L^-1, symmetric. NaN where a matrix is not positive definite.
 */
export const symmetricInverse = (x: Tensor): Tensor =>
  tidy(() => {
    const d = x.shape.at(-1)!
    const batch = x.shape.slice(0, -2)
    const identity = reshape(eye(d), [...batch.map(() => 1), d, d])
    const whitening = triangularSolve(cholesky(x), tile(identity, [...batch, 1, 1]))
    return matMul(whitening, whitening, true, false)
  })
