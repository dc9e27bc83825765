import { describeFitError, variational } from '@conjugate/models'
import { hasDatabases } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mixtures } from '../../models/test/mixture/mixtures.js'
import { databases, done, expectSamePath, fitted, inMemory, stored } from './support/databases.js'

describe.skipIf(!hasDatabases)('sums in a database', () => {
  describe.each(databases)('$name', database => {
    beforeAll(database.open, 120_000)
    afterAll(database.close)
    let tables = 0
    test.each(mixtures.map(m => [m.name, m] as const))('%s: the path of rows in memory', async (name, row) => {
      const table = `t${tables++}`
      const { mixture, observations } = row
      const columns = await stored(database, table, observations)
      const data = database.sums(table, { columns, key: 'id' })
      const models = [mixture, ...(mixture.components.variational ? [variational(mixture as never)] : [])]
      for (const model of models) {
        if (name === 'directions') {
          const refused = await fitted(model, data, {})()
          expect(E.isLeft(refused) && describeFitError(refused.left)).toMatch(/a unit vector/)
          continue
        }
        const { weights, components, ...rest } = await done(
          fitted(model, observations, { ...inMemory, iterations: 1, seed: 3 }),
        )
        void rest
        const settings = { iterations: 5, start: { _tag: 'parameters', parameters: { ...rest, weights, components } } }
        const whole = await done(fitted(model, observations, { ...settings, ...inMemory }))
        expectSamePath(await done(fitted(model, data, settings)), whole)
      }
    })
  })
})
