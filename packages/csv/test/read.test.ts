import {
  type Column,
  type CsvOptions,
  type CsvStream,
  dataOf,
  describeCsvError,
  parseCsv,
  readCsv,
} from '@conjugate/csv'
import { right } from '@conjugate/testing'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

const columnsOf = (text: string, options?: CsvOptions): Readonly<Record<string, Column>> =>
  right(parseCsv(text, options)).columns

const errorOf = (read: E.Either<Parameters<typeof describeCsvError>[0], unknown>): string =>
  E.isLeft(read) ? describeCsvError(read.left) : 'a table'

describe('a column is what its cells are', () => {
  const cases: ReadonlyArray<readonly [string, string, CsvOptions | undefined, Partial<Column>]> = [
    [
      'numbers',
      'x\n1.5\n-2e3\n.5',
      undefined,
      { kind: 'number', values: Float64Array.of(1.5, -2000, 0.5), missing: 0 },
    ],
    [
      'numbers with gaps',
      'x,y\n1.5,0\nNA,0\n?,0',
      undefined,
      { kind: 'number', values: Float64Array.of(1.5, NaN, NaN), missing: 2 },
    ],
    ['counts', 'x\n0\n7\n12', undefined, { kind: 'count', values: Float64Array.of(0, 7, 12), missing: 0 }],
    ['whole numbers, one negative', 'x\n0\n-7\n12', undefined, { kind: 'number', values: Float64Array.of(0, -7, 12) }],
    [
      'two whole numbers',
      'x\n10\n2\n10',
      undefined,
      { kind: 'category', values: Uint8Array.of(1, 0, 1), levels: ['2', '10'] },
    ],
    [
      'texts that come again',
      'x\nyes\nno\nyes',
      undefined,
      { kind: 'category', values: Uint8Array.of(1, 0, 1), levels: ['no', 'yes'] },
    ],
    [
      'texts with a gap',
      'x,y\nyes,0\n,0\nyes,0',
      undefined,
      { kind: 'category', values: Float64Array.of(0, NaN, 0), levels: ['yes'] },
    ],
    ['texts, each once', 'x\nAda\nBob\nEve', undefined, { kind: 'text', values: ['Ada', 'Bob', 'Eve'] }],
    ['codes', 'x\n01234\n90210\n01234', undefined, { kind: 'category', levels: ['01234', '90210'] }],
    ['more texts than categories', 'x\na\nb\na\nc', { mostLevels: 2 }, { kind: 'text', values: ['a', 'b', 'a', 'c'] }],
    ['nothing', 'x,y\n,1\n,2', undefined, { kind: 'text', values: [null, null], missing: 2 }],
    ['decimal commas', 'x;y\n1,5;0\n2;0', { decimal: ',' }, { kind: 'number', values: Float64Array.of(1.5, 2) }],
    [
      'counts that are said to be categories',
      'x\n3\n1\n2',
      { columns: { x: 'category' } },
      { kind: 'category', values: Uint8Array.of(2, 0, 1), levels: ['1', '2', '3'] },
    ],
    [
      'categories in an order',
      'x\nlow\nhigh\nlow',
      { columns: { x: { levels: ['low', 'mid', 'high'] } } },
      { kind: 'category', values: Uint8Array.of(0, 2, 0), levels: ['low', 'mid', 'high'] },
    ],
    [
      'two whole numbers that are said to be counts',
      'x\n0\n1\n0',
      { columns: { x: 'count' } },
      { kind: 'count', values: Float64Array.of(0, 1, 0) },
    ],
    [
      'texts that say that a cell is missing',
      'x\n-9\n2\n5',
      { missing: ['-9'] },
      { kind: 'count', values: Float64Array.of(NaN, 2, 5), missing: 1 },
    ],
    [
      'versions, which are no numbers',
      'x\n1.10\n1.1\n1.10',
      { columns: { x: 'category' } },
      { kind: 'category', levels: ['1.1', '1.10'] },
    ],
  ]
  test.each(cases)('%s', (_, text, options, expected) => {
    expect(columnsOf(text, options)['x']).toMatchObject(expected)
  })

  test('a column of more numbers than texts are held of', () => {
    const numbers = Array.from({ length: 5000 }, (_, n) => Math.fround(Math.sin(n)) * 10 ** ((n % 41) - 20))
    const column = columnsOf(`x\n${numbers.join('\n')}`)['x']
    expect(column).toEqual({ kind: 'number', values: Float64Array.from(numbers), missing: 0 })
  })
})

