import { poisson, random } from '@conjugate/distributions'
import { selectExecutor } from '@conjugate/executors'
import { identity } from '@conjugate/linalg'
import {
  fit,
  fitFactorAnalysis,
  gaussianMixture,
  gibbs,
  initialParameters,
  latentClassMixture,
  multinomialMixture,
  onlineFit,
  onRows,
  poissonMixture,
  predict,
  sparseRows,
  statisticsOf,
  variational,
} from '@conjugate/models'
import { right } from '@conjugate/testing'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'

// Every function that takes data, with every form that data of its kind have: what is found is what is found of rows.

const N = 40
const stream = random(42)
const shared = { components: 2, concentration: 2 }
const RESPONSIBILITIES = {
  rows: N,
  columns: 2,
  data: Float64Array.from({ length: 2 * N }, (_, i) => [0.25, 0.75][(i + (i >> 1)) % 2]!),
}
const executor = right(await selectExecutor('wasm', 1)())

/** What Apache Arrow has. */
const vectorOf = (cells: ArrayLike<number>): object => ({
  length: cells.length,
  nullCount: 0,
  type: { typeId: 3 },
  get: (n: number) => cells[n],
  toArray: () => Float64Array.from(cells),
})

type Columns = Readonly<Record<string, ReadonlyArray<number>>>
type Forms = Readonly<Record<string, () => unknown>>

/** Columns in the ways that a column is given by its name. */
const byName = (columns: Columns, isWhole: boolean): Forms => {
  const each = (of: (cells: ReadonlyArray<number>) => unknown) => () =>
    Object.fromEntries(Object.entries(columns).map(([name, cells]) => [name, of(cells)]))
  return {
    'columns that are lists': each(cells => cells),
    'columns that are typed arrays': each(cells => Float32Array.from(cells)),
    'columns that are vectors of Arrow': each(vectorOf),
    'columns that are tensors': each(cells => tf.tensor1d([...cells])),
    ...(isWhole && {
      'columns that are bytes': each(cells => Uint8Array.from(cells)),
      'columns that are BigInts': each(cells => BigInt64Array.from(cells.map(BigInt))),
    }),
  }
}

const floats = (count: number) => Array.from({ length: count }, () => Math.fround(stream.normal()))
const [height, weight, age] = [floats(N).map((x, n) => Math.fround(x + 8 * (n % 2))), floats(N), floats(N)]
const vectors = height.map((h, n) => [h, weight[n]!, age[n]!])
const matrixOf = (rows: ReadonlyArray<ReadonlyArray<number>>) => ({
  rows: rows.length,
  columns: rows[0]!.length,
  data: Float64Array.from(rows.flat()),
})
function* oneByOne<X>(rows: Iterable<X>): Generator<X> {
  yield* rows
}
const counts = Array.from({ length: N }, (_, n) => poisson.sample({ rate: 2 + 9 * (n % 2) })(stream))
const [smokes, blood] = [0, 1].map(() => Array.from({ length: N }, (_, n) => (n + stream.integer(2)) % 2)) as [
  number[],
  number[],
]
const table = smokes.map((s, n) => ({ smokes: s, blood: blood[n]! }))
const words = Array.from({ length: N }, (_, n) =>
  Array.from({ length: 6 }, (_, w) => (w % 2 === n % 2 ? stream.integer(4) : 0)),
)
const sparse = () => {
  const [indptr, indices, values] = [[0], [] as number[], [] as number[]]
  for (const row of words) {
    for (const [w, count] of row.entries())
      if (count > 0) {
        indices.push(w)
        values.push(count)
      }
    indptr.push(indices.length)
  }
  return sparseRows({ columns: 6, indptr, indices, values })
}

interface Kind {
  readonly mixture: ReturnType<typeof poissonMixture>
  readonly rows: unknown
  readonly forms: Forms
  readonly isOfNumbers?: boolean
}

const kinds: Readonly<Record<string, Kind>> = {
  'rows of numbers': {
    mixture: gaussianMixture({
      ...shared,
      prior: { mean: [0, 0, 0], meanPrecision: 0.1, degreesOfFreedom: 5, scale: identity(3) },
    }) as never,
    rows: vectors,
    isOfNumbers: true,
    forms: {
      'typed arrays': () => vectors.map(row => Float32Array.from(row)),
      'a matrix': () => matrixOf(vectors),
      'a tensor': () => tf.tensor2d(vectors),
      ...byName({ height, weight, age }, false),
    },
  },
  'one column': {
    mixture: poissonMixture({ ...shared, prior: { shape: 1, rate: 0.1 } }),
    rows: counts,
    forms: {
      'a typed array': () => Uint16Array.from(counts),
      BigInts: () => BigInt64Array.from(counts.map(BigInt)),
      'a vector of Arrow': () => vectorOf(counts),
      'a tensor': () => tf.tensor1d(counts),
      'what gives one after the other': () => oneByOne(counts),
      ...byName({ count: counts }, true),
    },
  },
  'a table': {
    mixture: latentClassMixture({ ...shared, columns: { smokes: 2, blood: 2 } }) as never,
    rows: table,
    forms: {
      'what gives one after the other': () => oneByOne(table),
      ...byName({ smokes, blood }, true),
    },
  },
  'rows of counts': {
    mixture: multinomialMixture({ ...shared, categories: 6 }) as never,
    rows: words,
    forms: {
      'typed arrays': () => words.map(row => Uint8Array.from(row)),
      'a matrix': () => matrixOf(words),
      'sparse rows': sparse,
      ...byName(Object.fromEntries(words[0]!.map((_, w) => [`word ${w}`, words.map(row => row[w]!)])), true),
    },
  },
}

