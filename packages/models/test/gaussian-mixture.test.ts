import { random } from '@conjugate/distributions'
import { javascript } from '@conjugate/executors'
import { identity, type Matrix, type MatrixLike, matrix } from '@conjugate/linalg'
import {
  describeFitError,
  type FitError,
  fit,
  type GaussianMixtureFitOptions,
  type GaussianMixtureOptions,
  type GaussianMixtureParameters,
  gaussianMixture,
  gaussianMixtureParameters,
  initialParameters,
  maximize,
  onRows,
  type Start,
  statisticsOf,
} from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

const options = {
  components: 2,
  concentration: 2,
  prior: { mean: [0, 0], meanPrecision: 0.1, degreesOfFreedom: 4, scale: identity(2) },
} satisfies GaussianMixtureOptions
const model = right(gaussianMixture(options))

/** Two round clouds about (0, 0) and (6, 3), in turn. */
const clouds = (count: number, seed = 1): Matrix => {
  const stream = random(seed)
  const rows = Array.from({ length: count }, (_, n) => {
    const shift = n % 2 === 0 ? [0, 0] : [6, 3]
    return shift.map(s => s + stream.normal())
  })
  return right(matrix(rows))
}
const rows = clouds(200)

const fitted = (given: GaussianMixtureFitOptions = {}, data = rows) =>
  rightOf(fit(model, data, { iterations: 50, backend: 'javascript', ...given }))

const failure = async (data: MatrixLike, given: GaussianMixtureFitOptions = {}): Promise<FitError> => {
  const result = await fit(model, data, given)()
  if (E.isRight(result)) throw new Error('the fit succeeded')
  return result.left
}

describe('fit', () => {
  test('finds two clouds', async () => {
    const result = await fitted()
    const first = result.components.findIndex(c => c.mean[0]! < 3)
    for (const v of Array.from(result.components[first]!.mean)) expect(v).toBeCloseTo(0, 0)
    expect(Array.from(result.components[1 - first]!.mean).map(Math.round)).toEqual([6, 3])
    expect(Array.from(result.assignments)).toEqual(
      Array.from({ length: 200 }, (_, n) => (n % 2 === 0 ? first : 1 - first)),
    )
    expect(result.objectives).toHaveLength(51)
    expect(Array.from(result.expectedCounts).reduce((a, b) => a + b)).toBeCloseTo(200, 10)
  })

  test('the same seed gives the same bits, another seed another start', async () => {
    const start = { _tag: 'distinct-rows' } as const
    const [a, b, c] = await Promise.all([3, 3, 4].map(seed => fitted({ seed, start })))
    expect(b!.objectives).toEqual(a!.objectives)
    expect(c!.objectives[0]).not.toBe(a!.objectives[0])
  })

  test('the best of several restarts is kept, and all are told', async () => {
    const best = await fitted({ restarts: 4 })
    const ends = best.restarts.map(right)
    expect(ends).toHaveLength(4)
    expect(best.objectives.at(-1)).toBe(Math.max(...ends.map(end => end.objective)))
    expect(ends[0]!.objective).toBe((await fitted()).objectives.at(-1))
  })

  test('a row weight of 2 counts as the row twice', async () => {
    const twice = right(matrix([...[0, 1, 2, 3, 4, 5], 0, 2].map(n => [rows.data[2 * n]!, rows.data[2 * n + 1]!])))
    const once = right(matrix([0, 1, 2, 3, 4, 5].map(n => [rows.data[2 * n]!, rows.data[2 * n + 1]!])))
    const start = { _tag: 'rows', indices: [0, 1] } as const
    const copies = await fitted({ start }, twice)
    const weighted = await fitted({ start, rowWeights: [2, 1, 2, 1, 1, 1] }, once)
    for (const [i, v] of copies.objectives.entries()) expect(weighted.objectives[i]).toBeCloseTo(v, 9)
  })

  test('every restart and iteration is reported, from the start on', async () => {
    const seen: string[] = []
    await fitted({
      iterations: 2,
      restarts: 2,
      onIteration: ({ restart, iteration }) => seen.push(`${restart}:${iteration.index}`),
    })
    expect(seen).toEqual(['0:0', '0:1', '0:2', '1:0', '1:1', '1:2'])
  })

  test('moving the data by 1e6 moves the means, and changes nothing else beyond the rounding of the data', async () => {
    const start = { _tag: 'rows', indices: [0, 1] } as const
    const moved: Matrix = { ...rows, data: Float64Array.from(rows.data, v => v + 1e6) }
    const far = right(gaussianMixture({ ...options, prior: { ...options.prior, mean: [1e6, 1e6] } }))
    const near = await fitted({ start })
    const result = await rightOf(fit(far, moved, { iterations: 50, start, backend: 'javascript' }))
    for (const [i, v] of near.objectives.entries()) expect(Math.abs(result.objectives[i]! - v)).toBeLessThan(1e-7)
    for (const [k, c] of near.components.entries())
      for (const [i, v] of Array.from(c.mean).entries()) expect(result.components[k]!.mean[i]! - 1e6).toBeCloseTo(v, 7)
  })

  test('permuting rows permutes the assignments', async () => {
    const order = Array.from({ length: 200 }, (_, n) => (n * 77 + 5) % 200)
    const permuted = right(matrix(order.map(n => [rows.data[2 * n]!, rows.data[2 * n + 1]!])))
    const plain = await fitted({ start: { _tag: 'rows', indices: [0, 1] } })
    const start = { _tag: 'rows', indices: [order.indexOf(0), order.indexOf(1)] } as const
    const result = await fitted({ start }, permuted)
    expect(Array.from(result.assignments)).toEqual(order.map(n => plain.assignments[n]))
  })
})

