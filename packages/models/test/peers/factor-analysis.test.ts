import { inverseGamma, multivariateNormal, random } from '@conjugate/distributions'
import { toRows } from '@conjugate/linalg'
import { type FactorAnalysis, type FactorAnalysisFit, fitFactorAnalysis } from '@conjugate/models'
import { hasPython, python, right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

const D = 7
const stream = random(11)
const loadings = Array.from({ length: D }, () => [stream.normal(), stream.normal()])
/** Two factors and noise of a size of its own in each column, off the origin. */
const rows = Array.from({ length: 300 }, () => {
  const z = [stream.normal(), stream.normal()]
  return loadings.map(([a, b], i) => 3 + a! * z[0]! + b! * z[1]! + (0.8 + 0.1 * i) * stream.normal())
})

const covarianceOf = ({
  loadings: w,
  noiseVariances,
}: Pick<FactorAnalysisFit, 'loadings' | 'noiseVariances'>): number[][] =>
  toRows(w).map((a, i) =>
    toRows(w).map(
      (b, j) => Array.from(a).reduce((sum, v, k) => sum + v * b[k]!, 0) + (i === j ? noiseVariances[i]! : 0),
    ),
  )

const closest = (model: FactorAnalysis) =>
  rightOf(fitFactorAnalysis(model, rows, { iterations: 1000, acceleration: 'squarem' }))

const expectClose = (actual: ReadonlyArray<number>, expected: ReadonlyArray<number>, tolerance: number) => {
  const scale = Math.max(...expected.map(Math.abs))
  for (const [i, v] of expected.entries()) expect(Math.abs(actual[i]! - v) / scale).toBeLessThan(tolerance)
}

describe.each([
  ['probabilistic PCA', { factors: 2, noise: 'isotropic' }],
  ['factor analysis', { factors: 2, noise: 'diagonal' }],
  [
    'factor analysis with a prior',
    { factors: 2, noise: 'diagonal', noisePrior: right(inverseGamma.make({ shape: 2, scale: 1 })) },
  ],
] as const)('%s', (_, model) => {
  test("never falls, and has the likelihood of a normal with covariance W W' + Psi", async () => {
    const fitted = await rightOf(fitFactorAnalysis(model, rows, { iterations: 200 }))
    for (const [i, v] of fitted.objectives.slice(1).entries())
      expect(v).toBeGreaterThanOrEqual(fitted.objectives[i]! - 1e-9)
    const p = right(multivariateNormal.make({ mean: fitted.mean, covariance: covarianceOf(fitted) }))
    const logProb = multivariateNormal.logProb(p)
    expect(fitted.logLikelihood).toBeCloseTo(
      rows.reduce((sum, x) => sum + logProb(x), 0),
      7,
    )
  })
})

describe.each([1e-2, 1e-6, 1e-10, 1e-14])('noise of %d of the signal', ratio => {
  const draws = random(5)
  const data = Array.from({ length: 400 }, () => {
    const z = [draws.normal(), draws.normal()]
    return loadings.map(([a, b]) => 3 + a! * z[0]! + b! * z[1]! + Math.sqrt(ratio) * draws.normal())
  })

  test('is found, and the start at the principal axes is its maximum where it is the same for all columns', async () => {
    const { noiseVariances, objectives, lastGain } = await rightOf(
      fitFactorAnalysis({ factors: 2, noise: 'isotropic' }, data, { iterations: 20 }),
    )
    expect(Math.abs(noiseVariances[0]! / ratio - 1)).toBeLessThan(0.1)
    expect(Math.abs(objectives.at(-1)! - objectives[0]!)).toBeLessThan(1e-5)
    expect(lastGain).toBeLessThan(1e-6)
  })

  test.each(['none', 'squarem'] as const)(
    'in each column, to no less than its neighbourhood (%s)',
    async acceleration => {
      const model = { factors: 2, noise: 'diagonal' } as const
      const fitted = await rightOf(fitFactorAnalysis(model, data, { iterations: 300, acceleration }))
      for (const [i, v] of fitted.objectives.slice(1).entries())
        expect(v).toBeGreaterThanOrEqual(fitted.objectives[i]! - 1e-9 * Math.abs(v))
      const { logLikelihood: ofOne } = await rightOf(fitFactorAnalysis({ ...model, noise: 'isotropic' }, data))
      // Noise of each column has six numbers more than noise of all, worth a half each on average.
      expect(fitted.logLikelihood).toBeGreaterThan(ofOne)
      expect(fitted.logLikelihood).toBeLessThan(ofOne + 20)
    },
  )
})

describe('where it starts', () => {
  const model = { factors: 2, noise: 'diagonal' } as const
  const start = {
    loadings: { rows: D, columns: 2, data: Float64Array.from(loadings.flat() as number[]) },
    noiseVariances: new Float64Array(D).fill(0.5),
  }

  test('given parameters are the first of the path', async () => {
    const {
      loadings: found,
      noiseVariances,
      objectives,
    } = await rightOf(fitFactorAnalysis(model, rows, { start, iterations: 0 }))
    expect([found, noiseVariances]).toEqual([start.loadings, start.noiseVariances])
    const covariance = covarianceOf(start)
    const { mean } = await rightOf(fitFactorAnalysis(model, rows, { iterations: 0 }))
    const logProb = multivariateNormal.logProb(right(multivariateNormal.make({ mean, covariance })))
    expect(objectives[0]).toBeCloseTo(
      rows.reduce((sum, x) => sum + logProb(x), 0),
      8,
    )
  })

  test('seeds draw loadings, and lead to the same maximum', async () => {
    const options = { acceleration: 'squarem', iterations: 2000 } as const
    const axes = await rightOf(fitFactorAnalysis(model, rows, options))
    for (const seed of [0, 1]) {
      const drawn = await rightOf(fitFactorAnalysis(model, rows, { ...options, seed }))
      expect(drawn.objectives[0]).not.toBe(axes.objectives[0])
      expect(Math.abs(drawn.logLikelihood - axes.logLikelihood)).toBeLessThan(1e-6)
    }
  })

  test.each([
    ['start.loadings.columns', { ...start, loadings: { ...start.loadings, columns: 1 } }],
    [
      'start.loadings.data[3]',
      { ...start, loadings: { ...start.loadings, data: start.loadings.data.with(3, Number.NaN) } },
    ],
    ['start.noiseVariances', { ...start, noiseVariances: [1] }],
    ['start.noiseVariances[2]', { ...start, noiseVariances: start.noiseVariances.with(2, 0) }],
  ])('%s', async (option, wrong) =>
    expect(await fitFactorAnalysis(model, rows, { start: wrong })()).toMatchObject(
      E.left({ _tag: 'InvalidOption', option }),
    ),
  )

  test('noise that is the same for all columns starts the same', async () =>
    expect(
      await fitFactorAnalysis({ ...model, noise: 'isotropic' }, rows, {
        start: { ...start, noiseVariances: start.noiseVariances.with(1, 2) },
      })(),
    ).toMatchObject(E.left({ option: 'start.noiseVariances[1]' })))
})

test('a column that the factors explain is named, and a constant one is an error', async () => {
  const nearlyCopied = rows.map(([a, b, c], n) => [a!, a! + 1e-5 * ((n % 7) - 3), b!, c!])
  const { vanishing } = await rightOf(
    fitFactorAnalysis({ factors: 1, noise: 'diagonal' }, nearlyCopied, { iterations: 3000, acceleration: 'squarem' }),
  )
  expect(vanishing).toEqual([0, 1])
  expect((await rightOf(fitFactorAnalysis({ factors: 1, noise: 'diagonal' }, rows))).vanishing).toEqual([])
  expect(
    await fitFactorAnalysis(
      { factors: 1, noise: 'diagonal' },
      rows.map(([a, b]) => [a!, 7, b!]),
    )(),
  ).toMatchObject(E.left({ parameter: 'noiseVariances[1]', received: 'a constant column' }))
})

test('a prior keeps noise variances from vanishing', async () => {
  const noisePrior = right(inverseGamma.make({ shape: 2, scale: 1 }))
  const few = rows.slice(0, 3)
  const held = await rightOf(fitFactorAnalysis({ factors: 2, noise: 'diagonal', noisePrior }, few, { iterations: 500 }))
  for (const v of Array.from(held.noiseVariances)) expect(v).toBeGreaterThan(0.2)
})

test.each([
  ['no rows', [], { factors: 1 }, { _tag: 'NoRows' }],
  ['too many factors', rows, { factors: 8 }, { parameter: 'factors', expected: 'a whole number from 1 to 7' }],
  [
    'not a number',
    [
      [1, 2],
      [Number.NaN, 1],
    ],
    { factors: 1 },
    { _tag: 'NonFiniteData', row: 1, column: 0 },
  ],
  [
    'constant rows',
    [
      [1, 2],
      [1, 2],
    ],
    { factors: 1 },
    { parameter: 'data' },
  ],
  ['ragged rows', [[1, 2], [1]], { factors: 1 }, { _tag: 'RaggedRows' }],
] as const)('%s', async (_, data, model, error) => {
  const result = await fitFactorAnalysis({ noise: 'diagonal', ...model }, data)()
  expect(result).toMatchObject(E.left(error))
})

describe.skipIf(!hasPython)('scikit-learn', () => {
  interface Reference {
    readonly pcaNoise: number
    readonly pcaCovariance: number[][]
    readonly faLogLikelihood: number
    readonly faNoise: number[]
    readonly faCovariance: number[][]
  }
  const reference = (): Reference => python(new URL('factor_analysis.py', import.meta.url), { rows, factors: 2 })

  test('agrees on probabilistic PCA, whose maximum it has in closed form', async () => {
    const { pcaNoise, pcaCovariance } = reference()
    const fitted = await closest({ factors: 2, noise: 'isotropic' })
    expect(Math.abs(fitted.noiseVariances[0]! / pcaNoise - 1)).toBeLessThan(1e-8)
    expectClose(covarianceOf(fitted).flat(), pcaCovariance.flat(), 1e-8)
  })

  test('agrees on factor analysis', async () => {
    const { faLogLikelihood, faNoise, faCovariance } = reference()
    const fitted = await closest({ factors: 2, noise: 'diagonal' })
    expect(Math.abs(fitted.logLikelihood / faLogLikelihood - 1)).toBeLessThan(1e-8)
    // It stops where the likelihood stops rising in float64, which is flat there: what it estimates is known to the square
    // root of that. Ours is a fixed point to more digits.
    expect(fitted.logLikelihood).toBeGreaterThanOrEqual(faLogLikelihood - 1e-9)
    expectClose(Array.from(fitted.noiseVariances), faNoise, 1e-4)
    expectClose(covarianceOf(fitted).flat(), faCovariance.flat(), 1e-4)
    const longer = await rightOf(
      fitFactorAnalysis({ factors: 2, noise: 'diagonal' }, rows, { iterations: 2000, acceleration: 'squarem' }),
    )
    expectClose(Array.from(longer.noiseVariances), Array.from(fitted.noiseVariances), 1e-10)
  })
})
