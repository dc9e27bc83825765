import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { describeNoTable } from '../../src/tables/read/error.js'
import { MOST_ROWS, readTable } from '../../src/tables/read/read.js'
import { cellText } from '../../src/tables/table.js'
import { packaged, tableOf } from './support.js'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const ROWS = '1,2\n2,1\n3,5\n4,2\n'

describe('what is no table says what it is, where, and what to do', () => {
  const long = `a,b\n${ROWS.repeat(1 + MOST_ROWS / 4)}`
  test.each<[string, Uint8Array | string, RegExp]>([
    ['nothing', '', /^x\.csv is empty\. Open a CSV file/],
    ['blanks', ' \n\n ', /nothing but blanks/],
    [
      'a picture',
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10),
      /a picture \(PNG\), not a text\. Pictures are for Photos/,
    ],
    ['a workbook', Uint8Array.of(0x50, 0x4b, 3, 4, 20), /a workbook.*Save the table as CSV/],
    ['bytes', Uint8Array.of(1, 2, 0, 4, 5), /a file of bytes/],
    ['JSON', '[{ "a": 1 }]', /JSON, not a table/],
    ['a page', '<!doctype html><p>', /a web page/],
    ['a line of names', 'a,b\n', /a line of names, but no rows/],
    ['two rows', 'a,b\n1,2\n3,4\n', /has 2 rows\. Open a table of at least four/],
    [
      'one column of texts',
      'say\nthis is\nno table\nat all\nreally\n',
      /one column of texts, “say”\. A table has cells that commas/,
    ],
    [
      'a short row',
      'a,b\n1,2\n3\n4,5\n6,7\n',
      /line 3: 1 cell, expected 2, one for each.*Give every line as many cells/,
    ],
    ['a long row', `a,b\n${ROWS}7,8,9\n`, /line 6: 3 cells, expected 2/],
    ['an open quote', 'a,b\n1,"2\n3,4\n5,6\n7,8', /line 2: .*a quote at the end.*Close the quote/s],
    ['names twice', `a,a\n${ROWS}`, /line 1, column a: a second column of this name.*a name of its own/],
    [
      'a text among numbers',
      `a,b\n${ROWS.repeat(5)}oops,3\n`,
      /line 22, column a: "oops", expected a count \(0, 1, 2, ...\), as 20 of 21 cells are\. Write a number there/,
    ],
    ['too many rows', long, /has 200,004 rows, and the page takes up to 200,000\. Open some of them/],
    [
      'too many columns',
      `${Array.from({ length: 201 }, (_, i) => `c${i}`).join()}\n${`${new Array(201).fill(1).join()}\n`.repeat(4)}`,
      /has 201 columns/,
    ],
    ['no cell', 'a,b\n,\nNA,NA\n,\n,\n', /no cell that is there/],
  ])('%s', (_, content, message) => {
    const read = readTable('x.csv', typeof content === 'string' ? bytesOf(content) : content)
    expect(E.isLeft(read) && describeNoTable(read.left)).toMatch(message)
    expect(E.isLeft(read) && describeNoTable(read.left).length).toBeLessThan(400)
  })
})

