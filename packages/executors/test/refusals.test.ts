import { type Densities, describeExecutorError, type LoadOptions } from '@conjugate/executors'
import { describe, expect, test } from 'vitest'
import { available } from './support/executors.js'
import { overwrite, randomDensities, randomDiagonal, randomLinear, randomRows } from './support/random.js'
import { allResults, expectIdentical, failure, load, success } from './support/run.js'

const data = randomRows(5, 2, 1)
const densities = randomDensities(3, 2, 1)
const diagonal = randomDiagonal(3, 2, 1)
const linear = randomLinear(3, 2, 1)
const nonFinite = (row: number, column: number, value: number) => ({ _tag: 'NonFiniteData', row, column, value })
const unreadable = (what: string, row: number, received: string) => ({
  _tag: 'UnreadableData',
  what,
  row,
  expected: 'a finite number',
  received,
})
const shape = (what: string, expected: number, received: number) => ({
  _tag: 'ShapeMismatch',
  what,
  expected,
  received,
})

const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

const infinite = (parameter: string) => ({
  _tag: 'NonFiniteParameter',
  parameter,
  component: 2,
  value: Number.NEGATIVE_INFINITY,
})

describe.each(available)('%s', (_, executor) => {
  test.each([
    ['NaN', data.with(7, Number.NaN), {}, nonFinite(3, 1, Number.NaN)],
    ['an infinity', data.with(4, Number.NEGATIVE_INFINITY), {}, nonFinite(2, 0, Number.NEGATIVE_INFINITY)],
    ['an overflow', data.with(1, 1.7e308), { origin: [0, -1.7e308] }, nonFinite(0, 1, Number.POSITIVE_INFINITY)],
    ['an origin that is NaN', data, { origin: [Number.NaN, 0] }, nonFinite(0, 0, Number.NaN)],
    ['a weight of null', data, { rowWeights: [1, 1, null, 1, 1] as never }, unreadable('rowWeights', 2, 'null')],
    ['an origin of texts', data, { origin: ['0', '0'] as never }, unreadable('origin', 0, '"0"')],
    ['too little data', data.subarray(1), {}, shape('data', 10, 9)],
    ['an origin of another length', data, { origin: [1] }, shape('origin', 2, 1)],
    ['too many weights', data, { rowWeights: [1, 1, 1, 1, 1, 1] }, shape('rowWeights', 5, 6)],
    ['a negative weight', data, { rowWeights: [1, 1, -2, 1, 1] }, { _tag: 'InvalidRowWeight', row: 2, value: -2 }],
    [
      'a NaN weight',
      data,
      { rowWeights: [Number.NaN, 1, 1, 1, 1] },
      { _tag: 'InvalidRowWeight', row: 0, value: Number.NaN },
    ],
    [
      'an infinite weight',
      data,
      { rowWeights: [1, 1, 1, 1, Number.POSITIVE_INFINITY] },
      { _tag: 'InvalidRowWeight', row: 4, value: Number.POSITIVE_INFINITY },
    ],
  ] satisfies ReadonlyArray<readonly [string, Float64Array, LoadOptions, object]>)(
    'refuses to load %s',
    async (_what, values, options, error) => {
      expect(await failure(executor.load({ rows: 5, columns: 2, data: values }, options))).toEqual(error)
    },
  )

  test('refuses what is no matrix of numbers', async () => {
    const bare = { rows: Object.create(null), columns: Object.create(null), data: [] } as never
    for (const none of [bare, null, 3, revoked()])
      expect(await failure(executor.load(none as never))).toHaveProperty('_tag')
    const cells = (values: unknown) => failure(executor.load({ rows: 1, columns: 2, data: values as never }))
    const cell = { _tag: 'UnreadableData', row: 0, column: 1, expected: 'a finite number', received: 'null' }
    expect(await cells([1, null])).toEqual(cell)
    expect(await cells([1, ''])).toEqual({ ...cell, received: '""' })
    expect(await cells(undefined)).toMatchObject({ _tag: 'UnreadableData' })
    expect(await failure(executor.load(null as never))).toMatchObject({ _tag: 'UnreadableData', what: 'rows' })
  })

  test('refuses rows without columns', async () => {
    expect(await failure(executor.load({ rows: 5, columns: 0, data: [] }))).toEqual(shape('columns', 1, 0))
  })

  test.each([
    ['other columns', randomDensities(3, 1, 1), shape('columns of the densities', 2, 1)],
    ['no component', { ...densities, components: 0 }, shape('components', 1, 0)],
    ['a short mean', { ...densities, mean: densities.mean.subarray(1) }, shape('mean', 6, 5)],
    ['a short whitening', { ...densities, whitening: densities.whitening.subarray(1) }, shape('whitening', 12, 11)],
    ['a short constant', { ...densities, logConstant: densities.logConstant.subarray(1) }, shape('logConstant', 3, 2)],
    ['a short diagonal mean', { ...diagonal, mean: diagonal.mean.subarray(1) }, shape('mean', 6, 5)],
    ['a short scale', { ...diagonal, scale: diagonal.scale.subarray(1) }, shape('scale', 6, 5)],
    ['a long natural', { ...linear, natural: densities.whitening }, shape('natural', 6, 12)],
    ['an infinite natural', overwrite(linear, 2, Number.NEGATIVE_INFINITY), infinite('natural')],
    ['an infinite scale', { ...diagonal, scale: diagonal.scale.with(5, Number.NEGATIVE_INFINITY) }, infinite('scale')],
    [
      'a constant that is infinite',
      { ...linear, logConstant: linear.logConstant.with(1, Number.POSITIVE_INFINITY) },
      { ...infinite('logConstant'), component: 1, value: Number.POSITIVE_INFINITY },
    ],
    [
      'a constant that is NaN',
      { ...densities, logConstant: densities.logConstant.with(1, Number.NaN) },
      { ...infinite('logConstant'), component: 1, value: Number.NaN },
    ],
    ['an infinite mean', { ...densities, mean: densities.mean.with(4, Number.NEGATIVE_INFINITY) }, infinite('mean')],
  ] satisfies ReadonlyArray<readonly [string, Densities, object]>)(
    'refuses densities with %s',
    async (_what, wrong, error) => {
      const rows = await load(executor, 2, data)
      for (const compute of [rows.expectation, rows.responsibilities, rows.assignments, rows.logProb])
        expect(await failure(compute(wrong))).toEqual(error)
      rows.dispose()
    },
  )

  test.each<[string, object, string]>([
    ['a text of components', { components: 'x'.repeat(1e5) }, 'components: expected 1, received "xxx'],
    ['an object of columns', { columns: {} }, 'columns of the densities: expected 2, received {}'],
    ['columns that cannot be read', { columns: revoked() }, 'received something that cannot be read'],
    ['an object among numbers', { mean: [0, 0, {}, 0, 0, 0] }, 'mean, row 2: {}, expected a finite number'],
    [
      'a number that cannot be read',
      { mean: [0, 0, 0, revoked(), 0, 0] },
      'mean, row 3: something that cannot be read',
    ],
    ['a constant of null', { logConstant: [0, null, 0] }, 'logConstant, row 1: null'],
    ['one number for all', { whitening: 1 }, 'whitening: 1, expected a list of numbers'],
    ['no mean', { mean: undefined }, 'mean: nothing'],
  ])('tells of %s in one line', async (_what, wrong, message) => {
    const rows = await load(executor, 2, data)
    const line = describeExecutorError(await failure(rows.expectation({ ...densities, ...wrong } as Densities)))
    expect(line).toContain(message)
    expect(line.length).toBeLessThan(200)
    rows.dispose()
  })

  test('tells of anything that is no densities, or no responsibilities', async () => {
    const rows = await load(executor, 2, data)
    for (const wrong of [null, undefined, 1, 'Linear', {}, { _tag: 'Linear' }, revoked()]) {
      expect(await failure(rows.expectation(wrong as never))).toHaveProperty('_tag')
      expect(await failure(rows.weightedStatistics(wrong as never, data as never))).toHaveProperty('_tag')
      expect(await failure(rows.weightedStatistics(densities, wrong as never))).toHaveProperty('_tag')
    }
    const holding = (cell: unknown) => ({ rows: 5, columns: 3, data: new Array(15).fill(0.5).with(4, cell) })
    const error = await failure(rows.weightedStatistics(densities, holding(null)))
    expect(describeExecutorError(error)).toBe('responsibilities, row 4: null, expected a finite number')
    rows.dispose()
  })

  test('takes lists of numbers for arrays of them', async () => {
    const rows = await load(executor, 2, data)
    const lists = { ...densities, mean: Array.from(densities.mean), whitening: Array.from(densities.whitening) }
    const [a, b] = [await success(rows.expectation(densities)), await success(rows.expectation(lists as never))]
    expect(b).toEqual(a)
    rows.dispose()
  })

  test('keeps rows of its own', async () => {
    const mutable = data.slice()
    const rows = await load(executor, 2, mutable, { origin: [1, 2] })
    expect(mutable).toEqual(data)
    const before = await allResults(rows, densities)
    mutable.fill(0)
    expectIdentical(await allResults(rows, densities), before)
    rows.dispose()
  })

  test('refuses to compute on rows that are disposed of, and no others', async () => {
    const rows = await load(executor, 2, data)
    const others = await load(executor, 2, data)
    rows.dispose()
    rows.dispose()
    expect(await failure(rows.expectation(densities))).toMatchObject({
      _tag: 'ExecutionFailed',
      backend: executor.backend,
    })
    await success(others.expectation(densities))
    others.dispose()
  })
})
