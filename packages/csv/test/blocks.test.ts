import { type CsvBlockOptions, csvBlocks } from '@conjugate/csv'
import { describeFitError, fit, gaussianMixture, latentClassMixture, table } from '@conjugate/models'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

/** A text in pieces of so many characters, as bytes. */
const streamOf = (text: string, length: number) => () => {
  const bytes = new TextEncoder().encode(text)
  return (async function* () {
    for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
  })()
}

const rows = Array.from({ length: 500 }, (_, n) => [(n % 2) * 9 + (n % 7), (n % 2) * 5 - (n % 11) / 4])
const text = `id,x,"y, in cm"\n${rows.map(([x, y], n) => `n${n},${x},${y}`).join('\n')}\n`
const columns = { x: 'number', 'y, in cm': 'number' } as const

test.each([
  [1, 7],
  [1000, 65_536],
])('a file is fitted as its rows are, in pieces of %d bytes and blocks of %d rows', async (length, blockRows) => {
  const model = gaussianMixture({ components: 2 })
  const inMemory = { groupRows: false, skipping: false } as const
  const ofRows = right(await fit(model, rows, { iterations: 5, ...inMemory })())
  const ofFile = right(
    await fit(model, table(csvBlocks(streamOf(text, length), { columns, blockRows })), { iterations: 5 })(),
  )
  expect(ofFile.objectives).toEqual(ofRows.objectives)
  expect(ofFile.components).toEqual(ofRows.components)
  expect(ofFile.rows).toBe(500)
})

test('categories and cells that are missing', async () => {
  const cells = Array.from({ length: 60 }, (_, n) => ({ size: n % 9 === 0 ? null : (n * n) % 3, many: n % 2 }))
  const file = `size;many\n${cells.map(({ size, many }) => `${['small', 'middle', 'large'][size ?? 9] ?? '-'};${many}`).join('\n')}`
  const model = latentClassMixture({ components: 2, concentration: 2, columns: { size: 3, many: 2 } })
  const read = csvBlocks(streamOf(file, 10), {
    columns: { size: { levels: ['small', 'middle', 'large'] }, many: 'count' },
    missing: ['-'],
    blockRows: 8,
  })
  const ofRows = right(await fit(model, cells, { iterations: 5, groupRows: false })())
  const ofFile = right(await fit(model, table(read) as never, { iterations: 5 })()) as typeof ofRows
  expect(ofFile.objectives).toEqual(ofRows.objectives)
})

describe('what is wrong is told with its line', () => {
  const model = gaussianMixture({ components: 2 })
  const failing = async function* () {
    yield text.slice(0, 100)
    throw new Error('the disk is gone')
  }
  test.each<readonly [string, () => AsyncIterable<string | Uint8Array>, CsvBlockOptions, RegExp]>([
    [
      'a cell',
      streamOf(text.replace('n100,2', 'n100,nine'), 50),
      { columns, blockRows: 30 },
      /line 102, column x: "nine/,
    ],
    ['a row', streamOf(text.replace('n100,', 'n100'), 50), { columns }, /line 102: 2 cells, expected 3/],
    ['a name', streamOf(text, 50), { columns: { z: 'number' } }, /column z: no column of the file, expected one of id/],
    [
      'a missing cell',
      streamOf(text.replace('n100,2', 'n100,NA'), 50),
      { columns, blockRows: 30 },
      /row 100, column x: NaN/,
    ],
    ['no line', streamOf('', 50), { columns }, /expected a line of cells/],
    ['a stream that fails', failing, { columns }, /the disk is gone/],
  ])('%s', async (_, open, options, message) => {
    const fitted = await fit(model, table(csvBlocks(open, options)))()
    if (E.isRight(fitted)) expect.fail('was fitted')
    expect(describeFitError(fitted.left)).toMatch(message)
  })
})