describe('acceleration', () => {
  const overlapping: Matrix = { ...rows, data: Float64Array.from(rows.data, (v, i) => v / (i % 4 < 2 ? 1 : 3)) }

  test('SQUAREM never falls and reaches the optimum of plain EM in fewer iterations', async () => {
    const plain = (await fitted({ iterations: 600 }, overlapping)).objectives
    const fast = (await fitted({ iterations: 100, acceleration: 'squarem' }, overlapping)).objectives
    const optimum = plain.at(-1)!
    const passes = (trace: ReadonlyArray<number>) => trace.findIndex(v => v >= optimum - 1e-9 * Math.abs(optimum))
    expect(fast.at(-1)).toBeCloseTo(optimum, 6)
    expect(passes(fast)).toBeLessThan(0.7 * passes(plain))
    for (const [i, v] of fast.slice(1).entries()) expect(v).toBeGreaterThanOrEqual(fast[i]! - 1e-9)
  })
})

describe('errors', () => {
  const nan: Matrix = { ...rows, data: Float64Array.from(rows.data, (v, i) => (i === 7 ? Number.NaN : v)) }
  const same: Matrix = { rows: 5, columns: 2, data: new Float64Array(10).fill(1) }
  const start = (...indices: number[]) => ({ start: { _tag: 'rows', indices } }) as const

  const one = right(gaussianMixture({ ...options, components: 1 }))
  const alone: Start<GaussianMixtureParameters> = {
    _tag: 'parameters',
    parameters: right(
      gaussianMixtureParameters(one, { weights: [1], components: [{ mean: [0, 0], covariance: identity(2) }] }),
    ),
  }

  test.each([
    ['no rows', { rows: 0, columns: 2, data: [] }, {}, 'no rows'],
    ['another width', { rows: 1, columns: 3, data: [1, 2, 3] }, {}, '3 columns, expected 2'],
    ['ragged rows', [[1, 2], [3]], {}, 'row 1 of the data has 1 numbers, expected 2'],
    ['not a number', nan, {}, 'row 3, column 1: NaN'],
    ['equal rows', same, {}, '1 distinct rows, expected at least 2'],
    ['negative iterations', rows, { iterations: -1 }, 'iterations is -1, expected a whole number of at least 0'],
    ['no restarts', rows, { restarts: 0 }, 'restarts is 0'],
    ['an unknown backend', rows, { backend: 'abacus' as never }, 'there is no such backend (choose one of auto, wasm'],
    ['a start that is no row', rows, start(0, 200), 'is 200, expected 2 row numbers from 0 to 199'],
    ['too few starts', rows, start(0), 'is 1 numbers'],
    [
      'parameters of another model',
      rows,
      { start: alone },
      'start.parameters.components is an array of 1, expected an array of 2',
    ],
    ['a negative weight', rows, { rowWeights: new Float64Array(200).fill(-1) }, 'weight of row 0 is -1'],
  ] satisfies ReadonlyArray<readonly [string, MatrixLike, GaussianMixtureFitOptions, string]>)(
    '%s',
    async (_, data, given, message) => {
      expect(describeFitError(await failure(data, given))).toContain(message)
    },
  )

  test('a dead component under a concentration below 1 loses its weight', async () => {
    const sparse = right(gaussianMixture({ ...options, concentration: [0.5, 2] }))
    const parameters = right(
      gaussianMixtureParameters(sparse, {
        weights: [0.5, 0.5],
        components: [
          [1e3, 1e3],
          [3, 1.5],
        ].map(mean => ({ mean, covariance: identity(2) })),
      }),
    )
    const { weights, objectives } = await rightOf(
      fit(sparse, rows, { start: { _tag: 'parameters', parameters }, backend: 'javascript' }),
    )
    expect(Array.from(weights)).toEqual([0, 1])
    for (const [i, v] of objectives.slice(1).entries())
      expect(v).toBeGreaterThanOrEqual(objectives[i]! - 1e-11 * Math.abs(v))
  })

  test('an abort', async () => {
    const controller = new AbortController()
    controller.abort()
    expect(await failure(rows, { restarts: 3, signal: controller.signal })).toEqual({ _tag: 'Cancelled', iteration: 0 })
  })

  test.each([
    [{ ...options, components: 0 }, 'components is 0'],
    [{ ...options, concentration: [1] }, 'concentration is 1 numbers, expected 2 numbers'],
    [{ ...options, concentration: -1 }, 'concentration[0] is -1'],
    [{ ...options, prior: { ...options.prior, degreesOfFreedom: 1 } }, 'degreesOfFreedom is 1'],
  ])('a model that does not exist: %#', (given, message) => {
    const made = gaussianMixture(given)
    expect(E.isLeft(made) && describeFitError(made.left)).toContain(message)
  })

  test.each([
    [{ weights: [1], components: [] }, 'weights is an array of 1, expected 2 numbers'],
    [{ weights: [0.5, 0.6], components: [] }, 'a sum of 1.1'],
    [{ weights: [2, -1], components: [] }, 'weights[1] is -1'],
    [{ weights: [0.5, 0.5], components: [] }, 'components is an array of 0, expected an array of 2'],
    [
      {
        weights: [0.5, 0.5],
        components: [
          { mean: [0], covariance: [[1]] },
          { mean: [0, 0], covariance: identity(2) },
        ],
      },
      'components[0].mean is an array of 1, expected 2 numbers',
    ],
  ])('parameters that are none: %#', (values, message) => {
    const made = gaussianMixtureParameters(model, values)
    expect(E.isLeft(made) && describeFitError(made.left)).toContain(message)
  })
})