const start = { _tag: 'random-rows' } as const
const first = async ({ mixture, rows }: Kind) =>
  right(await initialParameters(mixture, rows as number[], start, random(1))())

/** What is found, as numbers. Where it ran, and the names of columns, are of a form. */
const told = (found: object): unknown => {
  const { objectives, logLikelihood, components, weights, assignments, counts: N_k, logProb } = found as never
  return { objectives, logLikelihood, components, weights, assignments, N_k, logProb }
}

/** What is found with data of a form, which is made anew for each look, since some can be gone through once. */
const functions: Readonly<Record<string, (kind: Kind, form: () => never) => Promise<unknown>>> = {
  fit: async (kind, form) =>
    told(right(await fit(kind.mixture, form(), { start: await first(kind), iterations: 3 })())),
  'fit, last': async (kind, form) =>
    told(right(await fit(form(), { start: await first(kind), iterations: 3 } as never)(kind.mixture as never)())),
  'fit of posteriors': async (kind, form) => {
    const model = variational(right(kind.mixture)) as unknown as ReturnType<typeof poissonMixture>
    return told(right(await fit(model, form(), { seed: 1, iterations: 3 })()))
  },
  predict: async (kind, form) => {
    const fitted = right(await fit(kind.mixture, form(), { start: await first(kind), iterations: 3 })())
    return told(right(await predict(kind.mixture, fitted, form())()))
  },
  onRows: async (kind, form) => {
    const bound = right(await onRows(kind.mixture, form(), executor)())
    return right(await bound.logProb((await first(kind)) as never)())
  },
  initialParameters: async (kind, form) =>
    told(right(await initialParameters(kind.mixture, form(), start, random(1))())),
  statisticsOf: async (kind, form) => right(await statisticsOf(kind.mixture, form(), RESPONSIBILITIES)()),
  onlineFit: async (kind, form) =>
    told(right(await onlineFit(kind.mixture, [form(), form()], { start: await first(kind) } as never)())),
  gibbs: async (kind, form) => {
    const drawn = []
    for await (const draw of gibbs(kind.mixture, form(), { samples: 2, seed: 1 })) drawn.push(told(right(draw)))
    return drawn
  },
  fitFactorAnalysis: async ({ isOfNumbers }, form) => {
    if (!isOfNumbers) return 'takes rows of numbers'
    const { columns: _, ...found } = right(
      await fitFactorAnalysis({ factors: 1, noise: 'diagonal' }, form(), { iterations: 5 })(),
    )
    return found
  },
}

/** Sparse rows are added up in another order. */
const near = (found: unknown, expected: unknown): void => {
  const numbersIn = (value: unknown): ReadonlyArray<number> =>
    typeof value === 'number'
      ? [value]
      : typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(numbersIn)
        : []
  const [numbers, wanted] = [numbersIn(found), numbersIn(expected)]
  expect(numbers.length).toBe(wanted.length)
  for (const [i, x] of numbers.entries())
    expect(Math.abs(x - wanted[i]!)).toBeLessThanOrEqual(1e-11 * Math.max(1, Math.abs(wanted[i]!)))
}

describe.each(Object.entries(kinds))('%s', (_, kind) => {
  test.each(Object.entries(functions))('%s takes every form', async (_, find) => {
    const expected = await find(kind, () => kind.rows as never)
    for (const [form, given] of Object.entries(kind.forms)) {
      const found = await find(kind, given as () => never)
      if (form === 'sparse rows') near(found, expected)
      else expect(found, form).toEqual(expected)
    }
  })
})

test('a factor analysis keeps the names of columns, of which one may be `factors`', async () => {
  const given = { factors: height, weight, age: Float64Array.from(age) }
  const model = { factors: 1, noise: 'diagonal' } as const
  const found = right(await fitFactorAnalysis(given as never)(model)())
  expect(found.columns).toEqual(['factors', 'weight', 'age'])
  const { columns, ...rest } = found
  expect(rest).toEqual(right(await fitFactorAnalysis(model, vectors)()))
})