describe('what files look like', () => {
  const plain = 'name,x\nAda,1\nBob,2\nAda,3\n'
  const expected = columnsOf(plain)
  test.each([
    ['a semicolon', plain.replaceAll(',', ';')],
    ['a tabulator', plain.replaceAll(',', '\t')],
    ['lines as Windows ends them', plain.replaceAll('\n', '\r\n')],
    ['lines as they once were', plain.replaceAll('\n', '\r')],
    ['no end of the last line', plain.trimEnd()],
    ['quotes', plain.replaceAll(/\w+/g, '"$&"')],
    ['a mark of bytes', `\ufeff${plain}`],
    ['empty lines', plain.replaceAll('\n', '\n\n  \n')],
    ['spaces', plain.replaceAll(',', ' , ')],
  ])('%s', (_, text) => expect(columnsOf(text)).toEqual(expected))

  test('a cell may hold what separates cells, lines and quotes', () => {
    const table = right(parseCsv('a,b\n"x, ""y""\nz",1\nw,2'))
    expect(table.columns['a']!.values).toEqual(['x, "y"\nz', 'w'])
  })

  test('no names, or names that are given', () => {
    expect(Object.keys(columnsOf('1,2\n3,4', { header: false }))).toEqual(['column 1', 'column 2'])
    expect(columnsOf('1,2\n3,4\n5,6', { header: ['a', '__proto__'] })['a']!.values).toEqual(Float64Array.of(1, 3, 5))
    expect(Object.keys(columnsOf('1,2\n3,4', { header: ['a', '__proto__'] }))).toEqual(['a', '__proto__'])
  })
})

describe('errors name line and column', () => {
  const ages = Array.from({ length: 12 }, (_, n) => 30 + n)
  const cases: ReadonlyArray<readonly [string, CsvOptions | undefined, string]> = [
    ['', undefined, 'the file: nothing, expected a line of cells'],
    ['a,b\n1,2\n3', undefined, 'line 3: 1 cell, expected 2, one for each of the columns a, b'],
    ['a,b\n"1\n\n",2\n3,4,5', undefined, 'line 5: 3 cells, expected 2, one for each of the columns a, b'],
    ['a,a\n1,2', undefined, 'line 1, column a: a second column of this name, expected each name once'],
    [
      '1,2\n3,4',
      undefined,
      'line 1: "1", expected names of columns; `header: false` says that there are none, `header: true` that these are',
    ],
    ['a\n1\n2.5', { columns: { a: 'count' } }, 'line 3, column a: "2.5", expected a count (0, 1, 2, ...)'],
    ['a\n1\n-1', { columns: { a: 'count' } }, 'line 3, column a: "-1", expected a count (0, 1, 2, ...)'],
    ['a\nx\n\n1', { columns: { a: 'number' } }, 'line 2, column a: "x", expected a number'],
    [
      'a\nlow\nmid',
      { columns: { a: { levels: ['low', 'high'] } } },
      'line 3, column a: "mid", expected one of "low", "high"',
    ],
    ['a\n1', { columns: { b: 'count' } }, 'column b: no column of the file, expected one of a'],
    [
      'a\n"x\ny',
      undefined,
      'line 2: "x\\ny", expected a quote at the end of a cell that begins with one, and two for one inside of it',
    ],
    [
      `age\n${ages.join('\n')}\n4o`,
      undefined,
      'line 14, column age: "4o", expected a count (0, 1, 2, ...), as 12 of 13 cells are; `missing` says that such a cell is missing, and `columns: { age: \'category\' }` that the column has no numbers',
    ],
  ]
  test.each(cases)('%j %j', (text, options, expected) => expect(errorOf(parseCsv(text, options))).toBe(expected))

  test('a file whose columns are then said to be something else', () => {
    const table = right(parseCsv('x,y\n1,a\n2,b\n3,a'))
    expect(right(table.as('x', 'category')).columns['x']).toMatchObject({ kind: 'category', levels: ['1', '2', '3'] })
    expect(right(right(table.as('x', 'category')).as('y', 'text')).columns).toMatchObject({
      x: { kind: 'category' },
      y: { kind: 'text' },
    })
    expect(errorOf(table.as('y', 'number'))).toBe('line 2, column y: "a", expected a number')
    expect(errorOf(table.as('z', 'number'))).toBe('column z: no column of the file, expected one of x, y')
  })

  test('what is no data', () => {
    const table = right(parseCsv('name,x\nAda,1\nBob,2\nEve,3'))
    expect(right(dataOf(table))).toEqual({ x: Float64Array.of(1, 2, 3) })
    expect(errorOf(dataOf(table, ['x', 'name']))).toBe('column name: texts, expected numbers, counts or categories')
    expect(errorOf(dataOf(table, ['y']))).toBe('column y: no column of the file, expected one of name, x')
  })
})

