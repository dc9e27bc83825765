import { execFileSync } from 'node:child_process'
import {
  betaBernoulliPriorOf,
  dirichlet,
  dirichletCountsPrior,
  dirichletPrior,
  gammaPoissonPrior,
  gammaPoissonPriorOf,
  normalInverseGamma,
  normalInverseGammaPrior,
  normalInverseWishart,
  normalInverseWishartPriorOf,
  poisson,
  productFamily,
  productPrior,
  random,
} from '@conjugate/distributions'
import { selectExecutor } from '@conjugate/executors'
import { identity } from '@conjugate/linalg'
import {
  componentsOf,
  conjugateMixture,
  describeFitError,
  type FitError,
  fit,
  fitFromText,
  fitToText,
  gibbs,
  groupedLabels,
  hiddenMarkovModelOf,
  initialParameters,
  maximumLikelihoodMixture,
  modelOf,
  multinomialMixture,
  onlineFit,
  onRows,
  predict,
  sparseRows,
  statisticsOf,
  variational,
} from '@conjugate/models'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { expectAlike, said, waysToFit } from './support.js'

const [N, D, TAGS] = [120, 40, 6]

type Cell = ReadonlyArray<number> | null

/** Counts of words as sparse rows; `null` is a cell that is missing. */
const sparse = (cells: ReadonlyArray<Cell>, columns: number) => {
  const [indptr, indices, values, missing]: number[][] = [[0], [], [], []]
  for (const [n, cell] of cells.entries()) {
    if (cell === null) missing!.push(n)
    for (const [c, value] of (cell ?? []).entries())
      if (value !== 0) {
        indices!.push(c)
        values!.push(value)
      }
    indptr!.push(indices!.length)
  }
  return sparseRows({
    columns,
    indptr: Int32Array.from(indptr!),
    indices: Uint16Array.from(indices!),
    values: Float32Array.from(values!),
    ...(missing!.length > 0 && { missing: missing! }),
  })
}

const stream = random(8)
const every = <A>(of: (n: number) => A): ReadonlyArray<A> => Array.from({ length: N }, (_, n) => of(n))
const counted = (size: number, total: number, draw: () => number): ReadonlyArray<number> => {
  const counts = new Array<number>(size).fill(0)
  for (let i = 0; i < total; i++) counts[draw()]! += 1
  return counts
}
/** Cells of two groups in turn: of each column some are missing, and some lists are empty, which is something else. */
const cells = {
  words: every(n =>
    n % 11 === 4
      ? null
      : counted(D, n === 7 ? 0 : 8 + stream.integer(9), () =>
          stream.uniform() < 0.6 ? (n % 2) * 20 + stream.integer(20) : stream.integer(D),
        ),
  ),
  age: every(n => (n % 13 === 0 ? null : 1000 + 12 * (n % 2) + stream.normal())),
  city: every(n => (n % 17 === 1 ? null : stream.uniform() < 0.3 + 0.4 * (n % 2) ? 0 : 1 + stream.integer(2))),
  visits: every(n => (n % 7 === 3 ? null : stream.integer(3 + 5 * (n % 2)))),
  place: every(n => (n % 19 === 2 ? null : [stream.normal() + 2 * (n % 2), stream.normal()])),
  tags: every(n => (n % 23 === 5 ? null : counted(TAGS, stream.integer(4), () => stream.integer(TAGS)))),
  calls: every(n => (n % 29 === 6 ? null : counted(TAGS, stream.integer(5), () => stream.integer(3) + 3 * (n % 2)))),
  flags: every(n => (n % 31 === 7 ? null : counted(TAGS, 1, () => stream.integer(TAGS)))),
}
type Name = keyof typeof cells

const flat = (size: number, concentration = 2) =>
  right(dirichlet.make({ concentration: new Float64Array(size).fill(concentration) }))
const pairs = {
  words: dirichletCountsPrior(D),
  age: normalInverseGammaPrior,
  city: dirichletPrior(3),
  visits: gammaPoissonPrior,
  place: normalInverseWishartPriorOf(2),
  tags: dirichletCountsPrior(TAGS),
  calls: gammaPoissonPriorOf(TAGS),
  flags: betaBernoulliPriorOf(TAGS),
}
const priors = {
  words: flat(D),
  age: right(normalInverseGamma.make({ mean: 1000, meanPrecision: 0.01, shape: 2, scale: 10 })),
  city: flat(3),
  visits: { shape: 2, rate: 1 },
  place: right(
    normalInverseWishart.make({ mean: [0, 0], meanPrecision: 0.1, degreesOfFreedom: 4, scale: identity(2) }),
  ),
  tags: flat(TAGS),
  calls: new Array(TAGS).fill({ shape: 1.5, rate: 1 }),
  flags: new Array(TAGS).fill({ a: 2, b: 1.5 }),
}
const some = <V>(names: ReadonlyArray<Name>, of: (name: Name) => V): Record<string, V> =>
  Object.fromEntries(names.map(name => [name, of(name)]))

