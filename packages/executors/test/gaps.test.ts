import { expect, test } from 'vitest'
import { mayHaveGaps } from '../dist/internals.js'
import { normals, uniforms } from './support/random.js'

type Draw = () => number

/** Columns of some shape, of so many groups where there are any. */
const shapes: ReadonlyArray<readonly [name: string, of: (count: number, uniform: Draw, normal: Draw) => Draw]> = [
  ['uniform', (_, uniform) => uniform],
  ['normal', (_, _uniform, normal) => normal],
  ['groups apart', (count, uniform) => () => Math.floor(count * uniform()) + 0.1 * uniform()],
  ['groups that nearly touch', (count, uniform) => () => Math.floor(count * uniform()) + 0.7 * uniform()],
  ['an outlier', (count, uniform) => () => (uniform() < 0.02 ? 1e3 : Math.floor(count * uniform()) + 0.2 * uniform())],
  ['heavy tails', (_, _uniform, normal) => () => normal() / Math.abs(normal())],
  ['few numbers', (count, uniform) => () => Math.floor(2 * count * uniform())],
]

/** The least squared deviations within so many groups of numbers in order, by all ways to divide them, and those of all. */
const leastWithin = (values: ReadonlyArray<readonly [x: number, w: number]>, count: number) => {
  const inOrder = [...values].sort(([a], [b]) => a - b)
  const within = (from: number, to: number): number => {
    const part = inOrder.slice(from, to)
    const weight = part.reduce((sum, [, w]) => sum + w, 0)
    const mean = part.reduce((sum, [x, w]) => sum + w * x, 0) / weight
    return part.reduce((sum, [x, w]) => sum + w * (x - mean) ** 2, 0)
  }
  let best = inOrder.map((_, i) => within(0, i + 1))
  const all = best.at(-1)!
  for (let k = 1; k < count; k++)
    best = best.map((before, i) => Math.min(before, ...best.slice(0, i).map((b, j) => b + within(j + 1, i + 1))))
  return { least: best.at(-1)!, all }
}

test.each(shapes)('no column of %s is missed that has gaps between groups', (_name, of) => {
  for (const count of [2, 3, 5, 13])
    for (let seed = 1; seed <= 6; seed++) {
      const draw = of(count, uniforms(seed), normals(seed))
      const weigh = uniforms(seed + 100)
      const [rows, width] = [40, 3]
      const data = Float64Array.from({ length: rows * width }, draw)
      const weights = seed % 2 === 0 ? Float64Array.from({ length: rows }, () => 0.1 + weigh()) : undefined
      const values = Array.from({ length: rows }, (_, n) => [data[n * width + 1]!, weights?.[n] ?? 1] as const)
      const { least, all } = leastWithin(values, count)
      const points = { data, width, features: width, weights }
      // By a share that is just enough there are gaps.
      expect(mayHaveGaps(points, 1, count, (least / all) * (1 + 1e-6) + 1e-12)).toBe(true)
    }
})

test('columns without gaps are known without being sorted', () => {
  for (const [name, of] of shapes.slice(0, 2))
    for (const count of [2, 3, 4, 8]) {
      const data = Float64Array.from({ length: 2048 }, of(count, uniforms(count), normals(count)))
      const points = { data, width: 1, features: 1, weights: undefined }
      expect(mayHaveGaps(points, 0, count, 2 / 5 / count ** 2), `${name} numbers, ${count} groups`).toBe(false)
    }
})
