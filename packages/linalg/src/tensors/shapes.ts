import { broadcastTo, cast, type Tensor } from '@tensorflow/tfjs-core'
import type { Shape } from './shape.js'

/** Throws, as operations of TensorFlow.js do. */
const wrong = (operation: string, expected: string, received: string): never => {
  throw new Error(`${operation}: ${received}, expected ${expected}`)
}

const shown = (shape: Shape): string => `the shape [${shape.join(', ')}]`

/** A tensor of float32: whole numbers and booleans become that. */
export const real = (operation: string, x: Tensor): Tensor => {
  if (x.dtype === 'float32') return x
  return x.dtype === 'int32' || x.dtype === 'bool'
    ? cast(x, 'float32')
    : wrong(operation, 'a tensor of numbers', `the type ${x.dtype}`)
}

/** A batch of square matrices (... x D x D). */
export const squares = (operation: string, x: Tensor): Tensor =>
  x.rank >= 2 && x.shape.at(-1) === x.shape.at(-2)
    ? real(operation, x)
    : wrong(operation, 'square matrices [..., D, D]', shown(x.shape))

/** The shape that shapes have in common, where axes of length 1 are repeated. */
const common = (operation: string, shapes: ReadonlyArray<Shape>): number[] => {
  const rank = Math.max(...shapes.map(s => s.length))
  return Array.from({ length: rank }, (_, axis) => {
    const lengths = shapes.map(s => s[s.length - rank + axis] ?? 1)
    const length = lengths.find(n => n !== 1) ?? 1
    return lengths.every(n => n === 1 || n === length)
      ? length
      : wrong(operation, 'shapes that broadcast', shapes.map(shown).join(' and '))
  })
}

const repeated = (x: Tensor, shape: Shape): Tensor =>
  x.rank === shape.length && x.shape.every((n, i) => n === shape[i]) ? x : broadcastTo(x, [...shape])

/** Tensors of one shape, of which axes of length 1 were repeated. */
export const broadcast = (operation: string, xs: ReadonlyArray<Tensor>): Tensor[] => {
  const shape = common(
    operation,
    xs.map(x => x.shape),
  )
  return xs.map(x => repeated(real(operation, x), shape))
}

/** Factors (... x D x D) and right sides (... x D x M) of one batch shape. */
export const systems = (operation: string, factor: Tensor, b: Tensor): readonly [factor: Tensor, b: Tensor] => {
  const squared = squares(operation, factor)
  const d = factor.shape.at(-1)!
  if (b.rank < 2 || b.shape.at(-2) !== d) wrong(operation, `right sides [..., ${d}, M]`, shown(b.shape))
  const batch = common(operation, [factor.shape.slice(0, -2), b.shape.slice(0, -2)])
  return [repeated(squared, [...batch, d, d]), repeated(real(operation, b), [...batch, d, b.shape.at(-1)!])]
}
