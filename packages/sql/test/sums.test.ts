import { describeFitError, type FitError, fit, type PlaceTable, variational } from '@conjugate/models'
import { duckdbSums, postgresSums, type SumsOptions } from '@conjugate/sql'
import { type DuckDB, duckdb, hasDatabases, type Postgres, postgres, right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mixtures } from '../../models/test/mixture/mixtures.js'

const done = async <A>(task: TaskEither<FitError, A>): Promise<A> => right(await task())

/** What is asked of fits here, whatever their model. */
interface Fitted {
  readonly objectives: ReadonlyArray<number>
  readonly rows: number
  readonly weights: ReadonlyArray<number>
  readonly components: ReadonlyArray<unknown>
}
const fitted = fit as unknown as (model: unknown, data: unknown, options: object) => TaskEither<FitError, Fitted>
const inMemory = { groupRows: false, skipping: false, threads: 1, backend: 'wasm' } as const

const expectSamePath = (found: Fitted, whole: Fitted): void => {
  expect(found.objectives.length).toBe(whole.objectives.length)
  for (const [i, objective] of found.objectives.entries())
    expect(Math.abs(objective / whole.objectives[i]! - 1)).toBeLessThan(1e-12)
}

/** A database, as much of one as these tests are of. */
interface Database {
  readonly name: string
  readonly run: (sql: string) => Promise<unknown>
  readonly sums: (table: string, options: SumsOptions) => PlaceTable<never>
}

let [inDuckDB, inPostgres]: [DuckDB | undefined, Postgres | undefined] = [undefined, undefined]
const databases: ReadonlyArray<Database> = [
  {
    name: 'DuckDB',
    run: sql => inDuckDB!.run(sql),
    sums: (table, options) => right(duckdbSums<never>(inDuckDB!, { table }, options)),
  },
  {
    name: 'Postgres',
    run: sql => inPostgres!.query(sql),
    sums: (table, options) => right(postgresSums<never>(inPostgres!, { table }, options)),
  },
]

type Cell = number | null | ReadonlyArray<number>

/** Observations as a table: a list of numbers in a cell takes as many columns. */
const stored = async (database: Database, table: string, observations: ReadonlyArray<unknown>) => {
  const isNumber = typeof observations[0] === 'number'
  const rows = observations.map(o => (isNumber ? { x: o } : (o as object))) as ReadonlyArray<Record<string, Cell>>
  const names = Object.keys(rows[0]!)
  const sizeOf = (name: string): number => {
    const cell = rows.find(row => row[name] !== null)![name]
    return typeof cell === 'number' ? 1 : (cell as ReadonlyArray<number>).length
  }
  const columns = Object.fromEntries(
    names.map(name => [
      name,
      sizeOf(name) === 1 ? `c_${name}` : Array.from({ length: sizeOf(name) }, (_, i) => `c_${name}_${i}`),
    ]),
  )
  const all = Object.values(columns).flat()
  await database.run(`CREATE TABLE ${table} (id INTEGER, ${all.map(c => `"${c}" double precision`).join(', ')})`)
  const values = rows.map((row, n) => {
    const cells = names.flatMap(name => {
      const cell = row[name]!
      if (cell === null) return new Array<string>(sizeOf(name)).fill('NULL')
      return typeof cell === 'number' ? [String(cell)] : cell.map(String)
    })
    return `(${[n, ...cells].join(', ')})`
  })
  await database.run(`INSERT INTO ${table} VALUES ${values.join(', ')}`)
  return columns
}

describe.skipIf(!hasDatabases)('sums in a database', () => {
  beforeAll(async () => {
    inDuckDB = await duckdb()
    inPostgres = await postgres()
  }, 60_000)
  afterAll(async () => {
    inDuckDB?.closeSync()
    await inPostgres?.close()
  })

  describe.each(databases)('$name', database => {
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
