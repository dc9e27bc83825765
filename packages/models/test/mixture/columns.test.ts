import {
  beta,
  betaBinomialPrior,
  gamma,
  gammaExponentialPrior,
  gammaPoissonPrior,
  poisson,
  productFamily,
  productPrior,
} from '@conjugate/distributions'
import {
  conjugateMixture,
  type DataOf,
  describeFitError,
  type FitError,
  fit,
  hiddenMarkovModelOf,
  latentClassMixture,
  maximumLikelihoodMixture,
  onlineFit,
  predict,
} from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { counts, poissons, table, tableOfBlocks, tables, tablesOfBlocks } from './support.js'

type Rows = ReadonlyArray<Readonly<Record<string, unknown>>>
type Columns = Readonly<Record<string, unknown>>

const classes = right(latentClassMixture({ components: 2, concentration: 2, columns: { a: 3, b: 2 } }))
const wide = right(gamma.make({ shape: 2, rate: 0.2 }))
const rates = right(
  conjugateMixture(productPrior({ visits: gammaPoissonPrior, wait: gammaExponentialPrior }))({
    components: 2,
    concentration: 2,
    prior: { visits: wide, wait: wide },
  }),
)
const visits = Array.from({ length: 90 }, (_, n) => ({ visits: n % 11, wait: n % 13 === 0 ? null : (n % 8) / 4 }))
const categories = Array.from({ length: 90 }, (_, n) => ({ a: n % 3 && (n % 6) % 3, b: n % 10 === 7 ? null : n % 2 }))

const models = {
  'numbers, counts and categories': { model: tables(2), rows: table(120) },
  'blocks, counts and categories': { model: tablesOfBlocks(2), rows: tableOfBlocks(120) },
  categories: { model: classes, rows: categories },
  rates: { model: rates, rows: visits },
} as unknown as Readonly<Record<string, { readonly model: typeof classes; readonly rows: Rows }>>

const width = (cells: ReadonlyArray<unknown>): number | undefined =>
  (cells.find(cell => Array.isArray(cell)) as ReadonlyArray<unknown> | undefined)?.length

const orNaN = (cells: ReadonlyArray<unknown>): number[] =>
  cells.map(cell => (cell === null ? Number.NaN : Number(cell)))

/** What Apache Arrow has: where cells are missing, its memory holds anything. */
const vectorOf = (cells: ReadonlyArray<unknown>): object => ({
  length: cells.length,
  nullCount: cells.filter(cell => cell === null).length,
  type: { typeId: 3 },
  get: (n: number) => cells[n],
  toArray: () => Float64Array.from(cells, cell => (cell === null ? 77 : Number(cell))),
})

function* each(cells: ReadonlyArray<unknown>): Generator<unknown> {
  yield* cells
}

/** How a column may be given: all of its cells in order. Those of blocks are lists, or the rows of a matrix. */
const ways: Readonly<Record<string, (cells: ReadonlyArray<unknown>) => unknown>> = {
  lists: cells => cells,
  'typed arrays': cells => {
    const columns = width(cells)
    if (columns === undefined) return Float64Array.from(orNaN(cells))
    const none = new Array<number>(columns).fill(Number.NaN)
    const data = Float64Array.from(cells.flatMap(cell => (cell as number[] | null) ?? none))
    return { rows: cells.length, columns, data }
  },
  'typed arrays of whole numbers, where all are': cells =>
    cells.every(cell => Number.isInteger(cell)) ? Int16Array.from(cells as number[]) : cells,
  'BigInts, where all are whole': cells =>
    cells.every(cell => Number.isInteger(cell)) ? BigInt64Array.from((cells as number[]).map(BigInt)) : cells,
  'vectors of Arrow': vectorOf,
  'vectors that give their cells': cells => ({ length: cells.length, get: (n: number) => cells[n] }),
  'what gives its cells as an array': cells => ({ toArray: () => cells }),
  'what can be iterated over': cells => each(cells),
}

const columnsOf = (rows: Rows, way: (cells: ReadonlyArray<unknown>) => unknown): never =>
  Object.fromEntries(Object.keys(rows[0]!).map(name => [name, way(rows.map(row => row[name]))])) as never

const options = { backend: 'javascript', iterations: 4, seed: 3 } as const

