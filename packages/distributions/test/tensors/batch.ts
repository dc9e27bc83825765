import { random } from '@conjugate/distributions'
import * as tf from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import { type Value, type Values, wholeOf } from './questions.js'
import type { Numbers, Row } from './row.js'

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

/** Parameters of members as numbers, of several as a batch. */
export const lifted = (r: Row, members: never | ReadonlyArray<never>): Readonly<Record<string, Values>> =>
  tf.tidy(() =>
    Object.fromEntries(
      Object.entries(r.tensors.lift(members)).map(([name, t]) => [
        name,
        { values: Array.from(t.dataSync()), shape: t.shape },
      ]),
    ),
  )

/** Numbers of the parts of one place of so many. */
export const numbersAt = (parts: Readonly<Record<string, Values>>, place: number, places: number): Numbers =>
  Object.fromEntries(
    Object.entries(parts).map(([name, { values }]) => {
      const size = values.length / places
      return [name, values.slice(place * size, (place + 1) * size)]
    }),
  )

/** Values of shape [...lead, ...event], or of parts of such, from the numbers of each in the order of the leading axes. */
export const partsFrom = (
  r: Row,
  numbers: ReadonlyArray<Numbers>,
  lead: ReadonlyArray<number>,
): Readonly<Record<string, Values>> =>
  Object.fromEntries(
    Object.entries(r.axes).map(([name, axes]) => {
      const { length } = numbers[0]![name]!
      const size = axes === 2 ? Math.round(Math.sqrt(length)) : length
      return [name, { values: numbers.flatMap(n => n[name]!), shape: [...lead, ...Array(axes).fill(size)] }]
    }),
  )

/** The same as tensors. */
export const valueFrom = (r: Row, numbers: ReadonlyArray<Numbers>, lead: ReadonlyArray<number>): Value =>
  wholeOf(
    Object.fromEntries(
      Object.entries(partsFrom(r, numbers, lead)).map(([name, { values, shape }]) => [
        name,
        tf.tensor([...values], [...shape], 'float32'),
      ]),
    ),
  )

/** Draws of the float64 family as they are in float32, so that both are asked about the same. */
export const drawn = (r: Row, member: never, count: number, seed: number): Numbers[] => {
  const stream = random(seed)
  return Array.from({ length: count }, () => {
    const numbers = r.numbersOf(r.family.sample(member)(stream) as never)
    return Object.fromEntries(Object.entries(numbers).map(([k, v]) => [k, v.map(Math.fround)]))
  })
}

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
