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

const covarianceOf = ({ loadings: w, noiseVariances }: FactorAnalysisFit): number[][] =>
  toRows(w).map((a, i) =>
    toRows(w).map(
      (b, j) => Array.from(a).reduce((sum, v, k) => sum + v * b[k]!, 0) + (i === j ? noiseVariances[i]! : 0),
    ),
  )

const closest = (model: FactorAnalysis) =>
  rightOf(fitFactorAnalysis(model)(rows, { iterations: 1000, acceleration: 'squarem' }))

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
    const fitted = await rightOf(fitFactorAnalysis(model)(rows, { iterations: 200 }))
    for (const [i, v] of fitted.logProbs.slice(1).entries())
      expect(v).toBeGreaterThanOrEqual(fitted.logProbs[i]! - 1e-9)
    const p = right(multivariateNormal.make({ mean: fitted.mean, covariance: covarianceOf(fitted) }))
    const logProb = multivariateNormal.logProb(p)
    expect(fitted.logLikelihood).toBeCloseTo(
      rows.reduce((sum, x) => sum + logProb(x), 0),
      7,
    )
  })
})

test('a prior keeps noise variances from vanishing', async () => {
  const noisePrior = right(inverseGamma.make({ shape: 2, scale: 1 }))
  const few = rows.slice(0, 3)
  const held = await rightOf(fitFactorAnalysis({ factors: 2, noise: 'diagonal', noisePrior })(few, { iterations: 500 }))
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
  const result = await fitFactorAnalysis({ noise: 'diagonal', ...model })(data)()
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
      fitFactorAnalysis({ factors: 2, noise: 'diagonal' })(rows, { iterations: 2000, acceleration: 'squarem' }),
    )
    expectClose(Array.from(longer.noiseVariances), Array.from(fitted.noiseVariances), 1e-10)
  })
})