const pairOf = (names: ReadonlyArray<Name>) => productPrior(some(names, name => pairs[name]) as unknown as typeof pairs)
const mixtureOf = (names: ReadonlyArray<Name>, noise?: number) =>
  right(
    conjugateMixture(pairOf(names))({
      components: 2,
      concentration: 2,
      prior: some(names, name => priors[name]) as unknown as typeof priors,
      ...(noise !== undefined && { noise }),
    }),
  )
type Data = Parameters<typeof fit<ReturnType<typeof mixtureOf>>>[1]

const sizes: Partial<Record<Name, number>> = { words: D, tags: TAGS, calls: TAGS, flags: TAGS }
const denseOf = (names: ReadonlyArray<Name>, first = 0, end = N): Data =>
  some(names, name => cells[name].slice(first, end)) as unknown as Data
const sparseOf = (names: ReadonlyArray<Name>, first = 0, end = N): Data =>
  some(names, name => {
    const part = cells[name].slice(first, end)
    return sizes[name] === undefined ? part : sparse(part as ReadonlyArray<Cell>, sizes[name])
  }) as unknown as Data

const all: ReadonlyArray<Name> = ['age', 'words', 'city', 'visits', 'tags', 'place']
const { labels, responsibilities, ways } = waysToFit(N)

describe('a table with columns of sparse rows has the numbers of one with lists', () => {
  test.each<readonly [names: ReadonlyArray<Name>, start: object]>([
    [all, {}],
    [[...all, 'calls', 'flags'], { start: { _tag: 'labels', labels } }],
    [['words'], {}],
    // Where words are missing, few tags are as far from one cluster as from the other.
    [['words', 'tags'], { start: { _tag: 'labels', labels } }],
    [['tags', 'visits', 'words'], {}],
    [['city', 'words'], {}],
    [['words', 'age'], {}],
    [['place', 'words', 'city'], {}],
    [['calls', 'age', 'flags'], {}],
  ])('%j', async (names, start) => {
    const options = { iterations: 6, ...start }
    for (const mixture of [mixtureOf(names), mixtureOf(names, -60)]) {
      const found = right(await fit(mixture, sparseOf(names), options)())
      expectAlike(said(found), said(right(await fit(mixture, denseOf(names), options)())))
      const inJavaScript = right(await fit(mixture, sparseOf(names), { ...options, backend: 'javascript' })())
      expectAlike(said(inJavaScript), said(found))
      expect(found.backend).toMatch(/sparse rows in WebAssembly \(SIMD, float64\)$/)
      expect(inJavaScript.backend).toMatch(/sparse rows in JavaScript \(float64\)$/)
    }
  })

  test.each(ways)('from or with %s', async (_, options) => {
    const given = { iterations: 8, ...options } as object
    const mixture = mixtureOf(all)
    expectAlike(
      said(right(await fit(mixture, sparseOf(all), given)())),
      said(right(await fit(mixture, denseOf(all), given)())),
    )
  })

  test('of predictions, draws, posteriors, streams, groups, sequences, texts and what is asked of rows', async () => {
    const mixture = mixtureOf(all)
    const fitted = right(await fit(mixture, denseOf(all), { iterations: 8 })())
    expectAlike(
      right(await predict(mixture, fitted, sparseOf(all))()),
      right(await predict(mixture, fitted, denseOf(all))()),
    )
    const drawn = async (data: Data): Promise<unknown[]> => {
      const found: unknown[] = []
      for await (const draw of gibbs(mixture, data, { burnIn: 1, samples: 3, seed: 1 })) found.push(right(draw))
      return found
    }
    expectAlike(await drawn(sparseOf(all)), await drawn(denseOf(all)))
    const bayes = variational(mixture)
    expectAlike(
      said(right(await fit(bayes, sparseOf(all), { iterations: 5 })())),
      said(right(await fit(bayes, denseOf(all), { iterations: 5 })())),
    )
    // The first batch is too small to start from, and is joined with the next.
    const batches = (of: typeof denseOf) => [of(all, 0, 1), of(all, 1, 60), of(all, 60)]
    const streamed = async (data: ReadonlyArray<Data>): Promise<unknown> => {
      const { weights, components, meanLogLikelihoods, observations } = right(await onlineFit(mixture, data as never)())
      return { weights, components, meanLogLikelihoods, observations }
    }
    expectAlike(await streamed(batches(sparseOf)), await streamed(batches(denseOf)))
    const grouped = right(modelOf(componentsOf(mixture), right(groupedLabels(3, [2, 2]))))
    const groups = { groups: Int32Array.from({ length: N }, (_, n) => n % 3), iterations: 4 }
    expectAlike(
      said(right(await fit(grouped, sparseOf(all) as never, groups)())),
      said(right(await fit(grouped, denseOf(all) as never, groups)())),
    )
    const chain = hiddenMarkovModelOf(mixture, { transitionConcentration: 2 })
    expectAlike(
      right(await fit(chain, batches(sparseOf) as never, { iterations: 4 })()).objectives,
      right(await fit(chain, batches(denseOf) as never, { iterations: 4 })()).objectives,
    )
    expectAlike(
      right(await statisticsOf(mixture, sparseOf(all) as never, responsibilities)()),
      right(await statisticsOf(mixture, denseOf(all) as never, responsibilities)()),
    )
    const executor = right(await selectExecutor('auto', 1)())
    const [bound, dense] = [
      right(await onRows(mixture, sparseOf(all), executor)()),
      right(await onRows(mixture, denseOf(all), executor)()),
    ]
    for (const ask of ['expect', 'logJoint', 'responsibilities', 'assignments', 'logProb', 'predict'] as const)
      expectAlike(
        right((await bound[ask](fitted)()) as E.Either<FitError, unknown>),
        right((await dense[ask](fitted)()) as E.Either<FitError, unknown>),
      )
    expectAlike(
      right(await initialParameters(mixture, sparseOf(all) as never, { _tag: 'k-means' }, random(1))()),
      right(await initialParameters(mixture, denseOf(all) as never, { _tag: 'k-means' }, random(1))()),
    )
    const short = right(await fit(mixture, sparseOf(all), { iterations: 3 })())
    expect(right(fitFromText(mixture, right(fitToText(mixture, short))))).toStrictEqual(short)
  })
})

