import { expect } from 'vitest'

/** Mean and standard error of numbers. */
const summarise = (values: ReadonlyArray<number>): { mean: number; error: number } => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1)
  return { mean, error: Math.sqrt(variance / values.length) }
}

/** Within five standard errors: false alarms are once in a million, and seeds are fixed besides. */
export const expectEstimate = (values: ReadonlyArray<number>, exact: number) => {
  const { mean, error } = summarise(values)
  expect(Math.abs(mean - exact)).toBeLessThanOrEqual(5 * error + 1e-12 * Math.abs(exact))
}

export const expectNear = (actual: number, expected: number, tolerance: number) =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected)))

/** Points of the midpoint rule with `n` cells a side in the unit cube. */
export const cube = (dimension: number, n: number): number[][] =>
  Array.from({ length: n ** dimension }, (_, i) =>
    Array.from({ length: dimension }, (_, d) => ((Math.floor(i / n ** d) % n) + 0.5) / n),
  )