describe.each(Object.entries(models))('a table of %s', (_, { model, rows }) => {
  const again = (data: unknown, more: object = {}) => rightOf(fit(model, data as never, { ...options, ...more }))
  const rowWeights = rows.map((_row, n) => n % 3)

  test.each(Object.entries(ways))('in columns that are %s has the bits of the same in rows', async (_way, way) => {
    const expected = await again(rows)
    const found = await again(columnsOf(rows, way))
    expect(found.objectives).toEqual(expected.objectives)
    expect(found.assignments).toEqual(expected.assignments)
    const prediction = await rightOf(predict(model, expected, columnsOf(rows, way), { backend: 'javascript' }))
    expect(prediction).toEqual(await rightOf(predict(model, expected, rows as never, { backend: 'javascript' })))
    expect((await again(columnsOf(rows, way), { rowWeights })).objectives).toEqual(
      (await again(rows, { rowWeights })).objectives,
    )
  })

  test('in columns is a batch of a stream, and sequences of a hidden Markov model', async () => {
    const parts = [rows.slice(0, 8), rows.slice(8, 50), rows.slice(50)]
    const typed = parts.map(part => columnsOf(part, ways['typed arrays']!))
    for (const given of [typed, parts.map((part, i) => columnsOf(part, Object.values(ways)[i]!))]) {
      const [stream, expected] = [
        await rightOf(onlineFit(model, given)),
        await rightOf(onlineFit(model, parts as never)),
      ]
      expect(stream.meanLogLikelihoods).toEqual(expected.meanLogLikelihoods)
      const chain = right(hiddenMarkovModelOf(model, {}))
      const [found, same] = [
        await rightOf(fit(chain, given, options)),
        await rightOf(fit(chain, parts as never, options)),
      ]
      expect(found.objectives).toEqual(same.objectives)
      expect(found.paths).toEqual(same.paths)
    }
  })

  test('keeps its columns: nobody writes to them', async () => {
    const data = columnsOf(rows, ways['typed arrays']!) as Readonly<Record<string, unknown>>
    const before = structuredClone(data)
    await again(data, { rowWeights })
    expect(data).toEqual(before)
  })
})

test.each([
  ['a list', (xs: number[]) => xs],
  ['Uint8Array', (xs: number[]) => Uint8Array.from(xs)],
  ['Float32Array', (xs: number[]) => Float32Array.from(xs)],
  ['BigInts', (xs: number[]) => BigInt64Array.from(xs.map(BigInt))],
  ['a vector of Arrow', vectorOf],
  ['a vector that gives its cells', (xs: number[]) => ({ length: xs.length, get: (n: number) => xs[n] })],
  ['what can be iterated over', (xs: number[]) => each(xs)],
] as const)('one column of counts may be %s', async (_, way) => {
  const xs = counts(80)
  const expected = await rightOf(fit(poissons(2), xs, options))
  expect((await rightOf(fit(poissons(2), way(xs) as never, options))).objectives).toEqual(expected.objectives)
})

/** Those that a byte holds stand before and behind each of these. */
const beyondBytes = [255, 256, -1, 0.5, 2 ** 32, 2 ** 32 + 1, 1e-300, null]

test.each(beyondBytes.flatMap(cell => [0, 31, 59].map(place => [cell, place] as const)))(
  'a column of small whole numbers may hold %s as cell %i',
  async (cell, place) => {
    const rows = table(60).map((row, n) => ({ ...row, height: n === place ? cell : n % 9 }))
    const expected = await rightOf(
      fit(
        tables(2),
        columnsOf(rows, cells => Float64Array.from(orNaN(cells))),
        options,
      ),
    )
    expect((await rightOf(fit(tables(2), rows, options))).objectives).toEqual(expected.objectives)
    const lists = columnsOf(rows, cells => cells)
    expect((await rightOf(fit(tables(2), lists, options))).objectives).toEqual(expected.objectives)
  },
)

/** Rows that are read by themselves: the same cells in another order, inherited, with gaps, or as other numbers. */
const oddRows: Readonly<Record<string, (row: Readonly<Record<string, unknown>>) => unknown>> = {
  'in another order': ({ a, b }) => ({ b, a }),
  inherited: row => Object.create(row),
  'with a gap': row => ({ ...row, b: null }),
  'of BigInts': ({ a, b }) => ({ a: BigInt(a as number), b: BigInt(b as number) }),
}

describe.each(Object.entries(oddRows))('among rows of bytes some that are %s', (_, odd) => {
  test.each([[0], [89], [31, 32, 60]])('at %j are read as in columns', async (...places) => {
    const whole = categories.map(({ a, b }) => ({ a, b: b ?? 0 }))
    const rows = whole.map((row, n) => (places.includes(n) ? odd(row) : row)) as Rows
    const columns = { a: rows.map(({ a }) => a), b: rows.map(({ b }) => b) }
    const expected = await rightOf(fit(classes, columns as never, options))
    const found = await rightOf(fit(classes, rows as never, options))
    expect(found.objectives).toEqual(expected.objectives)
    expect(found.assignments).toEqual(expected.assignments)
    const wrong = rows.map((row, n) => (n === places.at(-1)! ? { a: 0, b: 2 } : row))
    expect(message(await fit(classes, wrong as never, options)())).toContain(`row ${places.at(-1)}, column b: 2, `)
  })
})

