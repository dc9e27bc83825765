import { execFileSync } from 'node:child_process'
import {
  betaBernoulliPriorOf,
  conjugatePair,
  dirichlet,
  dirichletCountsPrior,
  dirichletMultinomialPrior,
  gammaPoissonPriorOf,
  random,
  vonMisesFisher,
} from '@conjugate/distributions'
import type { Storage } from '@conjugate/em'
import { selectExecutor } from '@conjugate/executors'
import {
  componentsOf,
  conjugateMixture,
  describeFitError,
  type FitError,
  fit,
  gaussianMixture,
  gibbs,
  groupedLabels,
  hiddenMarkovModelOf,
  initialParameters,
  maximumLikelihoodMixture,
  modelOf,
  multinomialMixture,
  onlineFit,
  onRows,
  poissonMixture,
  predict,
  type SparseRows,
  sparseRows,
  variational,
} from '@conjugate/models'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { describe, expect, test } from 'vitest'
import { expectAlike, said, waysToFit } from './support.js'

const [N, D] = [90, 40]

/** Documents of two subjects in turn, of which the last is empty. */
const documents = ((): ReadonlyArray<Float64Array> => {
  const stream = random(3)
  return Array.from({ length: N }, (_, n) => {
    const words = new Float64Array(D)
    const total = n === N - 1 ? 0 : 8 + stream.integer(9)
    for (let i = 0; i < total; i++)
      words[stream.uniform() < 0.6 ? (n % 2) * 20 + stream.integer(20) : stream.integer(D)]! += 1
    return words
  })
})()

/**
 * Zeros and ones of two kinds in turn. All rows have other numbers of ones: else many would be as near to one as to another, but for
 * rounding.
 */
const features = ((): ReadonlyArray<Float64Array> => {
  const stream = random(5)
  return Array.from({ length: N }, (_, n) => {
    const row = new Float64Array(5 * D)
    for (let left = 30 + n; left > 0; ) {
      const column = stream.uniform() < 0.7 ? (n % 2) * 100 + stream.integer(100) : stream.integer(5 * D)
      if (row[column] === 1) continue
      row[column] = 1
      left--
    }
    return row
  })
})()

const sparse = (rows: ReadonlyArray<ArrayLike<number>>): SparseRows => {
  const [indptr, indices, values]: number[][] = [[0], [], []]
  for (const row of rows) {
    for (let c = 0; c < row.length; c++)
      if (row[c] !== 0) {
        indices!.push(c)
        values!.push(row[c]!)
      }
    indptr!.push(indices!.length)
  }
  return sparseRows({
    columns: rows[0]?.length ?? D,
    indptr: Int32Array.from(indptr!),
    indices: Uint16Array.from(indices!),
    values: Float32Array.from(values!),
  })
}

const subjects = right(multinomialMixture({ components: 2, concentration: 2, categories: D }))

/** Mixtures of what is linear in a row, with or without noise, and rows for them. */
const kinds = (
  [
    [
      'multinomials',
      (noise: object) => multinomialMixture({ components: 2, concentration: 2, categories: D, ...noise }),
      documents,
    ],
    [
      'independent Poissons',
      (noise: object) =>
        conjugateMixture(gammaPoissonPriorOf(D))({
          components: 2,
          concentration: 2,
          prior: new Array(D).fill({ shape: 1.5, rate: 2 }),
          ...noise,
        }),
      documents,
    ],
    [
      'independent Bernoullis',
      (noise: object) =>
        conjugateMixture(betaBernoulliPriorOf(5 * D))({
          components: 2,
          concentration: 2,
          prior: Array.from({ length: 5 * D }, (_, i) => ({ a: 1.5 + 0.01 * i, b: 2 })),
          ...noise,
        }),
      features,
    ],
  ] as const
).map(([name, of, rows]) => {
  // The suite asks the same of all of them.
  const mixtureOf = (noise: object) => right(of(noise) as E.Either<unknown, unknown>) as typeof subjects
  return { name, mixture: mixtureOf({}), noisy: mixtureOf({ noise: -60 }), rows }
})

