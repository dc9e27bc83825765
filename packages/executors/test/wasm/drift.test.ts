import type { DiagonalDensities, QuadraticDensities } from '@conjugate/executors'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { driftOf, progressOf } from '../../dist/internals.js'
import { randomDensities, randomDiagonal, uniforms } from '../support/random.js'

/** The unit of distances in the kernel, whose logarithms are to base 2. */
const SCALE = Math.sqrt(Math.LOG2E / 2)

const distance = (densities: QuadraticDensities | DiagonalDensities, k: number, row: Float64Array): number => {
  const { columns, mean } = densities
  let squares = 0
  for (let i = 0; i < columns; i++) {
    let y = 0
    for (let j = 0; j <= i; j++) {
      const w =
        densities._tag === 'Quadratic'
          ? densities.whitening[(k * columns + i) * columns + j]!
          : i === j
            ? densities.scale[k * columns + i]!
            : 0
      y += w * (row[j]! - mean[k * columns + j]!)
    }
    squares += y * y
  }
  return SCALE * Math.sqrt(squares)
}

const moved = <D extends QuadraticDensities | DiagonalDensities>(densities: D, size: number, seed: number): D => {
  const uniform = uniforms(seed)
  const by = (values: Float64Array): Float64Array =>
    values.map(v => (v === 0 ? 0 : v * (1 + size * (2 * uniform() - 1)) + 0))
  return densities._tag === 'Quadratic'
    ? { ...densities, mean: by(densities.mean), whitening: by(densities.whitening) }
    : { ...densities, mean: by(densities.mean), scale: by(densities.scale) }
}

/** With columns of scales from 1 to so much. */
const stretched = (densities: QuadraticDensities, most: number): QuadraticDensities => ({
  ...densities,
  whitening: densities.whitening.map(
    (w, i) =>
      w * most ** ((Math.floor(i / densities.columns) % densities.columns) / Math.max(1, densities.columns - 1)),
  ),
})

test.each([
  ['Quadratic', randomDensities],
  ['Diagonal', randomDiagonal],
] as const)('no row comes nearer to a component than the drift of its parameters allows: %s', (_, random) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.double({ min: -12, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 9, noNaN: true }),
      fc.nat(1e6),
      (columns, change, stretch, seed) => {
        const made = random(2, columns, seed)
        const before = made._tag === 'Quadratic' ? stretched(made, 10 ** stretch) : made
        const now = moved(before, 10 ** change, seed)
        const { shrinks, shifts } = driftOf(before, now)
        const uniform = uniforms(seed + 2)
        for (let n = 0; n < 30; n++) {
          const size = 10 ** (6 * uniform() - 3)
          const row = Float64Array.from({ length: columns }, () => size * (uniform() - 0.5))
          for (let k = 0; k < 2; k++) {
            const least = Math.max(0, distance(before, k, row) * shrinks[k]! - shifts[k]!) * 0.999999
            expect(distance(now, k, row)).toBeGreaterThanOrEqual(least)
          }
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('parameters that stay keep all that is known, and those that move little nearly all', () => {
  const before = randomDensities(3, 16, 1)
  for (const [size, least] of [
    [0, 1 - 1e-9],
    [1e-4, 0.995],
    [1e-2, 0.7],
  ] as const)
    for (const shrink of driftOf(before, moved(before, size, 2)).shrinks) expect(shrink).toBeGreaterThan(least)
})

test('nothing is known any more of a component that was, or is, none', () => {
  const before = randomDensities(2, 3, 1)
  const dead = { ...before, mean: new Float64Array(6), whitening: new Float64Array(18) }
  for (const [a, b] of [
    [dead, before],
    [before, dead],
  ] as const)
    for (const shrink of driftOf(a, b).shrinks) expect(shrink).toBe(0)
})

/** So many passes over 1,000 rows of 16 columns, where what is computed depends on whether rows have been laid out. */
const passes = (count: number, counted: number, laidOut: number) => {
  const progress = progressOf(1000, 16, 8)
  let layouts = 0
  const seen = Array.from({ length: count }, () => {
    const pass = progress.next()
    const tally = { counted: counted * 8000, computed: (layouts > 0 ? laidOut : 1) * 8000 }
    if (progress.done(pass, tally)) layouts++
    return pass
  })
  return { passes: seen, layouts }
}

test.each([
  ['nothing can be left out', 0.95, 1, 0, [1, 3, 7, 15], false],
  ['rows of a block would need nearly everything together', 0.5, 1, 0, [1, 3, 7, 15], false],
  ['a layout did not help', 0.3, 0.97, 1, [1, 3, 7, 15], true],
  ['a layout helps', 0.1, 0.15, 1, [], true],
  ['a layout helps a little, and once', 0.1, 0.5, 1, [], true],
] as const)('where %s', (_, counted, laidOut, layouts, pauses, leavesOut) => {
  const found = passes(40, counted, laidOut)
  expect(found.layouts).toBe(layouts)
  // Passes that do nothing but compute everything, between those that look.
  const runs = found.passes
    .map(({ everything, isProbe }) => (everything && !isProbe ? 'x' : ' '))
    .join('')
    .split(' ')
    .map(run => run.length)
    .filter(length => length > 0)
  expect(runs.slice(0, pauses.length)).toEqual(pauses.slice(0, runs.length))
  expect(runs.length).toBeGreaterThanOrEqual(pauses.length - 1)
  expect(found.passes[0]).toEqual({ everything: true, isProbe: true, keyed: false })
  // Nothing is tried on all rows that a sample speaks against.
  expect(found.passes.some(({ everything }) => !everything)).toBe(leavesOut)
})

test('where little can be left out rows are laid out once that is little of what there was to do', () => {
  const found = passes(60, 0.4, 0.85)
  expect(found.layouts).toBe(1)
  // Three pairs a row and two and a half times as much, of eight a row in each pass, are a fortieth of 37.5 passes.
  const first = found.passes.findIndex(({ everything }) => !everything)
  expect(first).toBe(38)
  expect(found.passes[first]).toEqual({ everything: false, isProbe: false, keyed: true })
  expect(found.passes.slice(first).some(({ everything }) => everything)).toBe(false)
})
