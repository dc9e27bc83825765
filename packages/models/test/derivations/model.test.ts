import { dirichlet, inverseWishart, multivariateNormal, normalInverseWishart } from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import { expect, test } from 'vitest'
import { type Numbers, type Rows, range, sum } from './plain.js'
import { type Hyper, logDirichlet, logInverseWishart, logNiw, logNormal } from './reference.js'
import { distributionFixture, expectClose, hyperOfFixture, matrixOf, type NiwParams, niw, normal } from './support.js'

/** The integral over mu = m + sqrt(Sigma / kappa) z and Sigma = exp(u) by trapezoids, which are exact for such tails. */
const integral = (h: Hyper): number => {
  const logProb = normalInverseWishart.logProb(niw(h))
  const from = Math.log(h.scale[0]![0]!) - 6
  const [du, dz] = [0.25, 0.5]
  const steps = Math.ceil((6 + 70 / h.degreesOfFreedom) / du)
  return sum(
    range(steps).flatMap(i => {
      const sigma = Math.exp(from + i * du)
      const spread = Math.sqrt(sigma / h.meanPrecision)
      return range(37).map(j => {
        const component = normal({ mean: [h.mean[0]! + spread * (j - 18) * dz], covariance: [[sigma]] })
        return Math.exp(logProb(component)) * spread * dz * sigma * du
      })
    }),
  )
}

interface Values<X> {
  readonly x: ReadonlyArray<X>
  readonly log_prob: ReadonlyArray<number | string>
  readonly natural: { readonly A: number }
  readonly cond?: number
}

/** The library and the page, each against the fixture. */
const expectLogProbs = <X>(c: Values<X>, ...densities: ReadonlyArray<(x: X) => number>) => {
  for (const [i, x] of c.x.entries())
    for (const density of densities) {
      const expected = c.log_prob[i]!
      if (expected === '-inf') expect(density(x)).toBe(Number.NEGATIVE_INFINITY)
      else expectClose(density(x), Number(expected), 1e-11 * Math.max(1, c.cond ?? 1), Math.abs(c.natural.A))
    }
}

test('C1: the NIW density integrates to one, and the four densities are those of the fixtures', () => {
  for (const [meanPrecision, degreesOfFreedom, scale] of [
    [0.3, 0.8, 2],
    [1, 3, 0.05],
    [7, 9.5, 40],
  ] as const)
    expectClose(integral({ mean: [-1.5], meanPrecision, degreesOfFreedom, scale: [[scale]] }), 1, 1e-10)

  for (const c of distributionFixture<NiwParams, { mu: Numbers; Sigma: Rows }>('normal_inverse_wishart').cases) {
    const h = hyperOfFixture(c.params)
    const logProb = normalInverseWishart.logProb(niw(h))
    const x = c.x.map(v => ({ mean: v.mu, covariance: v.Sigma }))
    expectLogProbs({ ...c, x }, logNiw(h), v => logProb(normal(v)))
  }
  for (const c of distributionFixture<{ df: number; scale_matrix: Rows }, Rows>('inverse_wishart').cases) {
    const { df, scale_matrix: scale } = c.params
    const logProb = inverseWishart.logProb(right(inverseWishart.make({ degreesOfFreedom: df, scale })))
    expectLogProbs(c, logInverseWishart(df, scale), x => logProb(matrixOf(x)))
  }
  for (const c of distributionFixture<{ loc: Numbers; covariance: Rows }, Numbers>('multivariate_normal').cases) {
    const p = { mean: c.params.loc, covariance: c.params.covariance }
    expectLogProbs(c, logNormal(p), multivariateNormal.logProb(normal(p)))
  }
  for (const c of distributionFixture<{ alpha: Numbers }, Numbers>('dirichlet').cases) {
    const p = right(dirichlet.make({ concentration: c.params.alpha }))
    expectLogProbs(c, logDirichlet(c.params.alpha), dirichlet.logProb(p))
  }
})