/** Multinomials of somebody who has written their own pair, and says that the statistic of a row is the row. */
const { likelihood } = dirichletCountsPrior(D)
const ownPair = conjugatePair({
  name: 'Words',
  prior: dirichlet,
  parameter: 'probabilities',
  size: D,
  statistic: (row: ArrayLike<number>) => Array.from(row),
  statisticExpression: likelihood.statisticExpression!,
  logBaseMeasure: likelihood.logBaseMeasure as (row: ArrayLike<number>) => number,
  logBaseOfEntries: likelihood.logBaseOfEntries!,
  evidence: (_weight, sums) => Array.from(sums),
  sample: () => () => new Float64Array(D),
  fromNatural: eta => eta.map(Math.exp),
  support: likelihood.support!,
})
const own = right(
  conjugateMixture(ownPair)({
    components: 2,
    concentration: 2,
    prior: right(dirichlet.make({ concentration: new Float64Array(D).fill(2) })),
  }),
)
const ofTotal = right(
  conjugateMixture(dirichletMultinomialPrior(7, D))({
    components: 2,
    concentration: 2,
    prior: right(dirichlet.make({ concentration: new Float64Array(D).fill(1.5) })),
  }),
)
const ofSeven = documents.slice(0, -1).map(row => {
  const some = new Float64Array(D)
  for (let left = 7, c = 0; left > 0; c = (c + 1) % D) {
    const taken = Math.min(left, row[c]! - some[c]!)
    some[c]! += taken
    left -= taken
  }
  return some
})
const directions = documents.slice(0, -1).map(row => row.map(v => v / Math.hypot(...row)))
const bareDirections = right(maximumLikelihoodMixture(vonMisesFisher)({ components: 2, freeParameters: D }))

const { labels, ways } = waysToFit(N)