describe('files are read however they were written', () => {
  const expected = [
    [1.5, 2],
    [2.5, 1],
    [-3, 5],
    [4, 2],
  ]
  const plain = 'a,b\n1.5,2\n2.5,1\n-3,5\n4,2\n'
  const utf16 = (text: string): Uint8Array => {
    const bytes = new Uint8Array(2 + 2 * text.length)
    bytes.set([0xff, 0xfe])
    for (let i = 0; i < text.length; i++) bytes[2 + 2 * i] = text.charCodeAt(i)
    return bytes
  }
  test.each<[string, Uint8Array | string]>([
    ['with commas', plain],
    ['with semicolons', plain.replaceAll(',', ';')],
    ['with tabulators', plain.replaceAll(',', '\t')],
    ['with bars', plain.replaceAll(',', '|')],
    ['with decimal commas', plain.replaceAll(',', ';').replaceAll('.', ',')],
    ['with lines of Windows', plain.replaceAll('\n', '\r\n')],
    ['with a mark of bytes', `\ufeff${plain}`],
    ['in UTF-16', utf16(plain)],
    ['with quotes', plain.replaceAll(/[^,\n]+/g, '"$&"')],
    ['with empty lines at the end', `${plain}\n\n`],
  ])('%s', (_, content) => {
    const { rows, columns } = tableOf('x.csv', content)
    expect(columns.map(({ name, kind }) => [name, kind])).toEqual([
      ['a', 'number'],
      ['b', 'count'],
    ])
    expect(Array.from({ length: rows }, (_, n) => columns.map(({ numbers }) => numbers![n]))).toEqual(expected)
  })

  test('a first line of numbers is a row, unless somebody knows better', () => {
    const { rows, columns, notes } = tableOf('x.csv', '1990,2.5\n3,4\n5,6\n7,8\n9,1\n')
    expect([rows, columns.map(({ name }) => name)]).toEqual([5, ['column 1', 'column 2']])
    expect(notes.join()).toMatch(/first line has numbers/)
    const other = readTable('x.csv', bytesOf('1990,2.5\n3,4\n5,6\n7,8\n9,1\n'), true)
    expect(E.isRight(other) && [other.right.rows, other.right.columns.length]).toEqual([4, 2])
  })

  test('names are names where the rows below them are others, numbers among them or not', () => {
    const { rows, columns } = tableOf('x.csv', 'size,2019\n1.5,2\n2.5,1\n3.5,5\n4.5,2\n')
    expect([rows, columns.map(({ name }) => name).sort()]).toEqual([4, ['2019', 'size']])
    // A cell that is missing is no name.
    expect(tableOf('x.csv', ',2019\n1.5,2\n2.5,1\n3.5,5\n4.5,2\n').rows).toBe(5)
  })

  test('what stands for missing cells among numbers is missing, which is told', () => {
    const { columns, notes } = tableOf('x.csv', `a,b\n${ROWS.repeat(5)}-,3\n`)
    expect([columns[0]!.kind, columns[0]!.missing]).toEqual(['count', 1])
    expect(notes.join()).toMatch(/“-” were read as missing/)
  })

  test('line breaks in quotes are part of a cell', () => {
    const { columns } = tableOf('x.csv', 'a,b\n"x\ny",1\n"x\ny",2\nz,3\nz,5\n')
    expect(columns[0]!.levels).toEqual(['x\ny', 'z'])
  })

  test('other bytes than UTF-8 are read as those of Windows, which is told', () => {
    const { columns, notes } = tableOf(
      'x.csv',
      Uint8Array.from('a,b\ncaf\xe9,1\ncaf\xe9,2\nthe,3\nthe,4\n', c => c.charCodeAt(0)),
    )
    expect(columns[0]!.levels).toEqual(['café', 'the'])
    expect(notes.join()).toMatch(/Windows-1252/)
  })
})

describe('columns are recognised', () => {
  test('of penguins: names of islands, numbers of grams, missing cells', () => {
    const { columns, rows } = tableOf('penguins.csv', packaged('penguins.csv'))
    expect(rows).toBe(344)
    expect(columns.map(({ name, kind, missing }) => [name, kind, missing])).toEqual([
      ['species', 'category', 0],
      ['island', 'category', 0],
      ['bill_length_mm', 'number', 2],
      ['bill_depth_mm', 'number', 2],
      ['flipper_length_mm', 'number', 2],
      ['body_mass_g', 'number', 2],
      ['sex', 'category', 11],
      ['year', 'number', 0],
    ])
    expect(columns.map(column => cellText(column, 3))).toEqual([
      'Adelie',
      'Torgersen',
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      '2007',
    ])
  })

  const column = (cells: ReadonlyArray<string>) =>
    tableOf('x.csv', `it,other\n${cells.map((c, n) => `${c},${(n * 7) % 5}.5`).join('\n')}\n`).columns[0]!
  const many = (cell: (n: number) => string) => Array.from({ length: 60 }, (_, n) => cell(n))
  test.each([
    ['counts', many(n => String((n * n) % 7)), 'count', ['number', 'count', 'category'], undefined],
    ['years', many(n => String(1990 + (n % 20))), 'number', ['number', 'count', 'category'], undefined],
    ['yes and no', many(n => (n % 3 ? 'yes' : 'no')), 'category', ['category'], undefined],
    ['0 and 1', many(n => String(n % 2)), 'category', ['number', 'count', 'category'], undefined],
    ['names', many(n => `name ${n}`), 'text', [], /names/],
    ['one value', many(() => '3'), 'number', ['number', 'count'], /the same in all rows/],
    ['one value or none', many(n => (n % 2 ? 'x' : '')), 'category', [], /wherever it is there/],
    ['nothing', many(() => ''), 'text', [], /no cell is there/],
    ['the number of the row', many(n => String(n + 1)), 'count', ['number', 'count'], /numbers the rows/],
  ] as const)('%s', (_, cells, kind, kinds, leftOut) => {
    const found = column(cells)
    expect([found.kind, found.kinds]).toEqual([kind, kinds])
    if (leftOut) expect(found.leftOut).toMatch(leftOut)
    else expect(found.leftOut).toBeUndefined()
  })
})
