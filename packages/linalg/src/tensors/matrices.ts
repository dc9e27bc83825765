import {
  add,
  expandDims,
  eye,
  mul,
  neg,
  reshape,
  type Tensor,
  tensor,
  tidy,
  transpose,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core'

/** The last two axes of something swapped. */
const swapped = (axes: ReadonlyArray<number>): number[] => [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!]

/** The last two axes swapped. Of no entries tfjs-backend-wasm has no transpose. */
export const swap = (x: Tensor): Tensor =>
  x.size === 0 ? reshape(x, swapped(x.shape)) : transpose(x, swapped(x.shape.map((_, i) => i)))

/** A D x D table of a function of the row and the column, for the last two axes of a tensor. */
const table = (x: Tensor, dtype: 'bool' | 'float32', f: (i: number, j: number) => number): Tensor => {
  const d = x.shape.at(-1)!
  return tensor(
    Float32Array.from({ length: d * d }, (_, at) => f(Math.floor(at / d), at % d)),
    [...x.shape.slice(0, -2).map(() => 1), d, d],
    dtype,
  )
}

/** Entries where a condition on the row and the column holds, and others elsewhere, whatever is there: NaN is not carried on. */
export const select = (x: Tensor, keep: (i: number, j: number) => boolean, otherwise: Tensor = zerosLike(x)): Tensor =>
  where(
    table(x, 'bool', (i, j) => Number(keep(i, j))),
    x,
    otherwise,
  )

/** The lower triangle, with `onDiagonal` times the diagonal. A mask, since the gradient of bandPart fails for a batch of one. */
export const lower = (x: Tensor, onDiagonal = 1): Tensor =>
  tidy(() => {
    const triangle = select(x, (i, j) => j <= i)
    return onDiagonal === 1
      ? triangle
      : mul(
          triangle,
          table(x, 'float32', (i, j) => (i === j ? onDiagonal : 1)),
        )
  })

export const minusLower = (x: Tensor): Tensor => tidy(() => neg(lower(x)))

/** The mean of a matrix and its mirror. */
export const symmetric = (x: Tensor): Tensor => tidy(() => mul(0.5, add(x, swap(x))))

/** Diagonal matrices (... x D x D) of numbers (... x D). */
export const diagonalMatrix = (x: Tensor): Tensor => tidy(() => mul(eye(x.shape.at(-1)!), expandDims(x, -1)))
