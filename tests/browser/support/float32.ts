import type { Densities } from '@conjugate/executors'
import { expect } from 'vitest'
import type { NaiveResults } from '../../../packages/executors/test/support/naive.js'
import { expectWithin } from './near.js'

/**
 * Shares of the largest number of a result that float32 may be off by. Measured: sums up to 8e-7 (groups of 512 rows),
 * logarithms 2e-7, log-likelihoods 7e-8; responsibilities lose the digits that a large squared distance takes up, 2e-5 at 40
 * columns.
 */
const shares = { logLikelihood: 1e-7, responsibilities: 1e-4 } as const
const shareOfSums = 1e-6

const sharesOf: Readonly<Record<string, number>> = shares

/** What a GPU takes for a logarithm of 0: the range of float32 ends at some 3e38. */
const inRange = (value: number): number => (value < -3e38 ? Number.NEGATIVE_INFINITY : value)

/** Every result near another executor's to float32, and the same assignments. */
export const expectFloat32 = (actual: NaiveResults<Densities>, expected: NaiveResults<Densities>): void => {
  const { assignments, ...numbers } = expected
  const results: Readonly<Record<string, number | Float64Array | Int32Array>> = { ...actual }
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort())
  const list = (value: number | Float64Array | Int32Array) => (typeof value === 'number' ? [value] : value)
  for (const [name, value] of Object.entries<number | Float64Array>(numbers))
    expectWithin(sharesOf[name] ?? shareOfSums, list(results[name]!), Array.from(list(value), inRange), name)
  expect(actual.assignments).toEqual(assignments)
}
