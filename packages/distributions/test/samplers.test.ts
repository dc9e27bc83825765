import {
  beta,
  betaCumulative,
  dirichlet,
  dirichletMultinomial,
  gamma,
  inverseGamma,
  inverseWishart,
  multivariateStudentT,
  normalInverseGamma,
  normalInverseWishart,
  random,
  studentT,
  studentTCumulative,
  wishart,
  wishartPrior,
} from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import { describe, expect, test } from 'vitest'
import { expectEstimate } from './support/estimates.js'

const DRAWS = 4000
const small = [1, 0.1, 1e-2, 1e-3, 1e-5, 1e-20, 1e-200, 5e-324]

const draws = <X>(sample: (stream: ReturnType<typeof random>) => X, count = DRAWS): X[] => {
  const stream = random(5)
  return Array.from({ length: count }, () => sample(stream))
}

/** The share of draws up to x is the cumulative probability, to five standard errors. */
const expectShares = (all: ReadonlyArray<number>, cdf: (x: number) => number, points: ReadonlyArray<number>) => {
  for (const x of points) {
    const [share, p] = [all.filter(v => v <= x).length / all.length, cdf(x)]
    expect(Math.abs(share - p)).toBeLessThanOrEqual(5 * Math.sqrt((p * (1 - p)) / all.length) + 1 / all.length)
  }
}

/** Those of n uniforms beyond which their greatest distance from the diagonal is in one of a million. Source: Smirnov (1948). */
const expectUniform = (u: ReadonlyArray<number>) => {
  const sorted = [...u].sort((a, b) => a - b)
  const distance = Math.max(...sorted.map((v, i) => Math.max((i + 1) / u.length - v, v - i / u.length)))
  expect(distance * Math.sqrt(u.length)).toBeLessThan(2.7)
}

describe.each(small)('draws of a shape of %d', shape => {
  test.each([1, 2, 3, 10])('of a Dirichlet of %d categories lie on the simplex, any category being the greatest', k => {
    const p = right(dirichlet.make({ concentration: new Float64Array(k).fill(shape) }))
    const all = draws(dirichlet.sample(p), 1000)
    for (const x of all) expect(Math.abs(Array.from(x).reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-12)
    for (let i = 0; i < k; i++)
      expectEstimate(
        all.map(x => x[i]!),
        1 / k,
      )
    const family = dirichletMultinomial(5)
    for (const x of draws(family.sample(right(family.make(p))), 200))
      expect(Array.from(x).reduce((a, b) => a + b, 0)).toBe(5)
  })

  test('of a beta have its law', () => {
    const p = right(beta.make({ a: shape, b: 2 * shape }))
    const all = draws(beta.sample(p))
    expectEstimate(all, 1 / 3)
    // What float64 holds of it: many are 0 or 1 to the last digit.
    expectShares(all, betaCumulative.cdf(p), [1e-200, 1e-20, 1e-3, 0.3, 0.9])
  })

  test('of gammas, inverse gammas and normal-inverse-gammas are in the support', () => {
    for (const x of draws(gamma.sample(right(gamma.make({ shape, rate: 1 }))), 500))
      expect(x >= 0 && x < Number.POSITIVE_INFINITY).toBe(true)
    const p = right(inverseGamma.make({ shape, scale: 1 }))
    for (const x of draws(inverseGamma.sample(p), 500)) expect(inverseGamma.logProb(p)(x)).toSatisfy(Number.isFinite)
    const nig = right(normalInverseGamma.make({ mean: 0, meanPrecision: 1e-300, shape, scale: 1 }))
    for (const x of draws(normalInverseGamma.sample(nig), 500)) {
      expect(x.mean).toSatisfy(Number.isFinite)
      expect(x.variance > 0 && x.variance < Number.POSITIVE_INFINITY).toBe(true)
    }
  })

  test("of Student's t have its law", () => {
    const p = right(studentT.make({ degreesOfFreedom: shape, location: 0, scale: 1 }))
    const all = draws(studentT.sample(p))
    for (const x of all) expect(x).toSatisfy(Number.isFinite)
    expectShares(all, studentTCumulative.cdf(p), [-1e300, -1e10, -1, 0.5, 1e100])
    const q = right(
      multivariateStudentT.make({
        degreesOfFreedom: shape,
        location: [0, 0],
        scale: [
          [1, 0.5],
          [0.5, 1],
        ],
      }),
    )
    for (const x of draws(multivariateStudentT.sample(q), 500)) expect(Array.from(x).every(Number.isFinite)).toBe(true)
  })
})

test('a beta of moderate shapes is uniform in its cumulative probability', () => {
  const p = right(beta.make({ a: 0.4, b: 1.7 }))
  expectUniform(draws(beta.sample(p)).map(betaCumulative.cdf(p)))
})

/** Degrees of freedom a little above D - 1, where draws are singular to the last digit. */
describe.each([1, 0.1, 1e-2, 1e-3, 1e-6, 1e-12])('draws of D - 1 + %d degrees of freedom', excess => {
  const scale = [
    [2, 0.3, -0.1],
    [0.3, 1, 0.2],
    [-0.1, 0.2, 0.5],
  ]
  const degreesOfFreedom = 2 + excess

  test('of Wisharts are positive definite', () => {
    const w = right(wishart.make({ degreesOfFreedom, scale }))
    const iw = right(inverseWishart.make({ degreesOfFreedom, scale }))
    for (const x of draws(wishart.sample(w), 500)) expect(wishart.logProb(w)(x)).toSatisfy(Number.isFinite)
    for (const x of draws(inverseWishart.sample(iw), 500))
      expect(inverseWishart.logProb(iw)(x)).toSatisfy(Number.isFinite)
  })

  test('of normals by them are members', () => {
    const niw = right(normalInverseWishart.make({ mean: [0, 1, 2], meanPrecision: 0.1, degreesOfFreedom, scale }))
    for (const x of draws(normalInverseWishart.sample(niw), 500))
      expect(normalInverseWishart.logProb(niw)(x)).toSatisfy(Number.isFinite)
    const prior = wishartPrior([0, 1, 2])
    const w = right(wishart.make({ degreesOfFreedom, scale }))
    for (const x of draws(prior.family.sample(w), 500))
      expect(prior.likelihood.logProb(x)([0.5, 1, 2])).toSatisfy(Number.isFinite)
  })
})
