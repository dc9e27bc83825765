import { type CsvError, type CsvOptions, type CsvTable, describeCsvError, parseCsv } from '@conjugate/csv'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { MISSING, type Reading, type Table } from '../table.js'
import { columnOf } from './columns.js'
import { type NoTable, noTable } from './error.js'
import { type Decoded, textOf } from './text.js'

/** Rows at the most: their components are fitted a dozen times, while somebody looks on. */
export const MOST_ROWS = 200_000
const MOST_COLUMNS = 200

/** What people write where a value is missing, beside what is always read so. */
const ALSO_MISSING = [
  '-',
  '--',
  '–',
  '—',
  '.',
  '*',
  '#N/A',
  '#NULL!',
  '#VALUE!',
  'na',
  'N.A.',
  'n.a.',
  'Na',
  'None',
  'missing',
  'unknown',
]

const count = (n: number): string => n.toLocaleString('en')

/** Characters and lines from which it is recognised how a file was written. */
const [LOOKED_AT, LINES] = [20_000, 50]

/** The first lines of a text, whole ones. */
const firstLines = (text: string): string => {
  const lines = text.slice(0, LOOKED_AT).split(/\r\n|\n|\r/)
  return lines
    .slice(0, text.length > LOOKED_AT && lines.length > 1 ? Math.min(LINES, lines.length - 1) : LINES)
    .join('\n')
}

const HAS_COMMAS = /(?:^|[;\t|])"?[+-]?\d+,\d+"?(?=[;\t|\n]|$)/m
const HAS_POINTS = /(?:^|[;\t|])"?[+-]?\d+\.\d+"?(?=[;\t|\n]|$)/m
const NUMERAL = /^[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:e[+-]?\d+)?$/i

/** How a file seems to have been written. */
const readingOf = ({ text, encoding }: Decoded, header: boolean | undefined): Reading => {
  const start = firstLines(text)
  const separatesOtherwise = /[;\t|]/.test(start.split('\n', 1)[0]!)
  const decimal = separatesOtherwise && HAS_COMMAS.test(start) && !HAS_POINTS.test(start) ? ',' : '.'
  const [first, ...others] = start.split('\n')
  return { encoding, header: header ?? hasNames(first!, others.join('\n')), decimal, missing: [] }
}

/** Which columns of lines without names are numbers, or have no cell that is there; nothing where they are no table. */
const areNumbers = (lines: string): ReadonlyArray<boolean | undefined> => {
  const table = parseCsv(lines, { header: false })
  if (E.isLeft(table)) return []
  const { rows, columns } = table.right
  return Object.values(columns).map(column => (column.missing === rows ? undefined : isNumeric(column)))
}

/** Whether a line has names: none of them is a number, or one is none above a column of numbers. */
const hasNames = (line: string, others: string): boolean => {
  const [first, below] = [areNumbers(line), areNumbers(others)]
  return !first.some(Boolean) || below.some((isNumber, i) => isNumber && first[i] === false)
}

const isNumeric = (column: CsvTable['columns'][string]): boolean =>
  column.kind === 'category' ? column.levels.every(level => NUMERAL.test(level)) : column.kind !== 'text'

const optionsOf = ({ header, decimal, missing }: Reading): CsvOptions => ({
  header,
  decimal,
  ...(missing.length > 0 && { missing: [...MISSING, ...missing] }),
})

const RAGGED =
  'Give every line as many cells: a cell that is missing is empty, and a text that holds the separator stands in quotes.'

const adviceOf = ({ expected, column }: CsvError): string => {
  if (/quote/.test(expected)) return 'Close the quote, or leave it out.'
  if (/each name once/.test(expected)) return 'Give every column a name of its own in the first line.'
  if (/one for each/.test(expected)) return RAGGED
  if (column !== undefined) return 'Write a number there, or leave the cell empty where it is not known.'
  return 'Open a CSV file with a line for each row.'
}

