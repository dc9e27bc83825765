import { type Random, random } from '@conjugate/distributions'
import * as O from 'fp-ts/lib/Option.js'
import { describe, expect, test } from 'vitest'
import { cube, expectEstimate, expectNear } from './estimates.js'
import type { Continuous, Discrete, DistributionCase } from './family-case.js'

const SAMPLES = 20_000

/** `count` values of the same stream every time. */
export const draw = <X>(sample: (random: Random) => X, count: number = SAMPLES, seed = 1): X[] => {
  const stream = random(seed)
  return Array.from({ length: count }, () => sample(stream))
}

/** What holds of a density. */
const describeContinuous = <P, X>(
  { family, members }: DistributionCase<P, X>,
  { between, modeOnBoundary, unitCube }: Continuous<P, X>,
) => {
  describe.each(members.map((p, i) => [i, p] as const))('density of member %i', (_, p) => {
    const logProb = family.logProb(p)

    test('entropy is the expected negative log density', () =>
      expectEstimate(
        draw(family.sample(p)).map(x => -logProb(x)),
        family.entropy(p),
      ))

    test(modeOnBoundary ? 'the mode is a maximum' : 'the mode is a stationary maximum', () => {
      const mode = family.mode(p)
      expect(O.isSome(mode)).toBe(true)
      if (O.isNone(mode)) return
      const top = logProb(mode.value)
      for (const x of draw(family.sample(p), 200)) {
        expect(logProb(x)).toBeLessThan(top)
        if (modeOnBoundary) continue
        // A fall of first order would halve with the step; at a stationary point it goes by a quarter.
        const falls = [2e-3, 1e-3].map(t => top - logProb(between(mode.value, x, t)))
        expect(falls[1]! / falls[0]!).toBeGreaterThan(0)
        expect(falls[1]! / falls[0]!).toBeLessThan(0.3)
      }
    })
  })

  if (unitCube === undefined) return
  test('the density integrates to 1', () => {
    const { dimension, member, at } = unitCube
    const logProb = family.logProb(member)
    const values = cube(dimension, dimension === 3 ? 60 : 300).map(u => {
      const { x, logJacobian } = at(u)
      return Math.exp(logProb(x) + logJacobian)
    })
    expect(Math.abs(values.reduce((a, b) => a + b, 0) / values.length - 1)).toBeLessThan(1e-3)
  })
}

/** What holds of a mass, by sums over all values. */
const describeDiscrete = <P, X>(
  { family, members, coordinates, meanCoordinates, varianceCoordinates }: DistributionCase<P, X>,
  { values, neighbours }: Discrete<P, X>,
) => {
  describe.each(members.map((p, i) => [i, p] as const))('masses of member %i', (_, p) => {
    const logProb = family.logProb(p)
    const terms = values(p).map(x => ({ x: coordinates(x), log: logProb(x), mass: Math.exp(logProb(x)) }))
    const expected = (f: (term: (typeof terms)[number]) => number) =>
      terms.reduce((sum, term) => (term.mass > 0 ? sum + term.mass * f(term) : sum), 0)

    test('masses sum to 1', () =>
      expectNear(
        expected(() => 1),
        1,
        1e-12,
      ))

    test('mean, variance and entropy are those of the masses', () => {
      const mean = family.mean(p)
      const variance = family.variance(p)
      if (O.isNone(mean) || O.isNone(variance)) throw new Error('a member without moments')
      for (const [i, m] of meanCoordinates(mean.value).entries()) {
        expectNear(
          expected(({ x }) => x[i]!),
          m,
          1e-11,
        )
        expectNear(
          expected(({ x }) => (x[i]! - m) ** 2),
          varianceCoordinates(variance.value)[i]!,
          1e-11,
        )
      }
      expectNear(
        expected(({ log }) => -log),
        family.entropy(p),
        1e-12,
      )
    })

    test('nothing has more mass than the mode, and samples have its mass', () => {
      const mode = family.mode(p)
      expect(O.isSome(mode)).toBe(true)
      if (O.isNone(mode)) return
      const top = logProb(mode.value)
      expectEstimate(
        draw(family.sample(p)).map(x => (logProb(x) === top ? 1 : 0)),
        terms.reduce((sum, { log, mass }) => (log === top ? sum + mass : sum), 0),
      )
      for (const { log } of terms) expect(log).toBeLessThanOrEqual(top + 1e-13)
      for (const x of neighbours(mode.value)) expect(logProb(x)).toBeLessThanOrEqual(top + 1e-13)
    })
  })
}

/** The laws of a distribution, for every member of a table row. */
export const describeDistribution = <P, X>(row: DistributionCase<P, X>) => {
  const { family, members, coordinates, meanCoordinates, varianceCoordinates, outside, support } = row

  describe(`laws of ${family.name}`, () => {
    test.each(members.map((p, i) => [i, p] as const))('samples of member %i have its mean and variance', (_, p) => {
      const mean = family.mean(p)
      const variance = family.variance(p)
      const values = draw(family.sample(p)).map(coordinates)
      if (O.isNone(mean)) return
      for (const [i, m] of meanCoordinates(mean.value).entries()) {
        expectEstimate(
          values.map(x => x[i]!),
          m,
        )
        if (O.isNone(variance)) continue
        expectEstimate(
          values.map(x => (x[i]! - m) ** 2),
          varianceCoordinates(variance.value)[i]!,
        )
      }
    })

    test('the same seed draws the same values, another seed others', () => {
      const sample = family.sample(members[0]!)
      expect(draw(sample, 20, 7)).toEqual(draw(sample, 20, 7))
      expect(draw(sample, 20, 8)).not.toEqual(draw(sample, 20, 7))
    })

    test('outside the support the log density is -Infinity', () => {
      for (const x of outside) {
        const length = coordinates(x).length
        const p = members.find(m => coordinates(draw(family.sample(m), 1)[0]!).length === length)!
        expect(family.logProb(p)(x)).toBe(Number.NEGATIVE_INFINITY)
      }
    })

    switch (support._tag) {
      case 'Continuous':
        return describeContinuous(row, support)
      case 'Discrete':
        return describeDiscrete(row, support)
    }
  })
}
