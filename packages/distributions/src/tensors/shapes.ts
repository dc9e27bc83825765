import * as tf from '@tensorflow/tfjs-core'

/** The lengths of the axes that parameters and values share, such as the columns `d`, by the names of the axes. */
export type Sizes = Readonly<Record<string, number>>

/** Shapes of tensors that do not fit each other, which is what the functions of tensors throw, as those of TensorFlow.js do. */
export class TensorMismatch extends Error {
  readonly _tag = 'TensorMismatch'
  /** The family, and the function or parameter where they meet. */
  readonly where: string
  readonly expected: string
  readonly received: string
  constructor(where: string, expected: string, received: string) {
    super(`${where}: expected ${expected}, received ${received}`)
    this.where = where
    this.expected = expected
    this.received = received
  }
}

const described = (shape: ReadonlyArray<number>): string => `shape [${shape.join(', ')}]`

/** The shape that both are broadcast to: axes are matched from the last one, and one of length 1 is repeated. */
export const broadcast = (where: string, a: ReadonlyArray<number>, b: ReadonlyArray<number>): number[] => {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => {
    const [p, q] = [a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1]
    if (p !== q && p !== 1 && q !== 1)
      throw new TensorMismatch(where, `leading axes that are broadcast to [${b.join(', ')}]`, `[${a.join(', ')}]`)
    return p === 1 ? q : p
  })
}

/** The axes before those of an event. */
export const leading = (x: tf.Tensor, axes: number): number[] => x.shape.slice(0, x.rank - axes)

/** Repeated to other leading axes, before so many of its own. */
export const expand = (x: tf.Tensor, lead: ReadonlyArray<number>, axes: number): tf.Tensor => {
  const shape = [...lead, ...x.shape.slice(x.rank - axes)]
  if (shape.length === x.rank && shape.every((n, i) => n === x.shape[i])) return x
  return tf.broadcastTo(tf.reshape(x, [...Array(shape.length - x.rank).fill(1), ...x.shape]), shape)
}

/** So many axes of length 1 at the end. */
export const trailing = (x: tf.Tensor, axes: number): tf.Tensor =>
  axes === 0 ? x : tf.reshape(x, [...x.shape, ...Array(axes).fill(1)])

/** The lengths of named axes at the end of a shape, added to those that are known; a number is the length itself. */
export const bind = (
  where: string,
  shape: ReadonlyArray<number>,
  axes: ReadonlyArray<string | number>,
  known: Sizes,
): Sizes => {
  const sizes: Record<string, number> = { ...known }
  const expected = () =>
    `shape [..., ${axes.join(', ')}]${axes.map(a => (typeof a === 'string' && known[a] !== undefined ? ` with ${a} = ${known[a]}` : '')).join('')}`
  if (shape.length < axes.length) throw new TensorMismatch(where, expected(), described(shape))
  for (const [i, axis] of axes.entries()) {
    const length = shape[shape.length - axes.length + i]!
    const wanted = typeof axis === 'number' ? axis : sizes[axis]
    if (wanted !== undefined && wanted !== length) throw new TensorMismatch(where, expected(), described(shape))
    if (typeof axis === 'string') sizes[axis] = length
  }
  return sizes
}

/** The numbers of the last axis from one place up to another. */
export const part = (x: tf.Tensor, from: number, to: number): tf.Tensor =>
  tf.slice(x, [...x.shape.slice(0, -1).map(() => 0), from], [...x.shape.slice(0, -1), to - from])

/** The last axis in parts of these lengths. A split by TensorFlow.js has no gradient where there is one part. */
export const partsOf = (x: tf.Tensor, sizes: ReadonlyArray<number>): tf.Tensor[] => {
  let from = 0
  return sizes.map(size => {
    from += size
    return part(x, from - size, from)
  })
}
