import { dirichlet, multivariateNormal, multivariateStudentT, random, type Validated } from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { describe, expect, test } from 'vitest'
import { extremes } from './support/extremes.js'

for (const { family, members } of extremes)
  describe(family.name, () => {
    for (const { label, p, drawable, told } of members)
      describe(label, () => {
        const size = Math.max(1, Math.abs(family.logNormaliser(p)))

        /** To a member from which it cannot be told by a hundred thousand draws, up to rounding of the divergence itself. */
        const leadsBack = (back: Validated<never>) => {
          if (told || E.isRight(back)) {
            const divergence = family.klDivergence(p)(right(back))
            expect(divergence).not.toBeNaN()
            if (told) expect(divergence).toBeLessThan(1e-6 + 1e-12 * size)
          }
        }

        test('log density', () => {
          const stream = random(1)
          const logProb = family.logProb(p)
          const mode = family.mode(p)
          const top = O.isSome(mode) ? logProb(mode.value) : Number.POSITIVE_INFINITY
          expect(top).toBeGreaterThan(Number.NEGATIVE_INFINITY)
          for (let i = 0; i < 5; i++) {
            const log = logProb(family.sample(p)(stream))
            expect(log).not.toBeNaN()
            if (drawable) expect(log).toBeGreaterThan(Number.NEGATIVE_INFINITY)
            expect(log).toBeLessThanOrEqual(top + 1e-12 * size)
          }
        })

        test('normaliser, entropy and information are finite', () => {
          expect(family.logNormaliser(p)).toSatisfy(Number.isFinite)
          expect(family.entropy(p)).toSatisfy(Number.isFinite)
          // Of 64 x 64 matrices it would have 17 million entries.
          if (family.natural(p).length > 500) return
          const { data, rows } = family.fisherInformation(p)
          expect(Array.from(data).every(Number.isFinite)).toBe(true)
          for (let i = 0; i < rows; i++) expect(data[i * rows + i]!).toBeGreaterThanOrEqual(0)
        })

        test('divergences', () => {
          expect(Math.abs(family.klDivergence(p)(p))).toBeLessThan(1e-12 * size)
          for (const { p: q } of members) {
            if (family.natural(p).length !== family.natural(q).length) continue
            const kl = family.klDivergence(p)(q)
            expect(kl).toSatisfy(Number.isFinite)
            expect(kl).toBeGreaterThanOrEqual(-1e-12 * Math.max(size, Math.abs(family.logNormaliser(q))))
          }
        })

        test('the expected statistic leads back', () => {
          const t = family.expectedStatistic(p)
          expect(Array.from(t).every(Number.isFinite)).toBe(true)
          leadsBack(family.fromExpectedStatistic(t))
        })

        test('natural parameters lead back', () => {
          leadsBack(family.fromNatural(family.natural(p)))
        })
      })
  })

const square = [
  [2, 0.6],
  [0.6, 1],
]

describe.each([
  ['dirichlet', dirichlet.logProb(right(dirichlet.make({ concentration: [1, 2] })))],
  ['normal', multivariateNormal.logProb(right(multivariateNormal.make({ mean: [0, 1], covariance: square })))],
  [
    "Student's t",
    multivariateStudentT.logProb(
      right(multivariateStudentT.make({ degreesOfFreedom: 3, location: [0, 1], scale: square })),
    ),
  ],
])('a %s of two numbers', (_, logProb) => {
  test.each([[[]], [[1]], [[0.5, 0.2, 0.3]], [[Number.POSITIVE_INFINITY, 0]], [[0, Number.NEGATIVE_INFINITY]]])(
    'has no density at %j',
    x => {
      expect(logProb(x)).toBe(Number.NEGATIVE_INFINITY)
    },
  )
})
