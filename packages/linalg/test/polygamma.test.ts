import {
  digamma,
  digammaDifference,
  inverseDigamma,
  inverseDigammaFall,
  inverseLogMinusDigamma,
  logMinusDigamma,
  positiveRoot,
  trigamma,
  trigammaDifference,
  trigammaMinusReciprocal,
} from '@conjugate/linalg'
import { describe, expect, test } from 'vitest'

const relative = (actual: number, expected: number, tolerance = 4e-15) =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance * Math.abs(expected))

/** Values of 60 digits (mpmath 1.4.1), rounded to float64. */
test.each([
  [1e-8, 1e-20, 9.99999999999e-5, 19999.999999969998],
  [0.5, 1e-12, 4.934802200536265e-12, 1.6828796644185615e-11],
  [1.25, 3, 1.5521367521367522, 0.9322054204105487],
  [7, 1000000.0, 11.942732722844724, 0.1535441779658375],
  [30, 1e-9, 3.389506035716556e-11, 1.1487652036896698e-12],
  [100000000.0, 1e-8, 1.000000005e-16, 1.00000001e-24],
  [100000000.0, 100000000.0, 0.6931471830599453, 5.0000000375e-9],
])('differences of digamma and trigamma between %d and %d more', (x, d, ofDigamma, ofTrigamma) => {
  relative(digammaDifference(x, d), ofDigamma)
  relative(trigammaDifference(x, d), ofTrigamma)
})

const points = [1e-300, 1e-100, 1e-8, 1e-3, 0.1, 0.5, 1, 1.46, 1.47, 2, 9.9, 10, 16, 100, 1e4, 1e8, 1e15, 1e100]

describe.each(points)('inverses at %d', x => {
  test('of digamma, which for large values is a logarithm', () =>
    relative(inverseDigamma(digamma(x)), x, 4e-15 * Math.max(1, Math.log(x))))
  test('of the log less digamma', () => relative(inverseLogMinusDigamma(logMinusDigamma(x)), x, 1e-14))
  test('of the fall of digamma', () => {
    for (const share of [1e-12, 1e-3, 0.3, 0.9, 0.999])
      relative(inverseDigammaFall(x, digammaDifference(x - x * share, x * share)), x * share, 1e-14)
  })
})

test('an inverse beyond float64 is Infinity', () => expect(inverseDigamma(800)).toBe(Number.POSITIVE_INFINITY))

test('trigamma less a reciprocal joins its asymptotic series', () => {
  for (const x of [0.5, 3, 15.99, 16, 20]) relative(trigammaMinusReciprocal(x), trigamma(x) - 1 / x, 1e-13)
})

test('a root is found from far away, past the point where the tangent is flat', () => {
  const bent = (x: number) => ({ value: Math.atan(Math.log(x / 3e7)), slope: 1 / x / (1 + Math.log(x / 3e7) ** 2) })
  for (const start of [1e-200, 1, 1e12, 1e200]) relative(positiveRoot(bent, start), 3e7)
})