describe.each(kinds)('sparse rows have the numbers of rows: $name', ({ mixture: bare, noisy, rows }) => {
  test.each(ways)('from or with %s', async (_, options) => {
    const all = { iterations: 8, ...options } as object
    for (const mixture of 'rowLogPriors' in options ? [bare] : [bare, noisy]) {
      const found = right(await fit(mixture, sparse(rows), all)())
      expectAlike(said(found), said(right(await fit(mixture, rows, all)())))
      expect(found.backend).toBe('sparse rows in WebAssembly (SIMD, float64)')
      const inJavaScript = right(await fit(mixture, sparse(rows), { ...all, backend: 'javascript' })())
      expect(said(inJavaScript)).toEqual(said(found))
      expect(inJavaScript.backend).toBe('sparse rows in JavaScript (float64)')
    }
  })

  test('and those of another number of columns are told to be that', async () => {
    const fitted = right(await fit(bare, rows, { iterations: 2 })())
    const others = sparse(rows.map(row => row.slice(1)))
    const error = E.left({ _tag: 'ColumnMismatch', expected: rows[0]!.length, received: rows[0]!.length - 1 })
    expect(await fit(bare, others)()).toEqual(error)
    expect(await predict(bare, fitted, others)()).toEqual(error)
    expect(await initialParameters(bare, others, { _tag: 'k-means' }, random(1))()).toEqual(error)
  })

  test('of predictions, chains of draws, posteriors, streams, groups, sequences and what is asked of rows', async () => {
    const fitted = right(await fit(bare, rows, { iterations: 8 })())
    expectAlike(right(await predict(bare, fitted, sparse(rows))()), right(await predict(bare, fitted, rows)()))
    const drawn = async (data: SparseRows | typeof rows): Promise<unknown[]> => {
      const found: unknown[] = []
      for await (const draw of gibbs(bare, data, { burnIn: 1, samples: 3, seed: 1 })) found.push(right(draw))
      return found
    }
    expectAlike(await drawn(sparse(rows)), await drawn(rows))
    const bayes = variational(bare)
    expectAlike(
      said(right(await fit(bayes, sparse(rows), { iterations: 5 })())),
      said(right(await fit(bayes, rows, { iterations: 5 })())),
    )
    const batches = [rows.slice(0, 10), rows.slice(10, 60), rows.slice(60)]
    const streamed = async (data: ReadonlyArray<unknown>): Promise<unknown> => {
      const { weights, components, meanLogLikelihoods } = right(await onlineFit(bare, data as never)())
      return { weights, components, meanLogLikelihoods }
    }
    expectAlike(await streamed(batches.map(sparse)), await streamed(batches))
    // The first batch is too small to start from, and cannot be joined with lists of numbers: it is not lost.
    const mixed = [sparse(rows.slice(0, 10)), rows.slice(10)]
    const { observations, batches: taken } = right(await onlineFit(bare, mixed as never)())
    expect({ observations, taken }).toEqual({ observations: N, taken: 2 })
    const grouped = right(modelOf(componentsOf(bare), right(groupedLabels(3, [2, 2]))))
    const groups = { groups: Int32Array.from({ length: N }, (_, n) => n % 3), iterations: 4 }
    expectAlike(
      said(right(await fit(grouped, sparse(rows), groups)())),
      said(right(await fit(grouped, rows, groups)())),
    )
    const chain = hiddenMarkovModelOf(bare, { transitionConcentration: 2 })
    expectAlike(
      right(await fit(chain, batches.map(sparse) as never, { iterations: 4 })()).objectives,
      right(await fit(chain, batches as never, { iterations: 4 })()).objectives,
    )
    const executor = right(await selectExecutor('auto', 1)())
    const [bound, dense] = [
      right(await onRows(bare, sparse(rows), executor)()),
      right(await onRows(bare, rows, executor)()),
    ]
    for (const ask of ['expect', 'logJoint', 'responsibilities', 'assignments', 'logProb', 'predict'] as const)
      expectAlike(
        right((await bound[ask](fitted)()) as E.Either<FitError, unknown>),
        right((await dense[ask](fitted)()) as E.Either<FitError, unknown>),
      )
    expectAlike(
      right(await initialParameters(bare, sparse(rows), { _tag: 'k-means' }, random(1))()),
      right(await initialParameters(bare, rows, { _tag: 'k-means' }, random(1))()),
    )
  })
})

test('sparse rows have the numbers of rows in every family whose statistic is the row', async () => {
  for (const [mixture, rows] of [
    [ofTotal, ofSeven],
    [bareDirections, directions],
    [own, documents],
  ] as const) {
    const exact =
      rows === directions
        ? sparseRows({
            ...sparse(rows).rows,
            values: Float64Array.from(rows.flatMap(row => Array.from(row).filter(v => v !== 0))),
          })
        : sparse(rows)
    // Rows of seven words are as near to one as to another, but for rounding.
    const options = { iterations: 5, start: { _tag: 'labels', labels: labels.subarray(0, rows.length) } } as const
    expectAlike(
      said(right(await fit(mixture as typeof ofTotal, exact, options)())),
      said(right(await fit(mixture as typeof ofTotal, rows, options)())),
    )
  }
})

test('a fit goes on from a checkpoint with the same bits, and not from one of other rows', async () => {
  let text: O.Option<string> = O.none
  const storage: Storage = {
    name: 'memory',
    read: async () => E.right(text),
    write: written => async () => {
      text = O.some(written)
      return E.right(undefined)
    },
  }
  const options = { seed: 2, restarts: 2, checkpoint: { storage, everyIterations: 1 } }
  const whole = right(await fit(subjects, sparse(documents), { seed: 2, restarts: 2, iterations: 7 })())
  await fit(subjects, sparse(documents), { ...options, iterations: 3 })()
  const other = documents.map((row, n) => (n === 5 ? row.map((v, c) => (c === 7 ? v + 1 : v)) : row))
  expect(E.isLeft(await fit(subjects, sparse(other), { ...options, iterations: 7 })())).toBe(true)
  expect(said(right(await fit(subjects, sparse(documents), { ...options, iterations: 7 })()))).toEqual(said(whole))
})

