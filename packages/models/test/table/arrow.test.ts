import { describeFitError, fit, gaussianMixture, latentClassMixture, table } from '@conjugate/models'
import { arrow, hasArrow, right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { rows } from '../mixture/mixtures.js'

const inMemory = { groupRows: false, skipping: false, threads: 1, backend: 'wasm' } as const

describe.skipIf(!hasArrow)('streams of Apache Arrow, by its own package', () => {
  /** Batches as the bytes of a stream, which are read anew every time. */
  const streamOf = async (batches: ReadonlyArray<object>) => {
    const { RecordBatchReader, tableToIPC } = await arrow()
    const [first, ...rest] = batches as ReadonlyArray<{ readonly concat: (...others: ReadonlyArray<object>) => object }>
    const bytes = tableToIPC(first!.concat(...rest), 'stream')
    return table(async function* () {
      // In pieces, as a connection brings them.
      async function* pieces() {
        for (let from = 0; from < bytes.length; from += 1000) yield bytes.subarray(from, from + 1000)
      }
      for await (const batch of await RecordBatchReader.from(pieces())) yield batch
    })
  }

  test('columns of numbers: the bits of a fit to rows in memory', async () => {
    const { tableFromArrays } = await arrow()
    const batch = (from: number, to: number) =>
      tableFromArrays({
        x: Float64Array.from(rows.slice(from, to), row => row[0]!),
        y: Float64Array.from(rows.slice(from, to), row => row[1]!),
      })
    const data = await streamOf([batch(0, 33), batch(33, 90), batch(90, rows.length)])
    const model = gaussianMixture({ components: 2 })
    const fitted = right(await fit(model, data as never, { iterations: 4 })())
    const whole = right(await fit(model, rows, { ...inMemory, iterations: 4 })())
    expect(fitted.objectives).toEqual(whole.objectives)
    expect((fitted as { readonly rows?: number }).rows).toBe(rows.length)
  })

  test('whole numbers, truth values and cells that are null', async () => {
    const { vectorFromArray, Table, Int32, Bool, Int64 } = await arrow()
    const cells = Array.from({ length: 700 }, (_, n) => ({
      kind: n % 7 === 0 ? null : (n + Math.floor(n / 5)) % 3,
      said: n % 11 === 0 ? null : n % 2,
      much: (n % 2) + (n % 3 === 0 ? 1 : 0),
    }))
    const batch = (from: number, to: number) => {
      const own = cells.slice(from, to)
      return new Table({
        kind: vectorFromArray(
          own.map(({ kind }) => kind),
          new Int32(),
        ),
        said: vectorFromArray(
          own.map(({ said }) => (said === null ? null : said === 1)),
          new Bool(),
        ),
        much: vectorFromArray(
          own.map(({ much }) => BigInt(much)),
          new Int64(),
        ),
      })
    }
    const latent = right(
      latentClassMixture({ components: 2, concentration: 2, columns: { kind: 3, said: 2, much: 3 } }),
    )
    const data = await streamOf([batch(0, 256), batch(256, 700)])
    const fitted = right(await fit(latent, data as never, { iterations: 4 })())
    const whole = right(await fit(latent, cells, { ...inMemory, iterations: 4 })())
    expect(fitted.objectives).toEqual(whole.objectives)
  })

  test('a text in a column of numbers is told by its row', async () => {
    const { tableFromArrays } = await arrow()
    const data = await streamOf([tableFromArrays({ x: ['1', 'b'], y: Float64Array.of(1, 2) })])
    const found = await fit(gaussianMixture({ components: 2 }), data as never)()
    if (E.isRight(found)) return expect.fail('succeeded')
    expect(describeFitError(found.left)).toMatch(/row 0.*x|x.*row 0/)
  })
})