/** What a cell is expected to be, without how a program would say otherwise. */
const withoutOptions = (error: CsvError): CsvError => ({ ...error, expected: error.expected.replace(/; `.*$/, '') })

const because = (name: string, error: CsvError): NoTable =>
  noTable(`${name} cannot be read: ${describeCsvError(withoutOptions(error))}.`, adviceOf(error))

interface Parsed {
  readonly table: CsvTable
  readonly reading: Reading
}

/** Reads, and where a text stands for a missing cell among numbers, reads again. */
const parse = (text: string, reading: Reading): E.Either<CsvError, Parsed> => {
  const table = parseCsv(text, optionsOf(reading))
  if (E.isRight(table)) return E.right({ table: table.right, reading })
  const { column, received } = table.left
  const said = column === undefined ? undefined : ALSO_MISSING.find(missing => received === JSON.stringify(missing))
  return said === undefined || reading.missing.includes(said)
    ? table
    : parse(text, { ...reading, missing: [...reading.missing, said] })
}

const notesOf = ({ reading: { header, decimal, missing } }: Parsed): ReadonlyArray<string> => [
  ...(header ? [] : ['The first line has numbers, so it was read as a row, and columns are called by their places.']),
  ...(decimal === ',' ? ['Numbers were read with a comma before their fraction.'] : []),
  ...(missing.length > 0 ? [`Cells of ${missing.map(text => `“${text}”`).join(', ')} were read as missing.`] : []),
]

/** Whether it is a table that something can be learnt from. */
const checked = (name: string, { table: { rows, columns } }: Parsed): E.Either<NoTable, void> => {
  const names = Object.keys(columns)
  if (rows === 0)
    return E.left(noTable(`${name} has a line of names, but no rows.`, 'Open a CSV file with a line for each row.'))
  if (names.length === 1 && columns[names[0]!]!.kind === 'text')
    return E.left(
      noTable(
        `${name} has one column of texts, “${names[0]!.slice(0, 60)}”.`,
        'A table has cells that commas, semicolons, tabulators or vertical bars separate; open one that has.',
      ),
    )
  if (rows > MOST_ROWS)
    return E.left(
      noTable(
        `${name} has ${count(rows)} rows, and the page takes up to ${count(MOST_ROWS)}.`,
        'Open some of them, drawn at random; the packages take all of them in Node.',
      ),
    )
  if (names.length > MOST_COLUMNS)
    return E.left(
      noTable(
        `${name} has ${count(names.length)} columns, and the page takes up to ${MOST_COLUMNS}.`,
        'Open those that matter; is it a matrix, or are rows and columns the wrong way round?',
      ),
    )
  if (rows < 4)
    return E.left(
      noTable(
        `${name} has ${rows} ${rows === 1 ? 'row' : 'rows'}.`,
        'Open a table of at least four, to tell components apart.',
      ),
    )
  if (Object.values(columns).every(({ missing }) => missing === rows))
    return E.left(noTable(`${name} has no cell that is there.`, 'Open a table with values.'))
  return E.right(undefined)
}

/**
 * Reads a file as a table, whatever separates its cells. Its first line has the names of its columns, unless it has numbers or
 * somebody says otherwise. Errors: it is no text, no table, or one that is too large.
 */
export const readTable = (name: string, bytes: Uint8Array, header?: boolean): E.Either<NoTable, Table> =>
  pipe(
    textOf(name, bytes),
    E.bindTo('decoded'),
    E.bind('parsed', ({ decoded }) =>
      pipe(
        parse(decoded.text, readingOf(decoded, header)),
        E.mapLeft(error => because(name, error)),
      ),
    ),
    E.chainFirst(({ parsed }) => checked(name, parsed)),
    E.map(({ decoded, parsed }) => ({
      name,
      rows: parsed.table.rows,
      columns: Object.entries(parsed.table.columns).map(([column, cells]) => columnOf(column, cells)),
      reading: parsed.reading,
      notes: [...decoded.notes, ...notesOf(parsed)],
    })),
  )