const rowAt = (n: number) => some(all, name => cells[name][n]) as never

test('log densities are those of the pair, and what is said of a row does not depend on the others', async () => {
  const mixture = mixtureOf(all)
  const fitted = right(await fit(mixture, sparseOf(all), { iterations: 8 })())
  const logProbs = fitted.components.map(component => pairOf(all).likelihood.logProb(component as never))
  const found = right(await predict(mixture, fitted, sparseOf(all))())
  for (let n = 0; n < N; n++) {
    const logs = logProbs.map((logProb, k) => Math.log(fitted.weights[k]!) + logProb(rowAt(n)))
    const most = Math.max(...logs)
    expect(found.logProb[n]).toBeCloseTo(most + Math.log(logs.reduce((sum, l) => sum + Math.exp(l - most), 0)), 9)
    if (n % 9 !== 4) continue
    const alone = right(await predict(mixture, fitted, sparseOf(all, n, n + 1))())
    expect([alone.logProb[0], alone.assignments[0]]).toEqual([found.logProb[n], found.assignments[n]])
    expect(Array.from(alone.responsibilities.data)).toEqual(
      Array.from(found.responsibilities.data).slice(2 * n, 2 * n + 2),
    )
  }
})

test('what groups have in common beside their words is learnt', async () => {
  const found = right(await fit(mixtureOf(['age', 'words', 'tags']), sparseOf(['age', 'words', 'tags']))())
  const ages = found.components.map(({ age }) => age.mean).sort((a, b) => a - b)
  expect(ages[0]).toBeCloseTo(1000, 0)
  expect(ages[1]).toBeCloseTo(1012, 0)
  expect(found.assignments.filter((k, n) => (k === found.assignments[0]) === (n % 2 === 0)).length).toBe(N)
})

