import {
  dirichlet,
  dirichletPrior,
  gamma,
  gammaPoissonPrior,
  poisson,
  productPrior,
  random,
} from '@conjugate/distributions'
import {
  conjugateMixture,
  describeFitError,
  diagonalGaussianMixture,
  type FitError,
  fit,
  fitFactorAnalysis,
  gaussianMixture,
  gibbs,
  hiddenMarkovModel,
  initialParameters,
  latentClassMixture,
  maximumLikelihoodGaussianMixture,
  maximumLikelihoodMixture,
  onlineFit,
  poissonMixture,
  predict,
  sphericalGaussianMixture,
  statisticsOf,
  tiedGaussianMixture,
} from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { tableOfBlocks, tablesOfBlocks } from './support.js'

const message = (result: E.Either<FitError, unknown>): string =>
  E.isLeft(result) ? describeFitError(result.left) : 'no error'

const shared = { components: 1, concentration: 2 }
const wishart = {
  mean: [0, 0],
  meanPrecision: 0.1,
  degreesOfFreedom: 4,
  scale: [
    [1, 0],
    [0, 1],
  ],
}
const rowsOfTwo = {
  gaussian: right(gaussianMixture({ ...shared, prior: wishart })),
  tied: right(tiedGaussianMixture({ ...shared, prior: wishart })),
  diagonal: right(
    diagonalGaussianMixture({ ...shared, prior: { mean: [0, 0], meanPrecision: 0.1, shape: 2, scale: [1, 1] } }),
  ),
  spherical: right(
    sphericalGaussianMixture({ ...shared, prior: { mean: [0, 0], meanPrecision: 0.1, shape: 2, scale: 1 } }),
  ),
  'maximum likelihood': right(maximumLikelihoodGaussianMixture({ components: 1, columns: 2 })),
}
const classes = right(latentClassMixture({ ...shared, columns: { a: 2, b: 3 } }))
const counts = right(poissonMixture({ ...shared, prior: { shape: 2, rate: 1 } }))
const mixed = right(
  conjugateMixture(productPrior({ visits: gammaPoissonPrior, colour: dirichletPrior(3) }))({
    ...shared,
    prior: {
      visits: right(gamma.make({ shape: 2, rate: 1 })),
      colour: right(dirichlet.make({ concentration: [2, 2, 2] })),
    },
  }),
)

const odd: ReadonlyArray<readonly [unknown, string]> = [
  [null, 'null'],
  ['', '""'],
  ['2', '"2"'],
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
  [true, 'true'],
  [[], '[]'],
  [{}, '{}'],
  [undefined, 'nothing'],
  [Symbol('x'), 'a symbol'],
  [2n ** 60n, '1152921504606846976n'],
]

describe.each(Object.entries(rowsOfTwo))('rows of a %s mixture', (_, mixture) => {
  test.each(odd)('hold numbers, not %s', async (cell, text) => {
    const rows = [
      [10, 20],
      [11, cell],
      [12, 22],
      [13, 21],
    ] as number[][]
    expect(message(await fit(mixture as typeof rowsOfTwo.gaussian, rows, { backend: 'javascript' })())).toMatch(
      `row 1, column 1: ${text}, expected a finite number`,
    )
  })
})

const cellsOf = { classes: ['a', 'b'], mixed: ['visits', 'colour'] } as const

describe.each([
  ['classes', classes, 'a category from 0 to 2 or null'],
  ['mixed', mixed, 'a category from 0 to 2 or null'],
] as const)('a table of %s', (name, mixture, expected) => {
  const [first, second] = cellsOf[name]
  const fitted = (rows: unknown) => fit(mixture as unknown as typeof classes, rows as never, { backend: 'javascript' })
  test.each([...odd.slice(1), [3, '3'], [-1, '-1'], [0.5, '0.5']] as const)(
    'has categories or null in a cell, not %s',
    async (cell, text) => {
      const rows = [
        { [first]: 0, [second]: 1 },
        { [first]: 1, [second]: cell },
      ]
      const found = message(await fitted(rows)())
      expect(found).toContain(`row 1, column ${second}: ${text}`)
      expect(found).toContain(cell === undefined ? ', or null where it is missing' : expected)
    },
  )

  test('has the columns of the model, no more and no less', async () => {
    expect(
      message(
        await fitted([
          { [first]: 0, [second]: 1 },
          { [first]: 0, typo: 1 },
        ])(),
      ),
    ).toContain(`row 1, column ${second}: nothing (the row has ${first}, typo), expected`)
    expect(message(await fitted([{ [first]: 0, [second]: 1, id: 7 }])())).toBe(
      `row 0, column id: 7, expected no other columns than ${first}, ${second}`,
    )
    for (const row of [[0, 1], Float64Array.of(0, 1), 'ab', 3, null])
      expect(message(await fitted([{ [first]: 0, [second]: 1 }, row])())).toMatch(
        new RegExp(`^row 1: .*, expected an object such as { ${first}: 0, ${second}: 0 }$`),
      )
    for (const data of [5, null, Promise.resolve([])])
      expect(message(await fitted(data)())).toContain('expected a list of rows, each')
  })
})