test('lists are no rows of a table, whatever its columns are called', async () => {
  const model = right(latentClassMixture({ components: 2, concentration: 2, columns: { 0: 3, 1: 2 } }))
  const rows = Array.from({ length: 20 }, (_, n) => ({ 0: n % 3, 1: n % 2 }))
  const expected = await rightOf(
    fit(
      model,
      columnsOf(rows, cells => cells),
      options,
    ),
  )
  expect((await rightOf(fit(model, rows as never, options))).objectives).toEqual(expected.objectives)
  for (const list of [[1, 1], Uint8Array.of(1, 1)])
    expect(message(await fit(model, rows.map((row, n) => (n === 7 ? list : row)) as never, options)())).toMatch(
      /^row 7: /,
    )
})

test('-0 is no 0 in a list, in rows and in a typed array', async () => {
  const zeros = [0, 0, 0, 0, -0, -0, -0, -0]
  const one = { iterations: 1, start: { _tag: 'labels', labels: zeros.map((_, n) => n % 2) } } as const
  expect((await rightOf(fit(poissons(2), zeros, one))).distinctRows).toBe(2)
  for (const visits of [zeros, Float64Array.from(zeros)])
    expect((await rightOf(fit(rates, { visits, wait: zeros }, one))).distinctRows).toBe(2)
  const rows = zeros.map(visits => ({ visits, wait: visits }))
  expect((await rightOf(fit(rates, rows, one))).distinctRows).toBe(2)
})

test.each([5000, 1024, 0.5, -0])(
  'counts are said the same of beside %s, which is no small whole number',
  async other => {
    const xs = [...counts(80), 255, 256, 1023]
    const model = right(conjugateMixture(gammaExponentialPrior)({ components: 2, concentration: 2, prior: wide }))
    const fitted = await rightOf(fit(model, xs, options))
    const alone = await rightOf(predict(model, fitted, xs, { backend: 'javascript' }))
    const beside = await rightOf(predict(model, fitted, [...xs, other], { backend: 'javascript' }))
    expect(alone.logProb).toEqual(beside.logProb.subarray(0, xs.length))
    expect(alone.responsibilities.data).toEqual(
      Float64Array.from(beside.responsibilities.data).subarray(0, 2 * xs.length),
    )
    const rowWeights = [...xs.map((_, n) => 1 + (n % 3)), 0]
    const weighted = await rightOf(fit(model, xs, { ...options, rowWeights: rowWeights.slice(0, -1) }))
    const masked = await rightOf(fit(model, [...xs, other], { ...options, rowWeights }))
    expect(masked.objectives).toEqual(weighted.objectives)
    expect(masked.rounding).toBeCloseTo(weighted.rounding, 15)
  },
)

test('the first of the numbers that a family does not have is told', async () => {
  const prior = right(beta.make({ a: 2, b: 2 }))
  const model = right(conjugateMixture(betaBinomialPrior(7))({ components: 2, concentration: 2, prior }))
  const xs = counts(80).map(x => x % 8)
  for (const way of [Uint8Array.from(xs), Float64Array.from(xs), xs]) {
    way[41] = 9
    way[60] = 8
    expect(message(await fit(model, way, options)())).toMatch(/^row 41: 9, expected/)
  }
})

test('what becomes of columns once they have been read changes nothing', async () => {
  const restarts = { ...options, restarts: 3, start: { _tag: 'distinct-rows' } } as const
  const columns = () => columnsOf(categories.slice(0, 7).concat(categories), cells => Float64Array.from(orNaN(cells)))
  const numbers = () => Uint8Array.from(counts(80))
  for (const [model, data] of [
    [classes, columns],
    [poissons(2), numbers],
  ] as const) {
    const expected = await rightOf(fit(model as typeof classes, data() as never, restarts))
    const given = data()
    const onIteration = () => {
      for (const column of 'length' in given ? [given] : Object.values(given)) (column as Float64Array).fill(1)
    }
    const found = await rightOf(fit(model as typeof classes, given as never, { ...restarts, onIteration }))
    expect(found.restarts).toEqual(expected.restarts)
  }
})

test('tables of maximum likelihood are read by columns, too', async () => {
  const family = productFamily({ a: poisson, b: poisson })
  const model = right(maximumLikelihoodMixture(family)({ components: 2, freeParameters: 2 }))
  const rows = counts(60).map((a, n) => ({ a, b: (7 * n) % 5 }))
  const found = await rightOf(
    fit(
      model,
      columnsOf(rows, cells => Uint16Array.from(cells as number[])),
      options,
    ),
  )
  expect(found.objectives).toEqual((await rightOf(fit(model, rows, options))).objectives)
  const missing = await fit(model, { a: [1, 2], b: [1, null] }, options)()
  expect(E.isLeft(missing) && describeFitError(missing.left)).toMatch(/^row 1, column b: null, expected a whole number/)
})

