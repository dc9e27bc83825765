import {
  meanDirectionPrior,
  normalInverseGamma,
  normalInverseGammaPrior,
  random,
  vonMisesFisher,
} from '@conjugate/distributions'
import { selectExecutor } from '@conjugate/executors'
import { identity } from '@conjugate/linalg'
import {
  conjugateMixture,
  describeFitError,
  diagonalGaussianMixture,
  exponentialMixture,
  type FitError,
  fit,
  fitFromText,
  fitToText,
  gammaMixture,
  gaussianMixture,
  gibbs,
  hiddenMarkovModel,
  hiddenMarkovModelOf,
  initialParameters,
  onlineFit,
  onRows,
  poissonMixture,
  predict,
  sphericalGaussianMixture,
  tiedGaussianMixture,
} from '@conjugate/models'
import { right } from '@conjugate/testing'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

const N = 60
const stream = random(21)
/** Whole numbers of two groups, which every kind of typed array holds. */
const numbers = Array.from({ length: N }, (_, n) => (n % 2) * 20 + 1 + stream.integer(6))
const heights = Array.from({ length: N }, (_, n) => Math.fround((n % 2) * 8 + stream.normal()))
const weights = Array.from({ length: N }, (_, n) => Math.fround((n % 2) * 5 + stream.normal()))
const rows = heights.map((height, n) => [height, weights[n]!])

/** What Apache Arrow has. */
const vectorOf = (cells: ReadonlyArray<number | null>): object => ({
  length: cells.length,
  nullCount: cells.filter(cell => cell === null).length,
  type: { typeId: 3 },
  get: (n: number) => cells[n],
  toArray: () => Float64Array.from(cells, cell => cell ?? 77),
})

const message = (found: E.Either<FitError, unknown>): string =>
  E.isLeft(found) ? describeFitError(found.left) : 'no error'

const shared = { components: 2, concentration: 2 }
const rate = { ...shared, prior: { shape: 1, rate: 0.1 } }
const told = (found: object): object => {
  const { objectives, components, assignments } = found as Record<string, unknown>
  return { objectives, components, assignments }
}

describe('one column', () => {
  const models = {
    poisson: poissonMixture(rate),
    exponential: exponentialMixture(rate),
    gamma: gammaMixture({ ...rate, shape: 2 }),
    normal: conjugateMixture(normalInverseGammaPrior)({
      ...shared,
      prior: right(normalInverseGamma.make({ mean: 10, meanPrecision: 0.1, shape: 2, scale: 1 })),
    }),
    Gaussian: gaussianMixture({ components: 2 }),
    'diagonal Gaussian': diagonalGaussianMixture({ components: 2 }),
    'spherical Gaussian': sphericalGaussianMixture({ components: 2 }),
    'tied Gaussian': tiedGaussianMixture({ components: 2 }),
  } as unknown as Readonly<Record<string, ReturnType<typeof poissonMixture>>>
  const ways: Readonly<Record<string, () => unknown>> = {
    Float64Array: () => Float64Array.from(numbers),
    Float32Array: () => Float32Array.from(numbers),
    Int32Array: () => Int32Array.from(numbers),
    Uint8Array: () => Uint8Array.from(numbers),
    BigInt64Array: () => BigInt64Array.from(numbers.map(BigInt)),
    'a column by its name': () => ({ size: Int16Array.from(numbers) }),
    'a vector by its name': () => ({ size: vectorOf(numbers) }),
    'a tensor': () => tf.tensor1d(numbers),
    'a tensor by its name': () => ({ size: tf.tensor1d(numbers) }),
  }

  test.each(Object.entries(models))('%s', async (_, given) => {
    const model = right(given)
    const expected = right(await fit(model, numbers, { iterations: 5 })())
    for (const way of Object.values(ways)) {
      const found = right(await fit(model, way() as number[], { iterations: 5 })())
      expect(told(found)).toEqual(told(expected))
      const { assignments } = right(await predict(model, found, way() as number[])())
      expect(assignments).toEqual(right(await predict(model, expected, numbers)()).assignments)
    }
    const large = BigInt64Array.of(1n, 2n ** 60n, 3n)
    expect(message(await fit(model, large as never)())).toMatch(/BigInt has to be below 2\^53/)
  })
})

