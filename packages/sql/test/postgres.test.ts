import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileStorage } from '@conjugate/em/node'
import { describeFitError, gaussianMixture } from '@conjugate/models'
import { type PostgresClient, type PostgresOptions, postgresSums, type RowSource, trusted } from '@conjugate/sql'
import { hasPostgres, type PostgresServer, postgresServer, right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { done, expectSamePath, fitted, written } from './support/databases.js'

const model = gaussianMixture({ components: 2 })
const columns = ['x', 'y']
/** In milliseconds: within this nothing of a fit that is to stop runs any more. */
const AT_ONCE = 10_000

describe.skipIf(!hasPostgres)('a server of Postgres', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await postgresServer()
    const client = await server.connect()
    await client.query(
      `CREATE TABLE clouds AS SELECT n AS id, n % 2 * 1.5 + sin(n) AS x, cos(n * 1.7) AS y FROM generate_series(1, 5000) t(n)`,
    )
    await client.end()
  }, 120_000)
  afterAll(() => server?.stop())

  const sums = (
    client: PostgresClient,
    options: Partial<PostgresOptions> = {},
    source: RowSource = { table: 'clouds' },
  ) => right(postgresSums(client, source, { columns, key: 'id', ...options }))
  const long = trusted('SELECT n AS id, sin(n) AS x, cos(n) AS y FROM generate_series(1, 100000000000) t(n)')
  /** What still runs of fits; the server tells an error before it has put away what it was about. */
  const running = async (client: PostgresClient): Promise<ReadonlyArray<object>> =>
    (await client.query(`SELECT query FROM pg_stat_activity WHERE state = 'active' AND query LIKE '/* conjugate%'`))
      .rows

  test.each(['one client', 'several of them'])(
    'a statement that would run for hours, of %s, is cancelled there by another one',
    async of => {
      const client = of === 'one client' ? await server.connect() : server.pool()
      const other = await server.connect()
      const data = sums(client, { cancel: other }, long)
      const parameters = await done(fitted(model, sums(client), { iterations: 1 }))
      for (const [task, message] of [
        [(signal: AbortSignal) => fitted(model, data, { signal }), /cancelled/],
        [() => fitted(model, data, { timeLimit: 300 }), /the time limit has passed/],
        [(signal: AbortSignal) => written(model, parameters, data, { table: 'said' }, { signal }), /cancelled/],
      ] as const) {
        const controller = new AbortController()
        setTimeout(() => controller.abort(), 300)
        const began = performance.now()
        const found = await task(controller.signal)()
        if (E.isRight(found)) return expect.fail('succeeded')
        expect(describeFitError(found.left)).toMatch(message)
        await expect.poll(() => running(other), { timeout: AT_ONCE }).toEqual([])
        expect(performance.now() - began).toBeLessThan(AT_ONCE)
      }
      // Nothing else of these clients is stopped.
      expect((await client.query('SELECT 1 AS a')).rows).toEqual([{ a: 1 }])
      await Promise.all([client.end(), other.end()])
    },
    120_000,
  )

  test('without another client a fit that is cancelled is told within ten seconds, and its statement is left to its client', async () => {
    const client = await server.connect()
    const other = await server.connect()
    const controller = new AbortController()
    const began = performance.now()
    setTimeout(() => controller.abort(), 100)
    const found = await fitted(model, sums(client, {}, long), { signal: controller.signal })()
    if (E.isRight(found)) return expect.fail('succeeded')
    expect(found.left).toMatchObject({ _tag: 'Cancelled' })
    expect(performance.now() - began).toBeLessThan(AT_ONCE)
    expect(await running(other)).toHaveLength(1)
    await other.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '/* conjugate%'`)
    await Promise.all([client.end().catch(() => undefined), other.end()])
  }, 120_000)

  /** A fit of which connections are lost, by whatever is done after some iterations. */
  const losing = (client: PostgresClient, lose: () => Promise<unknown>, options: object = {}) =>
    fitted(model, sums(client, { patience: 60 }), {
      iterations: 8,
      tolerance: 0,
      seed: 1,
      ...options,
      onIteration: async ({ iteration }: { iteration: { index: number } }) => {
        if (iteration.index === 2 || iteration.index === 5) await lose()
      },
    })
  const settings = { iterations: 8, tolerance: 0, seed: 1 }

  test('a server that is killed and started again: of several clients the fit has the same value', async () => {
    const client = server.pool()
    const whole = await done(fitted(model, sums(client), settings))
    let started: Promise<void> = Promise.resolve()
    let losses = 0
    const found = await done(
      losing(client, async () => {
        losses++
        await server.kill()
        started = server.start()
      }),
    )
    await started
    expectSamePath(found, whole)
    expect(losses).toBe(2)
    await client.end()
  }, 120_000)

  test('a client whose connection is ended by the server: a typed error, and another one goes on from the checkpoint', async () => {
    const [client, other] = [await server.connect(), await server.connect()]
    const whole = await done(fitted(model, sums(other), settings))
    const storage = fileStorage(join(await mkdtemp(join(tmpdir(), 'conjugate-postgres-')), 'fit'))
    const found = await losing(
      client,
      () => other.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()'),
      { checkpoint: { storage } },
    )()
    if (E.isRight(found)) return expect.fail('succeeded')
    expect(found.left).toMatchObject({ _tag: 'StepFailed', cause: { _tag: 'Interrupted', backend: 'Postgres' } })
    expectSamePath(await done(fitted(model, sums(other), { ...settings, checkpoint: { storage } })), whole)
    await other.end()
  }, 120_000)
})
