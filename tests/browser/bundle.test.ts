import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Bundle, bundle } from './support/site.js'

const kilobytes = (code: string | Uint8Array): number => gzipSync(code).length / 1000

/** Kilobytes of what a page loads at once, compressed. */
const size = ({ entry }: Bundle): number => kilobytes(entry)

describe('a mixture', () => {
  let made: Bundle
  beforeAll(async () => {
    made = await bundle('mixture.html')
  })

  test('is bundled without a complaint', () => expect(made.warnings).toEqual([]))
  test('takes a page less than 90 kB at once', () => expect(size(made)).toBeLessThan(90))

  test('takes a page one of two kernels, less than 12.5 kB each, when it computes', () => {
    const kernels = [...made.files].filter(([path]) => path.includes('simd.generated'))
    expect(kernels.length).toBe(2)
    for (const [, code] of kernels) expect(kilobytes(code)).toBeLessThan(12.5)
  })

  test('leaves TensorFlow.js to chunks that are loaded on demand', () => {
    const ofTensorFlow = [...made.files].filter(([, code]) => String(code).includes('WEBGL_VERSION'))
    expect(ofTensorFlow.length).toBeGreaterThan(0)
    expect(made.entry).not.toContain('WEBGL_VERSION')
  })

  test('has the generator of random numbers, by which it is told from a distribution below', () => {
    expect(made.entry).toContain('mt19937')
  })
})

test('a distribution brings itself alone', async () => {
  const made = await bundle('normal.ts')
  expect(made.warnings).toEqual([])
  expect(made.files.size).toBe(1)
  expect(made.entry).not.toContain('mt19937')
  expect(size(made)).toBeLessThan(7)
})

test('cumulative probabilities and quantiles bring the special functions that they need alone', async () => {
  const made = await bundle('cumulative.ts')
  expect(made.warnings).toEqual([])
  expect(size(made)).toBeLessThan(5)
})
