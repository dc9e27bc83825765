import {
  type Densities,
  type DiagonalDensities,
  describeExecutorError,
  type FactorDensities,
  grouped,
  javascript,
  type LinearDensities,
  type LoadedRows,
  type QuadraticDensities,
} from '@conjugate/executors'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { available } from './support/executors.js'
import { uniforms } from './support/random.js'
import { failure, load, loadFor, success, sumsOf } from './support/run.js'

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

describe.each(available)('%s', (_, executor) => {
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
        // What has no place in the sums is told: squares of rows that a wide component holds for its own.
        const found = await rows.expectation(density)()
        if (E.isLeft(found)) expect(found.left).toMatchObject({ _tag: 'Overflow', what: 'outer' })
        rows.dispose()
      }
    }
    expect(impossible).toBeGreaterThan(40)
  })
})

/** Numbers of any size and sign, some of them 0. */
const anything = (length: number, uniform: () => number): Float64Array =>
  Float64Array.from({ length }, () => {
    const draw = uniform()
    if (draw < 0.2) return 0
    if (draw < 0.3) return uniform() < 0.5 ? Number.MAX_VALUE : -Number.MAX_VALUE
    return (draw < 0.65 ? 1 : -1) * 10 ** (uniform() < 0.5 ? 240 + 68 * uniform() : 630 * uniform() - 322)
  })

const forms: { readonly [name: string]: (columns: number, uniform: () => number) => Densities } = {
  quadratic: (columns, uniform) => ({
    _tag: 'Quadratic',
    components: 2,
    columns,
    mean: anything(2 * columns, uniform),
    whitening: anything(2 * columns * columns, uniform).map((v, i) =>
      i % columns > Math.floor(i / columns) % columns ? 0 : v,
    ),
    logConstant: anything(2, uniform),
  }),
  diagonal: (columns, uniform) => ({
    _tag: 'Diagonal',
    components: 2,
    columns,
    mean: anything(2 * columns, uniform),
    scale: anything(2 * columns, uniform),
    logConstant: anything(2, uniform),
  }),
  linear: (columns, uniform) => ({
    _tag: 'Linear',
    components: 2,
    columns,
    natural: anything(2 * columns, uniform),
    logConstant: anything(2, uniform),
  }),
  product: (columns, uniform) => ({
    _tag: 'Product',
    components: 2,
    columns: 3 * columns,
    factors: ['quadratic', 'diagonal', 'linear'].map(name => forms[name]!(columns, uniform) as FactorDensities),
    logConstant: anything(2, uniform),
  }),
}

const isNumber = (values: ArrayLike<number>): boolean => !Array.from(values).some(Number.isNaN)

/** Each pass, and whether all that it gives are numbers. */
const passes: {
  readonly [name: string]: (
    rows: LoadedRows,
    densities: Densities,
    given: Float64Array,
  ) => Promise<E.Either<unknown, boolean>>
} = {
  expectation: async (rows, d) =>
    E.map(({ logLikelihood, statistics }: { logLikelihood: number; statistics: never }) =>
      [[logLikelihood], ...Object.values(sumsOf(statistics))].every(isNumber),
    )((await rows.expectation(d)()) as never),
  responsibilities: async (rows, d) =>
    E.map(({ data }: { data: ArrayLike<number> }) => isNumber(data))(await rows.responsibilities(d)()),
  assignments: async (rows, d) =>
    E.map((labels: Int32Array) => labels.every(k => k === 0 || k === 1))(await rows.assignments(d)()),
  logProb: async (rows, d) => E.map(isNumber)(await rows.logProb(d)()),
  logDensities: async (rows, d) =>
    E.map(({ data }: { data: ArrayLike<number> }) => isNumber(data))(await rows.logDensities(d)()),
  weightedStatistics: async (rows, d, data) =>
    E.map((sums: never) => Object.values(sumsOf(sums)).every(isNumber))(
      (await rows.weightedStatistics(d, { rows: rows.rows, columns: 2, data })()) as never,
    ),
}

