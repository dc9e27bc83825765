import {
  innerProduct,
  logNormaliserOfNatural,
  logProbOfExponentialForm,
  logProbs,
  maximumLikelihood,
  type Statistic,
  toNatural,
} from '@conjugate/distributions'
import { dot, multiply, subtract } from '@conjugate/linalg'
import { right } from '@conjugate/testing'
import { describe, expect, test } from 'vitest'
import { describeDistribution, draw } from './describe-distribution.js'
import { expectEstimate, expectNear } from './estimates.js'
import type { FamilyCase } from './family-case.js'

/** The laws of an exponential family, for every member of a table row; those of distributions among them. */
export const describeFamily = <P, X>(row: FamilyCase<P, X>) => {
  const { family, members, outside, support, unnatural } = row
  describeDistribution(row)

  describe(`exponential form of ${family.name}`, () => {
    test('outside the natural parameter space the log-normaliser is Infinity', () => {
      for (const eta of unnatural) expect(logNormaliserOfNatural(family)(toNatural(eta))).toBe(Number.POSITIVE_INFINITY)
    })

    if (support._tag === 'Discrete')
      test('impossible counts are known by their base measure', () => {
        const form = logProbOfExponentialForm(family)(members[0]!)
        for (const x of outside) expect(form(x)).toBe(Number.NEGATIVE_INFINITY)
      })

    describe.each(members.map((p, i) => [i, p] as const))('member %i', (_, p) => {
      const eta = family.natural(p)
      const samples = draw(family.sample(p))
      const others = members.filter(q => q !== p && family.natural(q).length === eta.length)

      test('the direct log density equals the exponential form', () => {
        const form = logProbOfExponentialForm(family)(p)
        const few = samples.slice(0, 50)
        const direct = logProbs(family)(p)(few)
        for (const [i, x] of few.entries()) expectNear(direct[i]!, form(x), 1e-11)
      })

      test('parameters survive the way to natural ones and back', () => {
        const back = family.natural(right(family.fromNatural(eta)))
        for (const [i, v] of Array.from(eta).entries()) expectNear(back[i]!, v, 1e-12)
        expectNear(logNormaliserOfNatural(family)(eta), family.logNormaliser(p), 1e-12)
      })

      test('the expected statistic leads back to its member', () => {
        const t = family.expectedStatistic(p)
        const back = right(family.fromExpectedStatistic(t))
        for (const [i, v] of Array.from(family.natural(back)).entries()) expectNear(v, eta[i]!, 1e-11)
        for (const [i, v] of Array.from(family.expectedStatistic(back)).entries()) expectNear(v, t[i]!, 1e-13)
      })

      test('no member is more likely than the one with the mean statistic of data', () => {
        const data = samples.slice(0, 200)
        const fitted = right(maximumLikelihood(family)(data))
        const likelihood = (q: P) => logProbs(family)(q)(data).reduce((a, b) => a + b, 0)
        const top = likelihood(fitted)
        const best = family.natural(fitted)
        for (const q of [p, ...others]) {
          expect(likelihood(q)).toBeLessThan(top)
          // Close by, too: the fall is of second order.
          const other = family.natural(q)
          const near = right(family.fromNatural(toNatural(Array.from(best, (v, i) => v + 1e-3 * (other[i]! - v)))))
          expect(likelihood(near)).toBeLessThan(top)
        }
        const doubled = right(maximumLikelihood(family)(data, new Float64Array(200).fill(2)))
        expect(Array.from(family.natural(doubled))).toEqual(Array.from(best))
      })

      test('the gradient of the log-normaliser is the expected statistic', () => {
        const here = Array.from(eta)
        const towards = others[0] === undefined ? here.map(v => 1.5 * v) : Array.from(family.natural(others[0]))
        const direction = towards.map((v, i) => v - here[i]!)
        const step = 1e-5
        const at = (h: number) => logNormaliserOfNatural(family)(toNatural(here.map((v, i) => v + h * direction[i]!)))
        const slope = (at(step) - at(-step)) / (2 * step)
        expectNear(slope, innerProduct(toNatural<P>(direction), family.expectedStatistic(p)), 1e-7)
      })

      test('the Fisher information is the derivative of the expected statistic, and its covariance', () => {
        const information = family.fisherInformation(p)
        const n = eta.length
        expect([information.rows, information.columns]).toEqual([n, n])
        for (let i = 0; i < n * n; i++)
          expectNear(information.data[i]!, information.data[(i % n) * n + Math.floor(i / n)]!, 1e-14)
        for (const other of [Array.from(eta, v => 1.5 * v), ...others.map(q => Array.from(family.natural(q)))]) {
          const direction = other.map((v, i) => v - eta[i]!)
          const at = (h: number) =>
            family.expectedStatistic(right(family.fromNatural(toNatural(direction.map((v, i) => eta[i]! + h * v)))))
          const difference = (h: number) => subtract(at(-h))(at(h)).map(v => v / (2 * h))
          // Richardson's extrapolation, since another member may be far away.
          const [wide, narrow] = [difference(2e-5), difference(1e-5)]
          const change = multiply(direction)(information)
          const size = Math.max(1, ...change.map(Math.abs))
          for (const [i, v] of change.entries()) expectNear((4 * narrow[i]! - wide[i]!) / (3 * size), v / size, 1e-9)
          const along = (t: Statistic<P>) => innerProduct(toNatural<P>(direction), t)
          const centre = along(family.expectedStatistic(p))
          expectEstimate(
            samples.map(x => (along(family.statistic(x)) - centre) ** 2),
            dot(direction)(change),
          )
        }
      })

      test('samples have the expected statistic', () => {
        const statistics = samples.map(x => Array.from(family.statistic(x)))
        for (const [i, v] of Array.from(family.expectedStatistic(p)).entries())
          expectEstimate(
            statistics.map(s => s[i]!),
            v,
          )
      })

      test('KL is zero at equality, positive elsewhere, and the expected log ratio', () => {
        expect(Math.abs(family.klDivergence(p)(p))).toBeLessThanOrEqual(1e-12)
        const logP = family.logProb(p)
        for (const q of others) {
          const kl = family.klDivergence(p)(q)
          const logQ = family.logProb(q)
          expect(kl).toBeGreaterThan(0)
          if (support._tag === 'Continuous')
            expectEstimate(
              samples.map(x => logP(x) - logQ(x)),
              kl,
            )
          else
            expectNear(
              support.values(p).reduce((sum, x) => sum + Math.exp(logP(x)) * (logP(x) - logQ(x)), 0),
              kl,
              1e-11,
            )
        }
      })
    })
  })
}
