import { engine, matMul, mul, neg, type Tensor, tensor2d, tidy, transpose } from '@tensorflow/tfjs-core'
import { square } from '../matrix.js'
import { solveLower, solveLowerTransposed } from '../triangular.js'
import { ensureRegistered } from './host-kernel.js'

const names = { plain: 'ConjugateTriangularSolve', transposed: 'ConjugateTriangularSolveTransposed' } as const

/** The last two axes swapped. */
export const swap = (x: Tensor): Tensor => {
  const axes = x.shape.map((_, i) => i)
  return transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2])
}

const masked = (keep: (i: number, j: number) => number, x: Tensor): Tensor =>
  mul(x, tensor2d(Float32Array.from(square(x.shape.at(-1)!, keep).data), x.shape.slice(-2) as [number, number]))

/** The lower triangle, with `onDiagonal` times the diagonal. A mask, since the gradient of bandPart fails for a batch of one. */
export const lower = (x: Tensor, onDiagonal = 1): Tensor => masked((i, j) => (i === j ? onDiagonal : Number(j < i)), x)

export const diagonalOnly = (x: Tensor): Tensor => masked((i, j) => Number(i === j), x)

/**
 * Y = L^-1 B, or L'^-1 B, for batches of lower triangular L (... x D x D) and B (... x D x M) of one batch shape.
 * Source of the gradients: Giles, Collected matrix derivative results for forward and reverse mode AD (2008), 2.3.1.
 */
export const triangularSolve = (factor: Tensor, b: Tensor, transposed = false): Tensor => {
  const solve = transposed ? solveLowerTransposed : solveLower
  ensureRegistered({
    name: transposed ? names.transposed : names.plain,
    inputs: ['factor', 'b'],
    outputShape: ([, shape]) => [...shape!],
    compute: ([l, right], [, shape]) => {
      const [d, m] = shape!.slice(-2) as [number, number]
      const result = new Float64Array(right!.length)
      for (let n = 0; n < right!.length / (d * m); n++) {
        const matrix = { rows: d, columns: d, data: l!.subarray(n * d * d, (n + 1) * d * d) }
        for (let j = 0; j < m; j++) {
          const column = Float64Array.from({ length: d }, (_, i) => right![(n * d + i) * m + j]!)
          for (const [i, v] of solve(column)(matrix).entries()) result[(n * d + i) * m + j] = v
        }
      }
      return result
    },
    gradient: {
      inputsToSave: ['factor'],
      outputsToSave: [true],
      gradFunc: (dy, saved) => {
        const [l, y] = saved as [Tensor, Tensor]
        const db = (): Tensor => triangularSolve(l, dy as Tensor, !transposed)
        return {
          b: db,
          factor: () => tidy(() => neg(lower(transposed ? matMul(y, swap(db())) : matMul(db(), swap(y))))),
        }
      },
    },
  })
  return engine().runKernel(transposed ? names.transposed : names.plain, { factor, b }) as Tensor
}