describe('columns by their names are rows of numbers', () => {
  const mixture = right(gaussianMixture({ components: 2 }))
  const columns = { height: Float64Array.from(heights), weight: vectorOf(weights) } as never
  const otherOrder = { weight: Float32Array.from(weights), height: heights } as never

  test('the fit has the numbers of rows, and keeps the names', async () => {
    const [found, expected] = [
      right(await fit(mixture, columns, { seed: 1 })()),
      right(await fit(mixture, rows, { seed: 1 })()),
    ]
    expect(told(found)).toEqual(told(expected))
    expect([found.columns, expected.columns]).toEqual([['height', 'weight'], undefined])
    expect(right(fitFromText(mixture, right(fitToText(mixture, found))))).toEqual(found)
  })

  test('predictions find them by name', async () => {
    const found = right(await fit(mixture, columns)())
    const expected = right(await predict(mixture, found, rows)())
    for (const given of [columns, otherOrder]) expect(right(await predict(mixture, found, given)())).toEqual(expected)
    expect(message(await predict(mixture, found, { height: heights })())).toBe(
      'column weight: nothing, expected a column of numbers',
    )
    expect(message(await predict(mixture, found, { ...(columns as object), age: heights } as never)())).toMatch(
      /^column age: .*, expected no other columns than height, weight$/,
    )
    const ofRows = right(await fit(mixture, rows)())
    expect(message(await predict(mixture, ofRows, columns)())).toMatch(
      /expected rows: the fit is of rows, whose columns have no names$/,
    )
  })

  test('starts, streams, draws and what is asked of rows take them', async () => {
    const start = { _tag: 'k-means' } as const
    expect(right(await initialParameters(mixture, columns, start, random(1))())).toEqual(
      right(await initialParameters(mixture, rows, start, random(1))()),
    )
    const prior = { mean: [0, 0], meanPrecision: 0.1, degreesOfFreedom: 4, scale: identity(2) }
    const fixed = right(gaussianMixture({ components: 2, prior }))
    const inBatches = await onlineFit(fixed, [columns, otherOrder])()
    const inRows = right(await onlineFit(fixed, [rows, rows])())
    expect(right(inBatches).components).toEqual(inRows.components)
    expect((right(inBatches) as { columns?: unknown }).columns).toEqual(['height', 'weight'])
    const drawn = async (data: never) => {
      const draws = []
      for await (const draw of gibbs(fixed, data, { samples: 2, seed: 1 })) draws.push(right(draw).components)
      return draws
    }
    expect(await drawn(columns)).toEqual(await drawn(rows as never))
    const executor = right(await selectExecutor('auto', 1)())
    const found = right(await fit(mixture, columns)())
    const [bound, dense] = [
      right(await onRows(fixed, columns, executor)()),
      right(await onRows(fixed, rows, executor)()),
    ]
    expect(right(await bound.responsibilities(found)())).toEqual(right(await dense.responsibilities(found)()))
  })

  test('of other components of rows, and of sequences, where a row may be missing', async () => {
    const directions = rows.map(([x, y]) => [x! / Math.hypot(x!, y!), y! / Math.hypot(x!, y!)])
    const prior = right(vonMisesFisher.make({ meanDirection: [1, 0], concentration: 0.1 }))
    const compass = right(conjugateMixture(meanDirectionPrior(5))({ ...shared, prior }))
    const given = { east: directions.map(d => d[0]!), north: Float64Array.from(directions, d => d[1]!) }
    expect(told(right(await fit(compass, given)()))).toEqual(told(right(await fit(compass, directions)())))

    const normal = { mean: [0, 0], meanPrecision: 0.1, degreesOfFreedom: 4, scale: identity(2) }
    const chain = right(hiddenMarkovModel({ states: 2, prior: normal }))
    const sequences = [
      { height: [...heights.slice(0, 20), null], weight: [...weights.slice(0, 20), null] },
      { height: heights.slice(20), weight: Float64Array.from(weights.slice(20)) },
    ]
    const found = right(await fit(chain, sequences as never, { iterations: 5 })())
    const expected = right(
      await fit(chain, [[...rows.slice(0, 20), null], rows.slice(20)] as never, { iterations: 5 })(),
    )
    expect([found.objectives, found.paths]).toEqual([expected.objectives, expected.paths])
    const counts = hiddenMarkovModelOf(right(poissonMixture(rate)), { transitionConcentration: 2 })
    const ofCounts = right(await fit(counts, [Uint8Array.from(numbers)] as never, { iterations: 3 })())
    expect(ofCounts.objectives).toEqual(right(await fit(counts, [numbers] as never, { iterations: 3 })()).objectives)
  })

  test.each([
    [
      'a cell that is none',
      { height: heights, weight: weights.map((w, n) => (n === 3 ? Number.NaN : w)) },
      'row 3, column weight: NaN, expected a finite number',
    ],
    [
      'a cell that is missing',
      { height: heights, weight: vectorOf(weights.map((w, n) => (n === 3 ? null : w))) },
      'row 3, column weight: null, expected a finite number',
    ],
    [
      'a text',
      { height: heights.map((h, n) => (n === 1 ? `${h}` : h)), weight: weights },
      /^row 1, column height: ".*", expected a finite number$/,
    ],
    [
      'another length',
      { height: heights, weight: weights.slice(1) },
      'column weight: 59, expected 60 cells, as many as column height has',
    ],
    ['no column', { height: heights, weight: 3 }, 'column weight: 3, expected a column of numbers'],
    ['no columns', {}, 'the data: {}, expected rows of numbers, or columns by their names'],
    [
      'a column that cannot be read',
      {
        get height(): never {
          throw new Error('gone')
        },
      },
      'the data: something that cannot be read: "gone", expected rows of numbers, or columns by their names',
    ],
  ])('%s is an error', async (_, given, expected) => {
    const found = message(await fit(mixture, given as never)())
    if (typeof expected === 'string') expect(found).toBe(expected)
    else expect(found).toMatch(expected)
  })
})