describe('a stream is read as a text is', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
  const pieces = (all: Uint8Array, size: number): Uint8Array[] =>
    Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.subarray(i * size, (i + 1) * size))

  const streams: ReadonlyArray<readonly [string, (all: Uint8Array[]) => CsvStream]> = [
    [
      'an async iterable',
      async function* (all) {
        yield* all
      },
    ],
    ['a stream of the web', all => new Response(new Blob(all as BlobPart[])).body!],
    [
      'one that cannot be iterated over',
      all => {
        const stream = new Blob(all as BlobPart[]).stream()
        return { getReader: () => stream.getReader() } as unknown as CsvStream
      },
    ],
  ]
  const text = 'name,x\n"Ä, ""y""\r\n",1\r\nö,2\r\n'
  test.each(streams)('%s', async (_, streamOf) => {
    for (const size of [1, 2, 3, 7, 1000])
      expect(right(await readCsv(streamOf(pieces(bytes(text), size)))()).columns).toEqual(columnsOf(text))
  })

  test('whatever its cells are and wherever it is cut', async () => {
    const cell = fc.stringMatching(/^[a-b0-9 ,;"\n\r.é-]{0,6}$/)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell), { maxLength: 6 }),
        fc.integer({ min: 1, max: 9 }),
        async (rows, size) => {
          const quoted = rows.map(row => row.map(one => `"${one.replaceAll('"', '""')}"`).join())
          const file = ['a,b', ...quoted].join('\n')
          const options: CsvOptions = { columns: { a: 'text', b: 'text' }, missing: [], delimiter: ',' }
          const read = right(await readCsv(streams[0]![1](pieces(bytes(file), size)), options)())
          expect(read.columns['a']!.values).toEqual(rows.map(([a]) => a.trim()))
          expect(read.columns['b']!.values).toEqual(rows.map(([, b]) => b.trim()))
        },
      ),
    )
  })

  test('a long file, whose pieces are many', async () => {
    const long = `x,g\n${Array.from({ length: 150_000 }, (_, n) => `${n / 8},"g${n % 3}"`).join('\n')}`
    const { rows, columns } = right(await readCsv(streams[0]![1](pieces(bytes(long), 2 ** 16)))())
    expect(rows).toBe(150_000)
    expect(columns['x']!.values.findIndex((x, n) => x !== n / 8)).toBe(-1)
    expect(columns['g']!.values.findIndex((g, n) => g !== n % 3)).toBe(-1)
  })

  test('errors: one that fails, one of other bytes, one of nothing that is text', async () => {
    const failing = async function* () {
      yield 'a,b\n'
      throw new Error('the disk is gone')
    }
    const message = async (stream: unknown, options?: CsvOptions) =>
      errorOf(await readCsv(stream as CsvStream, options)())
    const expected = 'expected a stream of texts, or of bytes in its encoding, that can be read to its end'
    expect(await message(failing())).toBe(`the file: "the disk is gone", ${expected}`)
    expect(await message(streams[0]![1]([Uint8Array.of(0x61, 0xe4, 0x0a)]))).toMatch(/encod/)
    expect(await message(streams[0]![1]([Uint8Array.of(0x61, 0xe4, 0x0a)]), { encoding: 'latin1' })).toBe('a table')
    expect(await message(streams[0]![1]([3 as never]))).toBe(`the file: 3, ${expected}`)
    expect(await message(undefined)).toMatch(expected)
  })
})
