import {
  innerProduct,
  logNormaliserOfNatural,
  logProbOfExponentialForm,
  logProbs,
  random,
  toNatural,
} from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import * as O from 'fp-ts/lib/Option.js'
import { describe, expect, test } from 'vitest'
import type { FamilyCase } from './families.js'

const SAMPLES = 20_000

/** Mean and standard error of numbers. */
const summarise = (values: ReadonlyArray<number>): { mean: number; error: number } => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1)
  return { mean, error: Math.sqrt(variance / values.length) }
}

/** Within five standard errors: false alarms are once in a million, and seeds are fixed besides. */
const expectEstimate = (values: ReadonlyArray<number>, exact: number) => {
  const { mean, error } = summarise(values)
  expect(Math.abs(mean - exact)).toBeLessThanOrEqual(5 * error + 1e-12 * Math.abs(exact))
}

const close = (actual: number, expected: number, tolerance: number) =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected)))

/** Points of the midpoint rule with `n` cells a side in the unit cube. */
const cube = (dimension: number, n: number): number[][] =>
  Array.from({ length: n ** dimension }, (_, i) =>
    Array.from({ length: dimension }, (_, d) => ((Math.floor(i / n ** d) % n) + 0.5) / n),
  )

/** The laws of an exponential family, for every member of a table row. */
export const describeFamily = <P, X>({
  family,
  members,
  coordinates,
  between,
  outside,
  unitCube,
}: FamilyCase<P, X>) => {
  const draw = (p: P, count: number, seed = 1): X[] => {
    const stream = random(seed)
    return Array.from({ length: count }, () => family.sample(p)(stream))
  }

  describe(`laws of ${family.name}`, () => {
    describe.each(members.map((p, i) => [i, p] as const))('member %i', (_, p) => {
      const eta = family.natural(p)
      const samples = draw(p, SAMPLES)

      test('the direct log density equals the exponential form', () => {
        const form = logProbOfExponentialForm(family)(p)
        const few = samples.slice(0, 50)
        const direct = logProbs(family)(p)(few)
        for (const [i, x] of few.entries()) close(direct[i]!, form(x), 1e-11)
      })

      test('parameters survive the way to natural ones and back', () => {
        const back = family.natural(right(family.fromNatural(eta)))
        for (const [i, v] of Array.from(eta).entries()) close(back[i]!, v, 1e-12)
      })

      test('the gradient of the log-normaliser is the expected statistic', () => {
        const other = Array.from(eta)
        const neighbour = members.find(q => q !== p && family.natural(q).length === eta.length)
        const towards = neighbour ? Array.from(family.natural(neighbour)) : other.map(v => 1.5 * v)
        const direction = towards.map((v, i) => v - other[i]!)
        const step = 1e-5
        const at = (h: number) => logNormaliserOfNatural(family)(toNatural(other.map((v, i) => v + h * direction[i]!)))
        const slope = (at(step) - at(-step)) / (2 * step)
        close(slope, innerProduct(toNatural<P>(direction), family.expectedStatistic(p)), 1e-7)
      })

      test('samples have the expected statistic, mean and variance', () => {
        const statistics = samples.map(x => Array.from(family.statistic(x)))
        for (const [i, v] of Array.from(family.expectedStatistic(p)).entries())
          expectEstimate(
            statistics.map(s => s[i]!),
            v,
          )
        const mean = family.mean(p)
        expect(O.isSome(mean)).toBe(true)
        if (O.isSome(mean))
          for (const [i, v] of coordinates(mean.value).entries())
            expectEstimate(
              samples.map(x => coordinates(x)[i]!),
              v,
            )
      })

      test('entropy is the expected negative log density', () => {
        const logProb = family.logProb(p)
        expectEstimate(
          samples.map(x => -logProb(x)),
          family.entropy(p),
        )
      })

      test('KL is zero at equality, positive elsewhere, and the expected log ratio', () => {
        expect(Math.abs(family.klDivergence(p)(p))).toBeLessThanOrEqual(1e-12)
        for (const q of members.filter(m => m !== p && family.natural(m).length === eta.length)) {
          const kl = family.klDivergence(p)(q)
          expect(kl).toBeGreaterThan(0)
          const [logP, logQ] = [family.logProb(p), family.logProb(q)]
          expectEstimate(
            samples.map(x => logP(x) - logQ(x)),
            kl,
          )
        }
      })

      test('the mode is a stationary maximum', () => {
        const mode = family.mode(p)
        expect(O.isSome(mode)).toBe(true)
        if (O.isNone(mode)) return
        const logProb = family.logProb(p)
        const top = logProb(mode.value)
        for (const x of samples.slice(0, 200)) {
          expect(logProb(x)).toBeLessThan(top)
          // A fall of first order would halve with the step; at a stationary point it goes by a quarter.
          const falls = [2e-3, 1e-3].map(t => top - logProb(between(mode.value, x, t)))
          expect(falls[1]! / falls[0]!).toBeGreaterThan(0)
          expect(falls[1]! / falls[0]!).toBeLessThan(0.3)
        }
      })
    })

    test('the same seed draws the same values, another seed others', () => {
      const [first, again, other] = [draw(members[0]!, 5, 7), draw(members[0]!, 5, 7), draw(members[0]!, 5, 8)]
      expect(again).toEqual(first)
      expect(other).not.toEqual(first)
    })

    test('outside the support the log density is -Infinity', () => {
      for (const x of outside) {
        const p = members.find(m => coordinates(draw(m, 1)[0]!).length === coordinates(x).length)!
        expect(family.logProb(p)(x)).toBe(Number.NEGATIVE_INFINITY)
      }
    })

    if (unitCube === undefined) return
    test('the density integrates to 1', () => {
      const { dimension, member, at } = unitCube
      const n = dimension === 3 ? 60 : 300
      const logProb = family.logProb(member)
      const values = cube(dimension, n).map(u => {
        const { x, logJacobian } = at(u)
        return Math.exp(logProb(x) + logJacobian)
      })
      expect(Math.abs(values.reduce((a, b) => a + b, 0) / values.length - 1)).toBeLessThan(1e-3)
    })
  })
}
