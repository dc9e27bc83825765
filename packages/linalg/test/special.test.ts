import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  digamma,
  logGamma,
  logMultivariateBeta,
  multivariateDigamma,
  multivariateLogGamma,
  trigamma,
} from '@conjugate/linalg'
import { describe, expect, test } from 'vitest'

const folder =
  process.env['CONJUGATE_FIXTURES'] ?? fileURLToPath(new URL('../../../../shared/fixtures', import.meta.url))
const file = `${folder}/distributions/special_functions.json`

const near = (actual: number, expected: number) =>
  expect(Math.abs(actual - expected) / Math.max(1, Math.abs(expected))).toBeLessThanOrEqual(1e-12)

describe.skipIf(!existsSync(file))('special functions against references', () => {
  const references = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}

  test.each([
    ['lgamma', logGamma],
    ['lgamma_negative', logGamma],
    ['digamma', digamma],
    ['digamma_negative', digamma],
    ['trigamma', trigamma],
    ['trigamma_negative', trigamma],
  ] as const)('%s', (name, f) => {
    const { x, value } = references[name]
    for (const [i, v] of (x as number[]).entries()) near(f(v), value[i])
  })

  test('log_beta', () => {
    for (const { a, b, value } of references.log_beta) near(logMultivariateBeta([a, b]), value)
  })

  test('multivariate log-gamma and digamma', () => {
    for (const { a, d, value, multidigamma } of references.multigammaln) {
      near(multivariateLogGamma(d)(a), value)
      near(multivariateDigamma(d)(a), multidigamma)
    }
  })
})