const message = (result: E.Either<FitError, unknown>): string =>
  E.isLeft(result) ? describeFitError(result.left) : 'no error'

const good = { a: [0, 1, 2], b: [0, 1, 1] }
const category = 'a category from 0 to 1 or null'

describe('what is wrong with columns is told by row and column', () => {
  test.each<readonly [string, Columns, string]>([
    ['a text in a list', { ...good, b: [0, '1', 1] }, `row 1, column b: "1", expected ${category}`],
    ['NaN in a list', { ...good, b: [0, Number.NaN, 1] }, `row 1, column b: NaN, expected ${category}`],
    [
      'a hole',
      { ...good, b: [0, undefined, 1] },
      `row 1, column b: nothing, expected a category from 0 to 1, or null where`,
    ],
    ['a boolean', { ...good, b: [0, true, 1] }, `row 1, column b: true, expected ${category}`],
    ['an infinity', { ...good, b: Float64Array.of(0, 1, Infinity) }, `row 2, column b: Infinity, expected ${category}`],
    ['no category', { ...good, b: Uint8Array.of(0, 1, 2) }, `row 2, column b: 2, expected ${category}`],
    ['a fraction', { ...good, b: Float32Array.of(0, 0.5, 1) }, `row 1, column b: 0.5, expected ${category}`],
    ['a great BigInt', { ...good, b: [0n, 2n ** 60n, 1n] }, 'row 1, column b: 1152921504606846976n, expected'],
    ['a vector of texts', { ...good, b: { length: 3, get: () => 'x' } }, `row 0, column b: "x", expected ${category}`],
    ['a column that is none', { ...good, b: 5 }, `column b: 5, expected a column, each cell ${category}`],
    ['a column that is absent', { a: good.a }, 'column b: nothing (the data has a), expected'],
    [
      'a column that is unknown',
      { ...good, id: [1, 2, 3] },
      'column id: [1, 2, 3], expected no other columns than a, b',
    ],
    ['a shorter column', { ...good, b: [0, 1] }, 'column b: 2, expected 3 cells, as many as column a has'],
  ])('%s', async (_, data, expected) => {
    expect(message(await fit(classes, data as never, options)())).toContain(expected)
    const chain = right(hiddenMarkovModelOf(classes, {}))
    const found = message(await fit(chain, [good, data] as never, options)())
    expect(found).toContain('sequence 1')
  })

  test('in a block', async () => {
    const { model } = models['blocks, counts and categories']!
    const data = { at: [[1, 2], null, [1, 2]], visits: [1, 2, 3], colour: [0, 1, 2] }
    const at = (cells: unknown) => fit(model, { ...data, at: cells } as never, options)()
    const block = 'expected a list of 2 finite numbers or null'
    const matrixOf = (...numbers: number[]) => ({ rows: 3, columns: 2, data: numbers })
    expect(message(await at([[1, 2], [1], null]))).toBe(`row 1, column at: 1 numbers, ${block}`)
    expect(message(await at([[1, 2], [1, Number.NaN], null]))).toBe(`row 1, column at: NaN at place 1, ${block}`)
    expect(message(await at(matrixOf(1, 2, Number.NaN, 4, 5, 6)))).toBe(`row 1, column at: NaN at place 0, ${block}`)
    expect(message(await at(matrixOf(1, 2, 3, 4, 5, Number.NaN)))).toBe(`row 2, column at: NaN at place 1, ${block}`)
    expect(message(await at({ rows: 2, columns: 3, data: [1, 2, 3, 4, 5, 6] }))).toContain('rows of 3 numbers')
  })

  test('NaN is not missing where nothing may be', async () => {
    expect(message(await fit(poissons(2), Float64Array.of(1, Number.NaN), options)())).toBe(
      'row 1: NaN, expected a whole number of at least 0',
    )
  })
})

test('the names of columns are known to the compiler', () => {
  const given = (data: DataOf<{ readonly a: number | null; readonly b: number | null }>): unknown => data
  given({ a: [0, null], b: Uint8Array.of(0, 1) })
  given({ a: [0, 1], b: { length: 2, get: () => 1 } })
  given([{ a: 0, b: null }])
  // @ts-expect-error there is no column c
  given({ a: [0], c: [0] })
  // @ts-expect-error a column is absent
  given({ a: [0] })
  // @ts-expect-error texts are no numbers
  given({ a: ['0'], b: [0] })
  const taken = () => [
    fit(classes, { a: [0, 1], b: Int8Array.of(0, 1) }),
    // @ts-expect-error there is no column c
    fit(classes, { a: [0, 1], c: [0, 1] }),
    // @ts-expect-error counts are no texts
    fit(poissons(2), ['1', '2']),
    fit(poissons(2), Int32Array.of(1, 2)),
  ]
  expect(taken).toBeInstanceOf(Function)
})
