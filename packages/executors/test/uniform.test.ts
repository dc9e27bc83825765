import { drawAssignments } from '@conjugate/executors'
import { expect, test } from 'vitest'
import { philox, uniformAt } from '../dist/internals.js'

// Those of the authors' own implementation, Random123, for Philox of two words and ten rounds.
test.each([
  [0, 0, 0, 0xff1dae59, 0x6cd10df2],
  [0xffffffff, 0xffffffff, 0xffffffff, 0x2c3f628b, 0xab4fd7ad],
  [0x13198a2e, 0x243f6a88, 0x85a308d3, 0xdd7ce038, 0xf62a4c12],
])('key %i and counter %i, %i have the words of its authors', (key, first, second, a, b) => {
  expect(philox(key, first, second)).toEqual([a, b])
})

test('numbers of a seed are uniform, and others for each seed and place', () => {
  const seeds = [0, 1, 2 ** 32, 2 ** 53 - 1]
  const count = 10_000
  const all = seeds.flatMap(seed => Array.from({ length: count }, (_, n) => uniformAt(seed, n)))
  expect(new Set(all).size).toBe(all.length)
  expect(all.every(u => u >= 0 && u < 1)).toBe(true)
  for (const [i] of seeds.entries()) {
    const own = all.slice(i * count, (i + 1) * count).sort((a, b) => a - b)
    // The distance of Kolmogorov and Smirnov, which is more than this in one of 10,000 cases.
    const distance = Math.max(...own.map((u, n) => Math.max(Math.abs(u - n / count), Math.abs(u - (n + 1) / count))))
    expect(distance).toBeLessThan(2.23 / Math.sqrt(count))
  }
})

test('assignments have the probabilities of their rows, whatever rows are beside them, and none where nothing is possible', () => {
  const row = [0.5, 0, 0.3, 0.2]
  const rows = 20_000
  const data = Float64Array.from({ length: 4 * rows }, (_, i) => (i < 4 ? 0 : row[i % 4]!))
  const drawn = drawAssignments({ rows, columns: 4, data }, 2 ** 53 - 1)
  expect(drawn[0]).toBe(-1)
  for (const [k, p] of row.entries()) {
    const share = drawn.filter(z => z === k).length / rows
    expect(Math.abs(share - p)).toBeLessThan(p === 0 ? 1e-9 : 5 * Math.sqrt((p * (1 - p)) / rows))
  }
  expect(drawAssignments({ rows: 100, columns: 4, data: data.subarray(0, 400) }, 2 ** 53 - 1)).toEqual(
    drawn.slice(0, 100),
  )
  expect(drawAssignments({ rows, columns: 4, data }, 1)).not.toEqual(drawn)
})
