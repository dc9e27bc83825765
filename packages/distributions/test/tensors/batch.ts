import { random } from '@conjugate/distributions'
import * as tf from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import type { Numbers, Row, Value } from './row.js'

type Parameters = Record<string, tf.Tensor>

const sum = (values: ReadonlyArray<number>): number => values.reduce((a, b) => a + b, 0)

/** Members of the same size, which can be one batch. */
export const batchesOf = (r: Row): never[][] => {
  const bySize = new Map<string, never[]>()
  tf.tidy(() => {
    for (const member of r.members) {
      const key = Object.values(r.tensors.lift(member))
        .map(t => t.shape.join())
        .join(';')
      bySize.set(key, [...(bySize.get(key) ?? []), member])
    }
  })
  return [...bySize.values()]
}

/** Numbers of the parts of one place of a batch. */
export const numbersAt = (tensors: Parameters, axes: Readonly<Record<string, number>>, place: number): Numbers =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, t]) => {
      const size = t.shape.slice(t.rank - axes[name]!).reduce((a, b) => a * b, 1)
      return [name, Array.from(t.dataSync().slice(place * size, (place + 1) * size))]
    }),
  )

/** Axes of the parameters of a batch of one axis. */
export const parameterAxes = (p: Parameters): Record<string, number> =>
  Object.fromEntries(Object.entries(p).map(([name, t]) => [name, t.rank - 1]))

/** A tensor of values, or a record of them, from the numbers of each in the order of the leading axes. */
export const valueFrom = (r: Row, numbers: ReadonlyArray<Numbers>, lead: ReadonlyArray<number>): Value => {
  const parts = Object.fromEntries(
    Object.entries(r.axes).map(([name, axes]) => {
      const length = numbers[0]![name]!.length
      const size = axes === 2 ? Math.round(Math.sqrt(length)) : length
      return [
        name,
        tf.tensor(
          numbers.flatMap(n => n[name]!),
          [...lead, ...Array(axes).fill(size)],
          'float32',
        ),
      ]
    }),
  )
  return '' in parts ? parts['']! : parts
}

export const partsOf = (x: Value): Parameters => (x instanceof tf.Tensor ? { '': x } : { ...x })

/** Draws of the float64 family as they are in float32, so that both are asked about the same. */
export const drawn = (r: Row, member: never, count: number, seed: number): Numbers[] => {
  const stream = random(seed)
  return Array.from({ length: count }, () => {
    const numbers = r.numbersOf(r.family.sample(member)(stream) as never)
    return Object.fromEntries(Object.entries(numbers).map(([k, v]) => [k, v.map(Math.fround)]))
  })
}

/** The sum over entries of a function of tensors and its gradients, as numbers. */
export const gradients = (
  f: (...parts: tf.Tensor[]) => tf.Tensor,
  at: ReadonlyArray<tf.Tensor>,
): { readonly value: number[]; readonly slopes: number[][] } =>
  tf.tidy(() => {
    const value = f(...at)
    const slopes = tf.grads((...parts: tf.Tensor[]) => tf.sum(f(...parts)))([...at])
    return { value: Array.from(value.dataSync()), slopes: slopes.map(t => Array.from(t.dataSync())) }
  })

/** A central difference along a direction. */
export const difference = (
  f: (values: number[]) => number,
  at: ReadonlyArray<number>,
  along: ReadonlyArray<number>,
): number => {
  const size = Math.max(...along.map(Math.abs))
  const h = (1e-5 * Math.max(0.1, ...at.filter((_, i) => along[i] !== 0).map(Math.abs))) / size
  const moved = (step: number) => f(at.map((v, i) => v + step * along[i]!))
  return (moved(h) - moved(-h)) / (2 * h)
}

export const dot = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): number => sum(a.map((v, i) => v * b[i]!))

/** Equal to so many units of the larger of 1 and the size, with what is not finite equal to itself. */
export const near = (
  actual: number,
  expected: number,
  tolerance: number,
  what: string,
  size = Math.abs(expected),
): void => {
  if (!Number.isFinite(expected)) expect(actual, what).toBe(expected)
  else
    expect(Math.abs(actual - expected), `${what}: ${actual} for ${expected}`).toBeLessThanOrEqual(
      tolerance * Math.max(1, size),
    )
}

/** What a function leaves behind besides its results. */
export const leavesNothing = (f: () => tf.TensorContainer): void => {
  const before = tf.memory().numTensors
  const result = f()
  tf.dispose(result)
  expect(tf.memory().numTensors).toBe(before)
}
