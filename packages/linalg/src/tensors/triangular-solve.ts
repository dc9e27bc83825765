import { matMul, type Tensor, type TypedArray, tidy } from '@tensorflow/tfjs-core'
import { type Kernel, operation } from './kernel.js'
import { matrices } from './matrices.generated.js'
import { minusLower, swap } from './matrices.js'
import { flag } from './native.js'
import { sizeOf } from './shape.js'
import { systems } from './shapes.js'
import { solveOnWebGl } from './webgl.js'
import { solveOnWebGpu } from './webgpu.js'

/** Y = L^-1 B of one matrix, or L'^-1 B, with Y in float64, row after row of all right sides at once. */
export const solveRows = (
  factor: TypedArray | Float64Array,
  l: number,
  d: number,
  m: number,
  transposed: boolean,
  y: Float64Array,
): void => {
  for (let step = 0; step < d; step++) {
    const i = transposed ? d - 1 - step : step
    const row = i * m
    const [first, end] = transposed ? [i + 1, d] : [0, i]
    const next = transposed ? d : 1
    let from = l + (transposed ? first * d + i : i * d)
    let k = first
    // Four at once, since a row that is read and written for each of them waits for memory.
    for (; k + 3 < end; k += 4, from += 4 * next) {
      const [f, g] = [factor[from]!, factor[from + next]!]
      const [u, v] = [factor[from + 2 * next]!, factor[from + 3 * next]!]
      for (let c = 0, o = k * m; c < m; c++, o++)
        y[row + c] = y[row + c]! - f * y[o]! - g * y[o + m]! - u * y[o + 2 * m]! - v * y[o + 3 * m]!
    }
    for (; k < end; k++, from += next) {
      const f = factor[from]!
      for (let c = 0, o = k * m; c < m; c++, o++) y[row + c]! -= f * y[o]!
    }
    const pivot = factor[l + i * d + i]!
    for (let c = 0; c < m; c++) y[row + c]! /= pivot
  }
}

type Attributes = { readonly transposed: boolean }

const kernel: Kernel<Attributes> = {
  name: 'ConjugateTriangularSolve',
  inputs: ['factor', 'b'],
  shapeOf: ([, b]) => b!,
  compute: ([l, b], [, shape], { transposed }, output) => {
    const [d, m] = shape!.slice(-2) as [number, number]
    const y = new Float64Array(d * m)
    for (let at = 0, n = 0; at < output.length; at += d * m, n += d * d) {
      for (let i = 0; i < d * m; i++) y[i] = b![at + i]!
      solveRows(l!, n, d, m, transposed, y)
      output.set(y, at)
    }
  },
  wasm: {
    text: matrices,
    scratch: ([, shape]) => shape!.at(-2)! * (shape!.at(-1)! + 1),
    run: (kernels, [l, b], out, scratch, [, shape], { transposed }) => {
      const [d, m] = shape!.slice(-2) as [number, number]
      kernels.solve(l!, b!, out, sizeOf(shape!) / d / m, d, m, transposed, scratch)
    },
  },
  native: ({ run }, inputs, _, { transposed }) =>
    run('MatrixTriangularSolve', inputs, flag('lower', true), flag('adjoint', transposed)),
  webgl: solveOnWebGl,
  webgpu: solveOnWebGpu,
  gradients: (dy, [l, b], { transposed }) => {
    const ofRight = (): Tensor => solve([l!, dy], { transposed: !transposed })
    return [
      () =>
        tidy(() => {
          const y = solve([l!, b!], { transposed })
          return minusLower(transposed ? matMul(y, ofRight(), false, true) : matMul(ofRight(), y, false, true))
        }),
      ofRight,
    ]
  },
}

/** For tensors of float32 of one batch shape. */
const solve = operation(kernel)

/**
 * Gives Y = L^-1 B for batches of triangular factors L (... x D x D) and of right sides B (... x D x M), whose leading axes
 * broadcast. L is lower triangular, or upper triangular where `upper` says so; what is beyond its diagonal is not read. With
 * `transposed` it is L'^-1 B. A 0 on the diagonal gives infinities or NaN in its own matrix, as division does. Throws where shapes
 * do not fit.
 * Source of the gradients: Giles, Collected matrix derivative results for forward and reverse mode AD (2008), 2.3.1.
 */
export const triangularSolve = (
  factor: Tensor,
  b: Tensor,
  { transposed = false, upper = false }: { readonly transposed?: boolean; readonly upper?: boolean } = {},
): Tensor =>
  tidy(() => {
    const [l, right] = systems('triangularSolve', factor, b)
    return upper ? solve([swap(l), right], { transposed: !transposed }) : solve([l, right], { transposed })
  })