/** Documents of so many subjects in turn, whose words are much more frequent or less, and most of which come up once or never. */
const ofSubjects = (seed: number, rows: number, subjects: number): ReadonlyArray<Float64Array> => {
  const [stream, width] = [random(30, seed), 3000]
  const own = Math.floor(width / subjects)
  return Array.from({ length: rows }, (_, n) => {
    const words = new Float64Array(width)
    for (let i = 0; i < 80; i++) {
      const rank = stream.uniform() ** 3
      words[stream.uniform() < 0.6 ? (n % subjects) * own + Math.floor(rank * own) : Math.floor(rank * width)]! += 1
    }
    return words
  })
}

// In units of their deviations, words that come up once would hide all others.
test.each([
  [601, 600, 3],
  [602, 600, 3],
  [603, 1000, 10],
])('subjects are found by the default start (sample %d: %d documents of %d)', async (seed, count, subjects) => {
  const rows = ofSubjects(seed, count, subjects)
  const mixture = right(multinomialMixture({ components: subjects, concentration: 2, categories: 3000 }))
  const told = { _tag: 'labels', labels: Int32Array.from(rows, (_, n) => n % subjects) } as const
  const best = right(await fit(mixture, sparse(rows), { start: told })()).objectives.at(-1)!
  for (const data of [sparse(rows), rows])
    expect(right(await fit(mixture, data as typeof rows)()).objectives.at(-1)! - best).toBeGreaterThan(-1e-6)
})

describe('errors', () => {
  const good = sparse([
    [0, 2, 0, 1],
    [3, 0, 0, 0],
  ])
  const words = right(multinomialMixture({ components: 1, concentration: 2, categories: 4 }))
  const cases: ReadonlyArray<readonly [string, object, string]> = [
    ['a column out of range', { indices: [1, 4, 0] }, 'indices, row 0: 4, expected a whole number from 0 to 3'],
    ['a negative column', { indices: [1, 3, -1] }, 'indices, row 1: -1, expected a whole number from 0 to 3'],
    [
      'a column that is no whole number',
      { indices: [1, 2.5, 0] },
      'indices, row 0: 2.5, expected a whole number from 0 to 3',
    ],
    [
      'columns that descend',
      { indices: [3, 1, 0] },
      'indices, row 0: 1 after 3, expected columns that ascend within a row, each once',
    ],
    [
      'a column twice',
      { indices: [1, 1, 0] },
      'indices, row 0: 1 after 1, expected columns that ascend within a row, each once',
    ],
    ['fewer columns than values', { indices: [1, 3] }, 'indices: 2, expected 3 of them, as many as values'],
    ['a value that is none', { values: [2, Number.NaN, 3] }, 'values, row 0, column 3: NaN, expected a finite number'],
    ['a text', { values: [2, '1', 3] }, 'values, row 0, column 3: "1", expected a finite number'],
    ['a negative count', { values: [2, -1, 3] }, 'row 0: {1: 2, 3: -1}, expected whole numbers of at least 0'],
    ['part of a count', { values: [2, 1, 2.5] }, 'row 1: {0: 2.5}, expected whole numbers of at least 0'],
    ['rows that end early', { indptr: [0, 2] }, 'indptr, row 1: 2, expected 3, the number of values'],
    [
      'rows that go back',
      { indptr: [0, 2, 1] },
      'indptr, row 2: 1, expected a whole number from 2 to 3, the number of values',
    ],
    ['rows that begin late', { indptr: [1, 2, 3] }, 'indptr, row 0: 1, expected 0'],
    ['no rows, and no list of them', { indptr: 3 }, 'indptr: 3, expected a list of numbers'],
    ['no number of columns', { columns: 0 }, 'columns: 0, expected a whole number of at least 1'],
    ['other columns than the prior', { columns: 5 }, 'the data has 5 columns, expected 4 as in the prior'],
    [
      'a detached array',
      {
        get values() {
          throw new Error('gone')
        },
      },
      'the data: something that cannot be read: "gone", expected compressed sparse rows { indptr, indices, values, columns }',
    ],
  ]
  const message = (found: E.Either<FitError, unknown>): string =>
    E.isLeft(found) ? describeFitError(found.left) : 'a fit'

  test.each(cases)('%s', async (_, wrong, expected) => {
    const rows = Object.defineProperties(
      {},
      { ...Object.getOwnPropertyDescriptors(good.rows), ...Object.getOwnPropertyDescriptors(wrong) },
    )
    expect(message(await fit(words, sparseRows(rows as never))())).toContain(expected)
    expect(
      message(
        await predict(
          words,
          {
            weights: [1],
            components: [{ _tag: 'Multinomial', count: 1, probabilities: [0.25, 0.25, 0.25, 0.25] }],
          } as never,
          sparseRows(rows as never),
        )(),
      ),
    ).toContain(expected)
  })

  test('components that are not linear in a row', async () => {
    for (const mixture of [
      gaussianMixture({ components: 2 }),
      poissonMixture({ components: 2, concentration: 2, prior: { shape: 1, rate: 1 } }),
    ])
      expect(message(await fit(mixture as unknown as typeof words, good)())).toMatch(
        /^the data: sparse rows, expected rows with all of their numbers: the statistic of a row is not the row, .*gammaPoissonPriorOf/,
      )
  })
})