test('booleans and codes from 1 are refused with the range', async () => {
  const yes = [
    { a: true, b: 0 },
    { a: false, b: 0 },
  ] as never
  expect(message(await fit(classes, yes)())).toBe('row 0, column a: true, expected a category from 0 to 1 or null')
  const fromOne = [
    { a: 1, b: 3 },
    { a: 2, b: 1 },
  ]
  expect(message(await fit(classes, fromOne)())).toBe('row 0, column b: 3, expected a category from 0 to 2 or null')
})

const bigints = [1n, 4n, 2n, 0n, 7n]
const numbers = bigints.map(Number)
const threads = { threads: 1 } as const

test('BigInts are the numbers that they stand for, in every model', async () => {
  const two = (v: number | bigint) => [v, v]
  const pairs: ReadonlyArray<
    readonly [(data: never) => () => Promise<E.Either<FitError, { readonly logLikelihood: number }>>, unknown, unknown]
  > = [
    [data => fit(counts, data), bigints, numbers],
    [data => fit(counts, data), BigInt64Array.from(bigints), numbers],
    [data => fit(rowsOfTwo.gaussian, data), bigints.map(two), numbers.map(two)],
    [
      data => fit(rowsOfTwo.gaussian, data),
      { rows: 2, columns: 2, data: BigInt64Array.from(bigints.slice(1)) },
      { rows: 2, columns: 2, data: Float64Array.from(numbers.slice(1)) },
    ],
    [
      data => fit(classes, data),
      [
        { a: 1n, b: 2n },
        { a: 0n, b: null },
      ],
      [
        { a: 1, b: 2 },
        { a: 0, b: null },
      ],
    ],
    [rows => fit(rowsOfTwo.gaussian, rows, { rowWeights: bigints as never }), numbers.map(two), numbers.map(two)],
  ]
  for (const [run, big, plain] of pairs.slice(0, -1))
    expect((await rightOf(run(big as never))).logLikelihood).toBe((await rightOf(run(plain as never))).logLikelihood)
  const weighted = (rowWeights: unknown) =>
    rightOf(fit(rowsOfTwo.gaussian, numbers.map(two), { ...threads, rowWeights: rowWeights as never }))
  expect((await weighted(bigints)).logLikelihood).toBe((await weighted(numbers)).logLikelihood)
})

test('weights of rows are numbers', async () => {
  const rows = numbers.map(v => [v, v])
  for (const [weight, text] of [
    [null, 'null'],
    ['1', '"1"'],
    [undefined, 'nothing'],
  ] as const)
    expect(message(await fit(rowsOfTwo.gaussian, rows, { rowWeights: [1, 1, weight, 1, 1] as never })())).toBe(
      `rowWeights, row 2: ${text}, expected a finite number`,
    )
})

test.each([1e300, Number.MAX_VALUE])('weights of %d each are more than sums over rows have room for', async weight => {
  const rows = numbers.map(v => [v, v])
  expect(message(await fit(rowsOfTwo.gaussian, rows, { rowWeights: rows.map(() => weight) })())).toBe(
    `rowWeights: a sum of ${rows.reduce(sum => sum + weight, 0)}, expected weights whose sum is at most 1e+250`,
  )
})

