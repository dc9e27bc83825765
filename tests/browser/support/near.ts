import { expect } from 'vitest'

/** Equal within a share of the largest of the expected numbers, and of 1; infinities have to be the same. */
export const expectWithin = (
  share: number,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
): void => {
  expect(actual.length, `length of ${what}`).toBe(expected.length)
  const scale = Array.from(expected).reduce((m, v) => (Number.isFinite(v) ? Math.max(m, Math.abs(v)) : m), 1)
  for (let i = 0; i < expected.length; i++)
    if (actual[i] !== expected[i] && !(Math.abs(actual[i]! - expected[i]!) <= share * scale))
      expect.fail(`${what}[${i}] is ${actual[i]} and should be ${expected[i]}`)
}