test.each([
  ['multinomials', 'multinomialMixture({ components: k, concentration: 2, categories: d })'],
  [
    'independent Poissons',
    'conjugateMixture(gammaPoissonPriorOf(d))({ components: k, concentration: 2, prior: new Array(d).fill({ shape: 2, rate: 100 }) })',
  ],
])('4,000 documents over 20,000 words take less than 200 MB more than they are, as %s', (_, mixture) => {
  // In a process of its own, whose greatest memory is that of the fit.
  const program = `
    import { gammaPoissonPriorOf } from '@conjugate/distributions'
    import { conjugateMixture, multinomialMixture, fit, sparseRows } from '@conjugate/models'
    const [n, d, k, words] = [4000, 20000, 10, 100]
    const [indptr, indices, values] = [new Int32Array(n + 1), new Int32Array(n * words), new Uint8Array(n * words)]
    for (let i = 0; i < n; i++) {
      indptr[i + 1] = (i + 1) * words
      const own = Array.from({ length: words }, (_, w) => (w < 60 ? (i % k) * 2000 : 0) + ((i * 7919 + w * w * 31) % 2000))
      const all = [...new Set(own)].sort((a, b) => a - b)
      for (let c = d - 1; all.length < words; c--) if (!all.includes(c)) all.push(c)
      all.sort((a, b) => a - b)
      indices.set(all, i * words)
    }
    values.fill(1)
    const before = process.resourceUsage().maxRSS
    const fitted = await fit(${mixture}, sparseRows({ columns: d, indptr, indices, values }), { iterations: 10 })()
    console.log(JSON.stringify([fitted._tag, fitted.right?.objectives.length, (process.resourceUsage().maxRSS - before) / 1e3]))`
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: new URL('../..', import.meta.url),
    encoding: 'utf8',
  })
  const [tag, points, megabytes] = JSON.parse(printed)
  expect([tag, points]).toEqual(['Right', 11])
  expect(megabytes).toBeLessThan(200)
})
