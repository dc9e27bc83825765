import type { Executor, ExecutorError, LoadedRows, LoadOptions, QuadraticDensities } from '@conjugate/executors'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { expect } from 'vitest'
import type { NaiveResults } from './naive.js'

/** The result of a task that has to succeed. */
export const success = async <A>(task: TaskEither<ExecutorError, A>): Promise<A> => {
  const result = await task()
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left))
  return result.right
}

/** The error of a task that has to fail. */
export const failure = async (task: TaskEither<ExecutorError, unknown>): Promise<ExecutorError> => {
  const result = await task()
  if (E.isRight(result)) throw new Error('succeeded')
  return result.left
}

export const load = (
  executor: Executor,
  columns: number,
  data: ArrayLike<number> & Iterable<number>,
  options?: LoadOptions,
): Promise<LoadedRows> => success(executor.load({ rows: data.length / columns, columns, data }, options))

/** Everything that an executor computes, in the form of the naive reference. */
export const allResults = async (rows: LoadedRows, densities: QuadraticDensities): Promise<NaiveResults> => {
  const { statistics, logLikelihood } = await success(rows.expectation(densities))
  const { data } = await success(rows.responsibilities(densities))
  return {
    ...statistics,
    logLikelihood,
    responsibilities: Float64Array.from(data),
    assignments: await success(rows.assignments(densities)),
    logProb: await success(rows.logProb(densities)),
  }
}

/** Loads, computes everything and disposes. */
export const runAll = async (
  executor: Executor,
  data: ArrayLike<number> & Iterable<number>,
  densities: QuadraticDensities,
  options?: LoadOptions,
): Promise<NaiveResults> => {
  const rows = await load(executor, densities.columns, data, options)
  try {
    return await allResults(rows, densities)
  } finally {
    rows.dispose()
  }
}

/** Equal to 1e-12 of the greatest number among the expected ones, and of 1; infinities have to be the same. */
export const expectNear = (actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void => {
  expect(actual.length, `length of ${what}`).toBe(expected.length)
  const tolerance =
    1e-12 * Array.from(expected).reduce((m, v) => (Number.isFinite(v) ? Math.max(m, Math.abs(v)) : m), 1)
  for (let i = 0; i < expected.length; i++)
    if (actual[i] !== expected[i] && !(Math.abs(actual[i]! - expected[i]!) <= tolerance))
      expect.fail(`${what}[${i}] is ${actual[i]} and should be ${expected[i]}`)
}

const bytes = (value: number | Float64Array | Int32Array): Buffer => {
  const { buffer, byteOffset, byteLength } = typeof value === 'number' ? Float64Array.of(value) : value
  return Buffer.from(buffer, byteOffset, byteLength)
}

/** Every result the same to the bit. */
export const expectIdentical = (actual: NaiveResults, expected: NaiveResults): void => {
  for (const name of Object.keys(expected) as ReadonlyArray<keyof NaiveResults>)
    expect(bytes(actual[name]).equals(bytes(expected[name])), `the same ${name}`).toBe(true)
}

export const expectSame = (actual: NaiveResults, expected: NaiveResults, rows: number): void => {
  for (const name of ['weight', 'sum', 'outer', 'responsibilities', 'logProb'] as const)
    expectNear(actual[name], expected[name], name)
  expectNear([actual.logLikelihood], [expected.logLikelihood], `log-likelihood of ${rows} rows`)
  expect(bytes(actual.assignments).equals(bytes(expected.assignments)), 'the same assignments').toBe(true)
}