describe.each([...available, ['grouped javascript', grouped(javascript)] as const])('%s', (_, executor) => {
  test.each(Object.keys(forms))(
    'rows, weights and parameters of any size: what a pass of %s densities gives are numbers, or it says what is too large',
    async name => {
      const wrong: string[] = []
      let [numbers, errors] = [0, 0]
      for (let seed = 1; seed <= 60; seed++) {
        const uniform = uniforms(seed)
        const densities = forms[name]!(1 + (seed % 3), uniform)
        const data = anything(ROWS * densities.columns, uniform)
        const rowWeights = anything(ROWS, uniform).map(Math.abs)
        const rows = await loadFor(executor, densities, data, seed % 2 === 0 ? {} : { rowWeights })
        for (const [pass, areNumbers] of Object.entries(passes)) {
          const found = await areNumbers(rows, densities, anything(2 * ROWS, uniform).map(Math.abs))
          if (E.isRight(found)) numbers++
          else errors++
          const line = E.isLeft(found) ? describeExecutorError(found.left as never) : ''
          if (E.isRight(found) ? !found.right : !/^the .* is beyond the range of floating-point numbers/.test(line))
            wrong.push(`${pass} of seed ${seed}: ${line || 'NaN'}`)
        }
        rows.dispose()
      }
      expect(wrong).toEqual([])
      expect(Math.min(numbers, errors)).toBeGreaterThan(10)
    },
  )

  const linear: LinearDensities = {
    _tag: 'Linear',
    components: 2,
    columns: 2,
    natural: Float64Array.of(0, 0, 1e200, -1e200),
    logConstant: new Float64Array(2),
  }

  test('an inner product that overflows both ways is that of a row and a component', async () => {
    // Of few values, so that a grouped one has to look for the row.
    const data = Float64Array.from({ length: 20_000 }, (_, i) => (i < 10_000 ? i % 2 : 1e200))
    const rows = await load(executor, 2, data)
    const error = { _tag: 'Overflow', what: 'log density', row: 5000, component: 1 }
    for (const pass of ['expectation', 'responsibilities', 'assignments', 'logProb', 'logDensities'] as const)
      expect(await failure(rows[pass](linear))).toEqual(error)
    expect(describeExecutorError(error as never)).toBe(
      'the log density of row 5000, component 1 is beyond the range of floating-point numbers: rows, weights or parameters are too large',
    )
    // One way it is a density of 0, and the sums take no notice of parameters.
    const oneWay = { ...linear, natural: Float64Array.of(0, 0, -1e200, -1e200) }
    expect(await success(rows.assignments(oneWay))).toEqual(new Int32Array(10_000))
    rows.dispose()
  })

  test('weights that put the log-likelihood beyond float64 are told from a row that is impossible', async () => {
    const data = Float64Array.of(1, 1, 2, 2)
    const far = { ...linear, natural: Float64Array.of(-1e10, 0, -1e10, 0) }
    const rows = await load(executor, 2, data, { rowWeights: [1e300, 1e300] })
    expect(await failure(rows.expectation(far))).toEqual({ _tag: 'Overflow', what: 'log-likelihood' })
    const impossible = { ...linear, logConstant: new Float64Array(2).fill(Number.NEGATIVE_INFINITY) }
    expect((await success(rows.expectation(impossible))).logLikelihood).toBe(Number.NEGATIVE_INFINITY)
    rows.dispose()
  })

  test('sums that overflow both ways are those of a component and a column', async () => {
    const rows = await load(executor, 2, Float64Array.of(1, 1e308, 1, 1e308, 1, -1e308, 1, -1e308), {
      rowWeights: [1, 1, 1, 10],
    })
    const even = { ...linear, natural: new Float64Array(4) }
    const found = await rows.expectation(even)()
    expect(found).toEqual(E.left({ _tag: 'Overflow', what: 'sum', component: 0, column: 1 }))
    rows.dispose()
  })
})
