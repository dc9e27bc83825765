import {
  digamma,
  logGamma,
  logMultivariateBeta,
  multivariateDigamma,
  multivariateLogGamma,
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