describe('a block of numbers in a table', () => {
  const model = tablesOfBlocks(2)
  const rows = tableOfBlocks(40)
  const with3 = (at: unknown) => rows.map((row, n) => (n === 3 ? { ...row, at } : row)) as typeof rows
  const expected = 'expected a list of 2 finite numbers or null'

  test.each([
    ['a number', 5, '5'],
    ['too few numbers', [1], '1 numbers'],
    ['too many', [1, 2, 3], '3 numbers'],
    ['what is no number', [1, null], 'null at place 1'],
    ['what is not finite', [Number.NaN, 1], 'NaN at place 0'],
    ['a text', 'ab', '"ab"'],
    ['an object', { x: 1 }, '{x: 1}'],
  ])('is no %s', async (_, cell, received) => {
    expect(message(await fit(model, with3(cell))())).toContain(`row 3, column at: ${received}`)
    expect(message(await fit(model, with3(cell))())).toContain(expected)
  })

  test('may be missing, but not absent', async () => {
    const { at: _, ...rest } = rows[3]!
    expect(message(await fit(model, with3(undefined))())).toContain('row 3, column at: nothing')
    const absent = rows.map((row, n) => (n === 3 ? rest : row)) as typeof rows
    expect(message(await fit(model, absent)())).toContain('row 3, column at: nothing')
    expect((await rightOf(fit(model, with3(null)))).assignments).toHaveLength(40)
  })

  test('is any list of them', async () => {
    const found = await rightOf(fit(model, rows))
    for (const listOf of [(at: number[]) => Float64Array.from(at), (at: number[]) => Object.freeze([...at])]) {
      const others = rows.map(row => ({ ...row, at: row.at === null ? null : listOf(row.at) }))
      expect((await rightOf(fit(model, others))).logLikelihood).toBe(found.logLikelihood)
    }
  })

  test('has a prior of as many', () => {
    const three = { ...model.components.priors[0]!, at: { ...model.components.priors[0]!.at, mean: [0, 0, 0] } }
    const wrong = conjugateMixture(model.components.pair)({ ...shared, prior: three })
    expect(wrong._tag).toBe('Left')
  })
})

test('a list of numbers is the one column there is', async () => {
  const prior = { ...wishart, mean: [0], scale: [[1]] }
  const model = right(gaussianMixture({ ...shared, prior }))
  const expected = await rightOf(
    fit(
      model,
      numbers.map(v => [v]),
    ),
  )
  for (const data of [numbers, Float64Array.from(numbers), bigints])
    expect((await rightOf(fit(model, data))).logLikelihood).toBe(expected.logLikelihood)
})

describe('every way into a model reads alike', () => {
  const [ok, bad] = [
    [
      [1, 2],
      [3, 5],
      [4, 4],
    ],
    [
      [1, 2],
      [3, null],
      [4, 4],
    ] as never,
  ]
  const model = rowsOfTwo.gaussian
  const wrong = 'row 1, column 1: null, expected a finite number'
  test('predict, gibbs, streams, starts, statistics, factor analysis, hidden Markov models', async () => {
    const fitted = await rightOf(fit(model, ok))
    expect(message(await predict(model, fitted, bad)())).toBe(wrong)
    for await (const draw of gibbs(model, bad)) expect(message(draw)).toBe(wrong)
    expect(message(await onlineFit(model, [bad])())).toBe(wrong)
    expect(message(await initialParameters(model, bad, { _tag: 'distinct-rows' }, random(1))())).toBe(wrong)
    expect(message(await statisticsOf(model, bad, { rows: 3, columns: 1, data: [1, 1, 1] })())).toBe(wrong)
    expect(message(await fitFactorAnalysis({ factors: 1, noise: 'diagonal' }, bad)())).toBe(wrong)
    const chain = right(hiddenMarkovModel({ states: 1, prior: wishart }))
    expect(message(await fit(chain, [ok, bad])())).toBe(`sequence 1, ${wrong}`)
    const nan = [[1, Number.NaN]]
    expect(message(await fit(chain, [ok, nan])())).toBe('sequence 1, row 0, column 1: NaN, expected a finite number')
    const likely = right(maximumLikelihoodMixture(poisson)({ components: 1, freeParameters: 1 }))
    expect(message(await fit(likely, [1, null, 2] as never)())).toBe(
      'row 1: null, expected a whole number of at least 0',
    )
  })

  test.each([
    ['one sequence that is in no list', [[1], [2], [3]]],
    ['lists of numbers', [[1, 2, 3]]],
    ['numbers', [1, 2, 3]],
    ['one matrix', { rows: 2, columns: 1, data: [1, 2] }],
    ['nothing', undefined],
  ])('%s are no sequences, and the error says what are', async (_, sequences) => {
    const chain = right(hiddenMarkovModel({ states: 1, prior: { ...wishart, mean: [0], scale: [[1]] } }))
    expect(message(await fit(chain, sequences as never)())).toMatch(/expected a list.*\[1\]/)
  })
})