describe('tensors', () => {
  const mixture = right(gaussianMixture({ components: 2 }))
  const floats = rows.map(row => row.map(Math.fround))

  test('are read once, wherever data is taken', async () => {
    let reads = 0
    const tensor = () => {
      const made = tf.tensor2d(floats)
      return { shape: made.shape, data: () => Promise.resolve(++reads).then(() => made.data()) } as never
    }
    const expected = right(await fit(mixture, floats)())
    expect(told(right(await fit(mixture, tensor())()))).toEqual(told(expected))
    expect(reads).toBe(1)
    expect(right(await predict(mixture, expected, tensor())())).toEqual(
      right(await predict(mixture, expected, floats)()),
    )
    const prior = { mean: [0, 0], meanPrecision: 0.1, degreesOfFreedom: 4, scale: identity(2) }
    const fixed = right(gaussianMixture({ components: 2, prior }))
    expect(right(await onlineFit(fixed, [tensor(), tensor()])()).components).toEqual(
      right(await onlineFit(fixed, [floats, floats])()).components,
    )
    const draw = await gibbs(fixed, tensor(), { samples: 1, seed: 1 }).next()
    expect(draw.value && E.isRight(draw.value)).toBe(true)
    const executor = right(await selectExecutor('auto', 1)())
    expect(right(await onRows(fixed, tensor(), executor)()).rows).toBe(N)
    const chain = right(hiddenMarkovModel({ states: 2, prior }))
    expect(right(await fit(chain, [tensor(), tensor()] as never, { iterations: 2 })()).objectives).toEqual(
      right(await fit(chain, [floats, floats], { iterations: 2 })()).objectives,
    )
  })

  test('that are gone, or have other axes, are errors', async () => {
    const gone = tf.tensor2d(floats)
    gone.dispose()
    expect(message(await fit(mixture, gone as never)())).toMatch(
      /^the data: one that cannot: "Tensor is disposed\.", expected a tensor that can be read$/,
    )
    expect(message(await fit(mixture, { height: gone, weight: weights } as never)())).toMatch(
      /^column height: one that cannot: /,
    )
    expect(message(await fit(mixture, tf.tensor3d([[[1]]]) as never)())).toBe(
      'the data: one of 3 axes, expected a tensor of rows, or of one column',
    )
    expect(message(await onlineFit(mixture, [gone as never])())).toMatch(/one that cannot/)
  })
})

test('weights of rows may be a vector, or any typed array', async () => {
  const mixture = right(gaussianMixture({ components: 2 }))
  const rowWeights = Array.from({ length: N }, (_, n) => (n % 5 === 0 ? 0 : 1 + (n % 3)))
  const expected = right(await fit(mixture, rows, { rowWeights })())
  for (const given of [Uint8Array.from(rowWeights), Float32Array.from(rowWeights), vectorOf(rowWeights)])
    expect(told(right(await fit(mixture, rows, { rowWeights: given as never })()))).toEqual(told(expected))
})
