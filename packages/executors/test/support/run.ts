import type { Densities, Executor, ExecutorError, LoadedRows, LoadOptions, StatisticsOf } from '@conjugate/executors'
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

/** For densities of a kind. */
export const loadFor = (
  executor: Executor,
  densities: Densities,
  data: ArrayLike<number> & Iterable<number>,
  options?: LoadOptions,
): Promise<LoadedRows> =>
  load(executor, densities.columns, data, {
    ...options,
    ...(densities._tag === 'Product' && { kind: densities._tag, factors: densities.factors }),
  })

/** Sums by name, with weights once: every factor of a product has to have the same. */
export const sumsOf = (statistics: StatisticsOf<Densities>): Readonly<Record<string, Float64Array>> => {
  if (!('factors' in statistics)) return { ...statistics }
  const { weight, factors } = statistics
  const sums: Record<string, Float64Array> = { weight }
  for (const [f, factor] of factors.entries())
    for (const [name, values] of Object.entries(factor))
      if (name === 'weight') expectNear(values, weight, `weight of factor ${f}`)
      else sums[`${name} of factor ${f}`] = values
  return sums
}

/** The same numbers, bit for bit; `toEqual` takes a minute for large arrays. */
export const expectBits = (actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void => {
  expect(actual.length, `length of ${what}`).toBe(expected.length)
  for (let i = 0; i < expected.length; i++)
    if (!Object.is(actual[i], expected[i])) expect(actual[i], `${what}, number ${i}`).toBe(expected[i])
}

/** Everything that an executor computes, in the form of the naive reference. */
export const allResults = async <D extends Densities>(rows: LoadedRows, densities: D): Promise<NaiveResults<D>> => {
  const { statistics, logLikelihood } = await success(rows.expectation(densities))
  const { data } = await success(rows.responsibilities(densities))
  const assignments = await success(rows.assignments(densities))
  const logProb = await success(rows.logProb(densities))
  const prediction = await success(rows.prediction(densities))
  // One pass says what three say, bit for bit.
  expectBits(prediction.assignments, assignments, 'assignments')
  expectBits(prediction.responsibilities.data, data, 'responsibilities')
  expectBits(prediction.logProb, logProb, 'log densities')
  const { data: logs } = await success(rows.logDensities(densities))
  const logDensities = Float64Array.from(logs)
  // The same where there is room for them, or for others.
  for (const length of [logs.length, logs.length + 1]) {
    const into = new Float64Array(length).fill(Number.NaN)
    expectBits((await success(rows.logDensities(densities, into))).data, logDensities, 'log densities')
  }
  expectBits(logs, logDensities, 'log densities')
  const results = {
    ...sumsOf(statistics),
    logLikelihood,
    responsibilities: Float64Array.from(data),
    assignments,
    logProb,
    logDensities,
  }
  return results as unknown as NaiveResults<D>
}

/** Loads, computes everything and disposes. */
export const runAll = async <D extends Densities>(
  executor: Executor,
  data: ArrayLike<number> & Iterable<number>,
  densities: D,
  options?: LoadOptions,
): Promise<NaiveResults<D>> => {
  const rows = await loadFor(executor, densities, data, options)
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

type Result = number | Float64Array | Int32Array

const bytes = (value: Result): Buffer => {
  const { buffer, byteOffset, byteLength } = typeof value === 'number' ? Float64Array.of(value) : value
  return Buffer.from(buffer, byteOffset, byteLength)
}

/** Results by name, which are those of one kind of densities in the same order. */
const pairs = (actual: NaiveResults<Densities>, expected: NaiveResults<Densities>) => {
  const results: Readonly<Record<string, Result>> = { ...actual }
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort())
  return Object.entries<Result>({ ...expected }).map(([name, value]) => [name, results[name]!, value] as const)
}

/** Every result the same to the bit. */
export const expectIdentical = (actual: NaiveResults<Densities>, expected: NaiveResults<Densities>): void => {
  for (const [name, a, b] of pairs(actual, expected)) expect(bytes(a).equals(bytes(b)), `the same ${name}`).toBe(true)
}

export const expectSame = (actual: NaiveResults<Densities>, expected: NaiveResults<Densities>, rows: number): void => {
  for (const [name, a, b] of pairs(actual, expected))
    if (typeof a === 'number' || typeof b === 'number') expectNear([Number(a)], [Number(b)], `${name} of ${rows} rows`)
    else if (b instanceof Int32Array) expect(bytes(a).equals(bytes(b)), `the same ${name}`).toBe(true)
    else expectNear(a, b, name)
}
