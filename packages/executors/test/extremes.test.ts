import type { DiagonalDensities, QuadraticDensities } from '@conjugate/executors'
import { describe, expect, test } from 'vitest'
import { available } from './support/executors.js'
import { uniforms } from './support/random.js'
import { loadFor, success } from './support/run.js'

const COLUMNS = [2, 3, 5]
const ROWS = 5

/** Rows up to the end of float64, and components of any place and width, in which terms overflow in both directions. */
const extreme = (columns: number, seed: number) => {
  const uniform = uniforms(seed)
  const sign = (): number => (uniform() < 0.5 ? 1 : -1)
  const size = (from: number, to: number): number => 10 ** (from + (to - from) * uniform())
  const components = 2
  const data = Float64Array.from({ length: ROWS * columns }, () => sign() * size(uniform() < 0.5 ? 299 : -300, 307))
  const mean = Float64Array.from({ length: components * columns }, () => sign() * size(-300, 307))
  const common = { components, columns, mean, logConstant: new Float64Array(components) }
  const quadratic: QuadraticDensities = {
    ...common,
    _tag: 'Quadratic',
    whitening: Float64Array.from({ length: components * columns * columns }, (_, i) => {
      const [row, column] = [Math.floor(i / columns) % columns, i % columns]
      return column > row ? 0 : (column === row ? 1 : sign()) * size(-200, 200)
    }),
  }
  const diagonal: DiagonalDensities = {
    ...common,
    _tag: 'Diagonal',
    scale: Float64Array.from({ length: components * columns }, () => size(-300, 300)),
  }
  return { data, densities: [quadratic, diagonal] }
}

// Float32 ends long before.
describe.each(available.filter(([name]) => name !== 'tensorflow'))('%s', (_, executor) => {
  test.each(COLUMNS)('rows of %d columns at the end of the range are improbable, never NaN', async columns => {
    let impossible = 0
    for (let seed = 1; seed <= 40; seed++) {
      const { data, densities } = extreme(columns, seed)
      for (const density of densities) {
        const rows = await loadFor(executor, density, data)
        const logs = await success(rows.logProb(density))
        impossible += logs.filter(v => v === Number.NEGATIVE_INFINITY).length
        expect(logs.some(Number.isNaN)).toBe(false)
        expect(Array.from((await success(rows.responsibilities(density))).data).some(Number.isNaN)).toBe(false)
        expect((await success(rows.expectation(density))).logLikelihood).not.toBeNaN()
        rows.dispose()
      }
    }
    expect(impossible).toBeGreaterThan(40)
  })
})