describe('errors of a table with sparse rows', () => {
  const mixture = mixtureOf(['words', 'visits'])
  const good = { columns: D, indptr: [0, 2, 3], indices: [1, 3, 0], values: [2, 1, 3] }
  const visits = [1, 2]
  const ofWords = (wrong: object) => ({ words: sparseRows({ ...good, ...wrong }), visits })
  test.each<readonly [string, object, string]>([
    [
      'a column out of range',
      ofWords({ indices: [1, 40, 0] }),
      'words.indices, row 0: 40, expected a whole number from 0 to 39',
    ],
    [
      'a column twice',
      ofWords({ indices: [1, 1, 0] }),
      'words.indices, row 0: 1 after 1, expected columns that ascend within a row, each once',
    ],
    [
      'a value that is none',
      ofWords({ values: [2, 1, Number.NaN] }),
      'words.values, row 1, column 0: NaN, expected a finite number',
    ],
    [
      'a negative count',
      ofWords({ values: [2, -1, 3] }),
      'row 0, column words: {1: 2, 3: -1}, expected whole numbers of at least 0',
    ],
    [
      'part of a count',
      ofWords({ values: [2, 1, 2.5] }),
      'row 1, column words: {0: 2.5}, expected whole numbers of at least 0',
    ],
    ['other columns than the pair', ofWords({ columns: 41 }), 'words.columns: 41, expected 40'],
    ['rows that end early', ofWords({ indptr: [0, 2] }), 'words.indptr, row 1: 2, expected 3, the number of values'],
    [
      'a missing row that has values',
      ofWords({ missing: [1] }),
      'words.missing, row 1: one that has some, expected a row without values',
    ],
    [
      'a missing row that there is not',
      ofWords({ missing: [2] }),
      'words.missing: 2, expected rows from 0 to 1 that ascend, each once',
    ],
    ['missing rows that are no list', ofWords({ missing: 0 }), 'words.missing: 0, expected a list of rows'],
    [
      'another length',
      { words: sparseRows(good), visits: [1] },
      'column visits: 1, expected 2 cells, as many as column words has',
    ],
    [
      'a cell of another column',
      { words: sparseRows(good), visits: [1, -1] },
      'row 1, column visits: -1, expected a whole number of at least 0',
    ],
    [
      'an unknown column',
      { words: sparseRows(good), visits, age: [1, 2] },
      'column age: [1, 2], expected no other columns than words, visits',
    ],
    ['sparse rows of nothing', { words: sparseRows(null as never), visits }, 'the data: something that cannot be read'],
    [
      'a column that cannot be read',
      {
        words: sparseRows(good),
        get visits() {
          throw new Error('gone')
        },
      },
      'the data: something that cannot be read: "gone", expected columns by their names, some of them sparse rows',
    ],
    ['an absent column', { words: sparseRows(good) }, 'column visits: nothing'],
    [
      'a column of numbers',
      { words: [[1], [2]], visits: sparseRows(good) },
      'column visits: sparse rows, expected cells with all of their numbers',
    ],
  ])('%s', async (_, data, expected) => {
    const found = await fit(mixture, data as unknown as Data)()
    expect(E.isLeft(found) ? describeFitError(found.left) : 'a fit').toContain(expected)
  })

  test('of components that have no priors, and of rows that are no table', async () => {
    const bare = right(
      maximumLikelihoodMixture(productFamily({ visits: poisson }))({ components: 1, freeParameters: 1 }),
    )
    const ofBare = await fit(bare, { visits: sparseRows(good) } as never)()
    expect(E.isLeft(ofBare) && describeFitError(ofBare.left)).toContain('expected columns with all of their numbers')
    const subjects = right(multinomialMixture({ components: 1, concentration: 2, categories: D }))
    const ofRows = await fit(subjects, sparseRows({ ...good, missing: [] }))()
    expect(E.isLeft(ofRows) && describeFitError(ofRows.left)).toContain(
      'missing: [], expected nothing: only in a column of a table a cell may be missing',
    )
  })
})

test('4,000 documents over 20,000 words beside their years take less than 200 MB more than they are', () => {
  // In a process of its own, whose greatest memory is that of the fit.
  const program = `
    import { dirichlet, dirichletCountsPrior, normalInverseGamma, normalInverseGammaPrior, productPrior } from '@conjugate/distributions'
    import { conjugateMixture, fit, sparseRows } from '@conjugate/models'
    const [n, d, k, words] = [4000, 20000, 10, 100]
    const [indptr, indices, values] = [new Int32Array(n + 1), new Int32Array(n * words), new Uint8Array(n * words).fill(1)]
    for (let i = 0; i < n; i++) {
      indptr[i + 1] = (i + 1) * words
      for (let w = 0; w < words; w++) indices[i * words + w] = w * 200 + (w < 60 ? (i % k) * 20 : 0) + ((i * 7919 + w * w * 31) % 20)
    }
    const year = Float64Array.from({ length: n }, (_, i) => 1990 + (i % k) + ((i * 31) % 7) / 7)
    const mixture = conjugateMixture(productPrior({ words: dirichletCountsPrior(d), year: normalInverseGammaPrior }))({
      components: k,
      concentration: 2,
      prior: {
        words: dirichlet.make({ concentration: new Float64Array(d).fill(2) }).right,
        year: normalInverseGamma.make({ mean: 2000, meanPrecision: 0.01, shape: 2, scale: 10 }).right,
      },
    })
    const before = process.resourceUsage().maxRSS
    const fitted = await fit(mixture, { words: sparseRows({ columns: d, indptr, indices, values }), year }, { iterations: 5 })()
    console.log(JSON.stringify([fitted._tag, fitted.right?.objectives.length, (process.resourceUsage().maxRSS - before) / 1e3]))`
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: new URL('../..', import.meta.url),
    encoding: 'utf8',
  })
  const [tag, points, megabytes] = JSON.parse(printed)
  expect([tag, points]).toEqual(['Right', 6])
  expect(megabytes).toBeLessThan(200)
})
