import {
  add,
  cast,
  customGrad,
  div,
  equal,
  expandDims,
  matMul,
  mul,
  slice,
  squeeze,
  sub,
  type Tensor,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core'
import { NATIVE } from './internals.js'
import { type Kernel, operation } from './kernel.js'
import { diagonalMatrix, symmetric } from './matrices.js'
import { flag, index } from './native.js'
import { squares } from './shapes.js'

/** Rotations go on until no entry off the diagonal is larger than this share of the norm, or for so many rounds. */
const [OFF_DIAGONAL, ROUNDS] = [1e-15, 40]

/**
 * Makes a symmetric matrix (D x D) diagonal in place, by turning rows and columns in pairs, and the rows of `v` along.
 * Source: Golub and Van Loan, Matrix Computations, 4th ed. (2013), section 8.5 (cyclic Jacobi).
 */
const diagonalise = (a: Float64Array, v: Float64Array, d: number): void => {
  const least = OFF_DIAGONAL * Math.sqrt(a.reduce((sum, x) => sum + x * x, 0))
  for (let [round, turned] = [0, true]; turned && round < ROUNDS; round++) {
    turned = false
    for (let p = 0; p < d; p++)
      for (let q = p + 1; q < d; q++) {
        const [pp, qq, pq] = [a[p * d + p]!, a[q * d + q]!, a[p * d + q]!]
        if (!(Math.abs(pq) > least)) continue
        turned = true
        const zeta = (qq - pp) / (2 * pq)
        const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta))
        const c = 1 / Math.sqrt(1 + t * t)
        const s = c * t
        for (let k = 0; k < d; k++) {
          const [x, y] = [a[k * d + p]!, a[k * d + q]!]
          a[k * d + p] = c * x - s * y
          a[k * d + q] = s * x + c * y
        }
        for (let k = 0; k < d; k++) {
          const [x, y] = [a[p * d + k]!, a[q * d + k]!]
          a[p * d + k] = c * x - s * y
          a[q * d + k] = s * x + c * y
          const [u, w] = [v[p * d + k]!, v[q * d + k]!]
          v[p * d + k] = c * u - s * w
          v[q * d + k] = s * u + c * w
        }
        a[p * d + q] = 0
        a[q * d + p] = 0
      }
  }
}

type Attributes = Record<never, never>

/** Eigenvalues in a first row, by size, and below it the eigenvectors as rows: ... x (D + 1) x D. */
const kernel: Kernel<Attributes> = {
  name: 'ConjugateSymmetricEigen',
  inputs: ['x'],
  shapeOf: ([x]) => [...x!.slice(0, -2), x!.at(-1)! + 1, x!.at(-1)!],
  compute: ([x], [shape], _, output) => {
    const d = shape!.at(-1)!
    const [a, v] = [new Float64Array(d * d), new Float64Array(d * d)]
    for (let at = 0, to = 0; to < output.length; at += d * d, to += d * (d + 1)) {
      for (let i = 0; i < d; i++)
        for (let j = 0; j < d; j++) {
          a[i * d + j] = x![at + (i < j ? j * d + i : i * d + j)]!
          v[i * d + j] = i === j ? 1 : 0
        }
      if (!a.every(Number.isFinite)) {
        output.fill(Number.NaN, to, to + d * (d + 1))
        continue
      }
      diagonalise(a, v, d)
      const order = Array.from({ length: d }, (_, i) => i).sort((i, j) => a[i * d + i]! - a[j * d + j]!)
      for (const [i, k] of order.entries()) {
        output[to + i] = a[k * d + k]!
        output.set(v.subarray(k * d, (k + 1) * d), to + d * (i + 1))
      }
    }
  },
  native: ({ run, outputs, whole }, [x], [shape]) => {
    const [values, vectors] = outputs(2, 'SelfAdjointEigV2', [x!], flag('compute_v', true)) as [number, number]
    const axes = shape!.map((_, i) => i)
    const swapped = whole([...axes.slice(0, -2), axes.length - 1, axes.length - 2])
    const rows = run('Transpose', [vectors, swapped], index('Tperm'))
    const first = run('ExpandDims', [values, whole([-2])], index('Tdim'))
    return run('ConcatV2', [first, rows, whole([-2], [])], index('Tidx'), { name: 'N', type: NATIVE.INT, value: 2 })
  },
  gradients: (dy, [x]) => [
    () =>
      tidy(() => {
        const { values, vectors } = parts(eigen([x!], {}))
        const slopes = parts(dy)
        const gaps = sub(expandDims(values, -2), expandDims(values, -1))
        const equals = isZero(gaps)
        const turned = div(matMul(vectors, slopes.vectors, false, true), add(gaps, equals))
        const inside = add(mul(sub(1, equals), turned), diagonalMatrix(slopes.values))
        return symmetric(matMul(matMul(vectors, inside, true, false), vectors))
      }),
  ],
}

const eigen = operation(kernel)

const parts = (x: Tensor): { readonly values: Tensor; readonly vectors: Tensor } => {
  const batch = x.shape.slice(0, -2)
  const none = batch.map(() => 0)
  const d = x.shape.at(-1)!
  return {
    values: squeeze(slice(x, [...none, 0, 0], [...batch, 1, d]), [-2]),
    vectors: slice(x, [...none, 1, 0], [...batch, d, d]),
  }
}

/** 1 where an entry is 0, and 0 elsewhere, which no gradient passes through. */
const isZero = (x: Tensor): Tensor =>
  customGrad(v => ({ value: cast(equal(v as Tensor, 0), 'float32'), gradFunc: () => zeros(x.shape) }))(x)

/**
 * Gives the eigenvalues (... x D) of each matrix of a batch of symmetric ones (... x D x D), of which the lower triangles are read,
 * in ascending order; NaN where an entry is not finite. Where eigenvalues coincide, the gradient is that of one choice of their
 * axes, and second derivatives leave out what is between them. Throws where matrices are not square, and on GPUs.
 * Source of the gradient: Giles, Collected matrix derivative results for forward and reverse mode AD (2008), 3.1.
 */
export const symmetricEigenvalues = (x: Tensor): Tensor =>
  tidy(() => parts(eigen([squares('symmetricEigenvalues', x)], {})).values)