describe('starts', () => {
  test('distinct rows are found even where one value is rare', async () => {
    const rare: Matrix = {
      rows: 1000,
      columns: 2,
      data: Float64Array.from({ length: 2000 }, (_, i) => Number(i === 8)),
    }
    const { components, weights } = await rightOf(initialParameters(model, rare, { _tag: 'distinct-rows' }, random(0)))
    expect(components.map(c => c.mean[0]!).sort()).toEqual([0, 1])
    expect(Array.from(weights)).toEqual([0.5, 0.5])
    expect(components[0]!.covariance).toEqual(model.components.priors[0]!.covariance.scale)
  })

  test('rows drawn with replacement may repeat', async () => {
    const two: Matrix = { rows: 2, columns: 2, data: [0, 0, 1, 1] }
    const repeats = new Set<boolean>()
    for (let seed = 0; seed < 50; seed++) {
      const { components } = await rightOf(initialParameters(model, two, { _tag: 'random-rows' }, random(seed)))
      repeats.add(components[0]!.mean[0] === components[1]!.mean[0])
    }
    expect(repeats).toEqual(new Set([true, false]))
  })
})

describe('steps', () => {
  test('the M-step after responsibilities equals the M-step of an iteration, on any split into shards', async () => {
    const bound = await rightOf(onRows(model, rows, javascript))
    const start = await rightOf(initialParameters(model, rows, { _tag: 'distinct-rows' }, random(2)))
    const q = await rightOf(bound.responsibilities(start))
    const byHand = right(maximize(model, await rightOf(statisticsOf(model, rows, q))))
    const byEngine = right(maximize(model, (await rightOf(bound.expect(start))).statistics))
    for (const [k, c] of byHand.components.entries()) {
      expect(byEngine.weights[k]).toBeCloseTo(byHand.weights[k]!, 12)
      for (const [i, v] of Array.from(c.mean).entries()) expect(byEngine.components[k]!.mean[i]).toBeCloseTo(v, 11)
      for (const [i, v] of Array.from(c.covariance.data).entries())
        expect(byEngine.components[k]!.covariance.data[i]).toBeCloseTo(v, 11)
    }
    bound.dispose()
  })

  test('scaling the data scales the fit', () =>
    fc.assert(
      fc.asyncProperty(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), async factor => {
        const start = { _tag: 'rows', indices: [0, 1] } as const
        const scaled: Matrix = { ...rows, data: Float64Array.from(rows.data, v => v * factor) }
        const wide = right(
          gaussianMixture({
            ...options,
            prior: {
              ...options.prior,
              scale: [
                [factor ** 2, 0],
                [0, factor ** 2],
              ],
            },
          }),
        )
        const [near, far] = [
          await fitted({ start, iterations: 10 }),
          await rightOf(fit(wide, scaled, { start, iterations: 10, backend: 'javascript' })),
        ]
        for (const [k, c] of near.components.entries())
          for (const [i, v] of Array.from(c.mean).entries())
            expect(Math.abs(far.components[k]!.mean[i]! / factor - v)).toBeLessThan(1e-9)
      }),
      { numRuns: 20 },
    ))
})
