import { div, expandDims, eye, log, matMul, mul, neg, onesLike, sum, type Tensor, tidy } from '@tensorflow/tfjs-core'
import { factorise, factoriseSmall, SMALL } from './factorise.js'
import { type Kernel, operation } from './kernel.js'
import { logarithms } from './logarithms.generated.js'
import { matrices } from './matrices.generated.js'
import { lower, select, swap, symmetric } from './matrices.js'
import { type Doubles, flag, index } from './native.js'
import { type Shape, sizeOf } from './shape.js'
import { squares } from './shapes.js'
import { solveRows, triangularSolve } from './triangular-solve.js'
import { choleskyOnWebGl } from './webgl.js'
import { choleskyOnWebGpu } from './webgpu.js'

type None = Record<never, never>

/** The number of matrices, and their rows. */
const counts = (shape: Shape): [n: number, d: number] => {
  const d = shape.at(-1)!
  return [sizeOf(shape) / d / d, d]
}

const squared = ([shape]: ReadonlyArray<Shape>): number => shape!.at(-1)! ** 2

/**
 * Makes matrices NaN all over that have no factor. Of such a factor TensorFlow makes the lower triangle NaN, and leaves memory as
 * it was above.
 */
const withoutFactor = ({ run, whole, real }: Doubles, factor: number, of: number): number => {
  const none = run('Mul', [run('MatrixDiagPart', [factor]), real(0)])
  const ofMatrix = run('Sum', [none, whole([-1])], flag('keep_dims', true), index('Tidx'))
  return run('AddV2', [of, run('ExpandDims', [ofMatrix, whole([-1])], index('Tdim'))])
}

const factors: Kernel<None> = {
  name: 'ConjugateCholesky',
  inputs: ['x'],
  shapeOf: ([x]) => x!,
  compute: ([x], [shape], _, output) => {
    const d = shape!.at(-1)!
    if (d <= SMALL) return factoriseSmall(x!, d, output)
    const l = new Float64Array(d * d)
    for (let at = 0; at < output.length; at += d * d) {
      const isFactor = factorise(x!, at, d, l)
      for (let i = 0, k = 0; i < d; i++) for (let j = 0; j < d; j++, k++) output[at + k] = isFactor && j > i ? 0 : l[k]!
    }
  },
  wasm: {
    text: matrices,
    scratch: squared,
    run: (kernels, [x], out, scratch, [shape]) => kernels.cholesky(x!, out, ...counts(shape!), scratch),
  },
  native: (doubles, [x]) => {
    const l = doubles.run('Cholesky', [x!])
    return withoutFactor(doubles, l, l)
  },
  isLess: ([x]) => x!.at(-1)! <= SMALL,
  webgl: choleskyOnWebGl,
  webgpu: choleskyOnWebGpu,
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

const onDiagonal = (i: number, j: number): boolean => i === j

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
  wasm: {
    text: logarithms,
    run: (kernels, [l], out, _, [shape]) => kernels.logDeterminant(l!, out, ...counts(shape!)),
  },
  native: ({ run, whole, real }, [l]) => {
    const logs = run('Log', [run('MatrixDiagPart', [l!])])
    return run('Mul', [run('Sum', [logs, whole([-1])], flag('keep_dims', false), index('Tidx')), real(2)])
  },
  composed: ([l]) => tidy(() => mul(2, sum(log(select(l!, onDiagonal, onesLike(l!))), [-2, -1]))),
  gradients: (dy, [l]) => [
    () =>
      tidy(() => {
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
  wasm: {
    text: matrices,
    scratch: shapes => 2 * squared(shapes),
    run: (kernels, [x], out, scratch, [shape]) => kernels.inverse(x!, out, ...counts(shape!), scratch),
  },
  native: (doubles, [x], [shape]) => {
    const { run, whole, real } = doubles
    const d = shape!.at(-1)!
    const ones = run('Fill', [whole([d]), real(1)], index('index_type'))
    const identity = run('MatrixDiag', [ones])
    const sides = [flag('lower', true), flag('adjoint', false)]
    const l = doubles.run('Cholesky', [x!])
    const w = run('MatrixTriangularSolve', [l, identity], ...sides)
    const product = run('BatchMatMulV2', [w, w], flag('adj_x', true), flag('adj_y', false))
    // Symmetric to the bit.
    const axes = shape!.map((_, i) => i)
    const mirrored = run(
      'Transpose',
      [product, whole([...axes.slice(0, -2), axes.length - 1, axes.length - 2])],
      index('Tperm'),
    )
    return withoutFactor(doubles, l, run('Mul', [run('AddV2', [product, mirrored]), real(1, 2)]))
  },
  composed: ([x]) =>
    tidy(() => {
      // Not by a product, in which tfjs-backend-webgpu takes a neighbour that is NaN times 0.
      const l = factor([x!], {})
      const w = triangularSolve(l, eye(x!.shape.at(-1)!))
      return symmetric(triangularSolve(l, w, { transposed: true }))
    }),
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
