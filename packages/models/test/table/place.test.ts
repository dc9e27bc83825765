import {
  describeFitError,
  type FitError,
  fit,
  gaussianMixture,
  multinomialMixture,
  placeTable,
  predict,
  variational,
  writeToPlace,
} from '@conjugate/models'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { describe, expect, test } from 'vitest'
import { mixtures, rows } from '../mixture/mixtures.js'
import { inMemoryPlace, type Stored } from './own/in-memory.js'

const done = async <A>(task: TaskEither<FitError, A>): Promise<A> => right(await task())

const inMemory = { groupRows: false, skipping: false, threads: 1, backend: 'wasm' } as const
const settings = { iterations: 6, seed: 3 }

/** Observations in columns: of tables by their names. */
const storedOf = (observations: ReadonlyArray<unknown>): Stored => {
  const [first] = observations
  if (typeof first === 'number') return { x: observations as ReadonlyArray<number> }
  const names = Object.keys(first as object)
  return Object.fromEntries(names.map(name => [name, observations.map(o => (o as Record<string, never>)[name]!)]))
}

/** What is asked of fits here, whatever their model. */
type Fitted = { readonly objectives: ReadonlyArray<number>; readonly rows: number }
const fitted = fit as unknown as (model: unknown, data: unknown, options: object) => TaskEither<FitError, Fitted>

const expectSamePath = (found: Fitted, whole: Fitted): void => {
  expect(found.objectives.length).toBe(whole.objectives.length)
  for (const [i, objective] of found.objectives.entries())
    expect(Math.abs(objective / whole.objectives[i]! - 1)).toBeLessThan(1e-12)
}

describe.each(mixtures)('$name', ({ name, mixture, observations }) => {
  const data = placeTable<never>(inMemoryPlace(storedOf(observations)))
  const models = [mixture, ...(mixture.components.variational ? [variational(mixture as never)] : [])]
  test('rows that follow from a plan have the path of rows in memory', async () => {
    for (const model of models) {
      if (name === 'directions') {
        const refused = await fitted(model, data, settings)()
        if (E.isRight(refused)) expect.fail('was fitted')
        else
          expect(describeFitError(refused.left)).toMatch(/^model is one of .*a unit vector, expected components whose/)
      } else
        expectSamePath(
          await done(fitted(model, data, settings)),
          await done(fitted(model, observations, { ...settings, ...inMemory })),
        )
    }
  })
})

test('a prior that follows from the moments that the place tells', async () => {
  const model = gaussianMixture({ components: 2 })
  const data = placeTable<typeof rows>(inMemoryPlace(storedOf(rows)))
  const found = await done(fit(model, data, settings))
  expectSamePath(found, (await done(fit(model, rows, { ...settings, ...inMemory }))) as never)
  const said = {} as { readonly assignments?: Int32Array; readonly logProb?: Float64Array }
  expect(await done(writeToPlace(model as never, found as never, data, { said: {}, target: said }))).toBe(rows.length)
  const predicted = await done(predict(model, found, rows))
  expect(said.assignments).toEqual(predicted.assignments)
  for (const [n, log] of predicted.logProb.entries()) expect(said.logProb![n]).toBeCloseTo(log, 10)
})

test('counts of any total, whose log h is of their sum, too', async () => {
  const documents = Array.from({ length: 90 }, (_, n) => [n % 2 ? 5 + (n % 3) : n % 4, n % 5, n % 2 ? 1 : 9])
  const model = multinomialMixture({ components: 2, concentration: 2, categories: 3 })
  const data = placeTable<typeof documents>(inMemoryPlace(storedOf(documents)))
  expectSamePath(
    await done(fitted(model, data, settings)),
    await done(fitted(model, documents, { ...settings, ...inMemory })),
  )
})
