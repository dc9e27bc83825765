import {
  digamma,
  itakuraSaito,
  logGamma,
  logGammaWeight,
  logMinusDigamma,
  logMultivariateBeta,
  multivariateDigamma,
  multivariateLogGamma,
  stirlingError,
  trigamma,
} from '@conjugate/linalg'
import { fixtureNames, readFixture } from '@conjugate/testing'
import { describe, expect, test } from 'vitest'

const near = (actual: number, expected: number) =>
  expect(Math.abs(actual - expected) / Math.max(1, Math.abs(expected))).toBeLessThanOrEqual(1e-12)

type Names = 'lgamma' | 'lgamma_negative' | 'digamma' | 'digamma_negative' | 'trigamma' | 'trigamma_negative'

type References = Readonly<Record<Names, { readonly x: number[]; readonly value: number[] }>> & {
  readonly log_beta: ReadonlyArray<{ readonly a: number; readonly b: number; readonly value: number }>
  readonly multigammaln: ReadonlyArray<{ readonly [key in 'a' | 'd' | 'value' | 'multidigamma']: number }>
}

describe.skipIf(!fixtureNames('distributions').includes('special_functions'))(
  'special functions against references',
  () => {
    const read = () => readFixture<References>('distributions/special_functions')

    test.each([
      ['lgamma', logGamma],
      ['lgamma_negative', logGamma],
      ['digamma', digamma],
      ['digamma_negative', digamma],
      ['trigamma', trigamma],
      ['trigamma_negative', trigamma],
    ] as const)('%s', (name, f) => {
      const { x, value } = read()[name]
      for (const [i, v] of x.entries()) near(f(v), value[i]!)
    })

    test('log_beta', () => {
      for (const { a, b, value } of read().log_beta) near(logMultivariateBeta([a, b]), value)
    })

    test('multivariate log-gamma and digamma', () => {
      for (const { a, d, value, multidigamma } of read().multigammaln) {
        near(multivariateLogGamma(d)(a), value)
        near(multivariateDigamma(d)(a), multidigamma)
      }
    })
  },
)

/** Values of 50 digits, rounded to float64. */
describe('what is left when large terms cancel', () => {
  const relative = (actual: number, expected: number) =>
    expect(Math.abs(actual - expected)).toBeLessThanOrEqual(4e-15 * Math.abs(expected))

  test.each([
    [0.001, 2.5422704679670947],
    [0.5, 0.15342640972002736],
    [10.0, 0.00833056343336287],
    [25.5, 0.003267806405762447],
    [100000.0, 8.333333333305556e-7],
    [100000000.0, 8.333333333333334e-10],
  ])("the error of Stirling's formula at %d", (x, expected) => relative(stirlingError(x), expected))

  test.each([
    [0.001, 993.6678166528282],
    [0.5, 1.2703628454614782],
    [10.0, 0.05083250392732458],
    [25.5, 0.019735979280460697],
    [100000.0, 5.000008333333333e-6],
    [100000000.0, 5.0000000083333336e-9],
  ])('log minus digamma at %d', (x, expected) => relative(logMinusDigamma(x), expected))

  test.each([
    [1.5, 1.0, 0.09453489189183562],
    [0.4, 1.0, 0.316290731874155],
    [1.0000001, 1.0, 4.999999672505363e-15],
    [0.51, 1.0, 0.1833445532637656],
    [1e-300, 2.0, 690.4686750787737],
    [100000000.0, 3.0, 33333315.01126488],
  ])('the Itakura-Saito divergence at %d', (x, y, expected) => relative(itakuraSaito(x, y), expected))

  test.each([
    [0.001, 0.25, -7.158565179744974],
    [0.5, 1e-300, -345.96012889203155],
    [3.5, 4.0, -0.34894333842745706],
    [250.0, 260.0, 1.6466368808912182],
    [100000000.0, 100000000.0, 8.291401837938176],
    [100000000.0, 30000000.0, -50397272.14119176],
  ])('the log weight of a gamma at %d', (a, x, expected) => relative(logGammaWeight(a)(x), expected))

  test('nothing is left of nothing', () => {
    expect(itakuraSaito(3, 3)).toBe(0)
    expect(logGammaWeight(2)(0)).toBe(Number.NEGATIVE_INFINITY)
  })
})
