import { describeValue } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type HeldCells, type Holder, holder, MISSING, numeral } from './cells.js'
import { type Column, columnOf, type KindSaid } from './columns.js'
import { type CsvError, listed, unknownColumn, wrong } from './errors.js'
import { type CsvStream, type LineReader, lineReader, readStream, readText } from './lines.js'
import { kindOf, MOST_LEVELS, type RecogniseOptions } from './recognise.js'

/** How a file is read. */
export interface CsvOptions extends RecogniseOptions {
  /** What columns are, by their names, where that is not for the cells to say. */
  readonly columns?: Readonly<Record<string, KindSaid>>
  /** Whether the first line has the names of the columns, which it has by default; or the names, where it has not. */
  readonly header?: boolean | ReadonlyArray<string>
  /** The sign between cells: `,`, `;`, `|` or a tabulator by default, whichever the first lines have. */
  readonly delimiter?: string
  /** Of bytes: `utf-8` by default, or what else a `TextDecoder` knows. */
  readonly encoding?: string
}

/** A file that has been read. */
export interface CsvTable {
  /** N, the number of rows. */
  readonly rows: number
  /** The columns by their names, in the order of the file. */
  readonly columns: Readonly<Record<string, Column>>
  /** The same with one column as something else. Errors: the first cell that is not; a name of no column. */
  readonly as: (column: string, kind: KindSaid) => E.Either<CsvError, CsvTable>
}

/** The columns of a file while it is read. */
interface Held {
  readonly names: ReadonlyArray<string>
  readonly cells: ReadonlyArray<HeldCells>
  /** The line at which a row begins. */
  readonly lines: ReadonlyArray<number>
}

const NO_HEADER = 'names of columns; `header: false` says that there are none, `header: true` that these are'

/** The names of columns; those without one are named by their place, from 1 on. Errors: one that comes twice, or is a number. */
export const namesIn = (cells: ReadonlyArray<string>, line: number, isSaid: boolean): E.Either<CsvError, string[]> => {
  const names = cells.map((cell, i) => cell.trim() || `column ${i + 1}`)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined)
    return E.left(wrong({ line, column: twice, expected: 'each name once', received: 'a second column of this name' }))
  const number = isSaid ? undefined : names.find(name => !Number.isNaN(numeral(name)))
  return number === undefined
    ? E.right(names)
    : E.left(wrong({ line, expected: NO_HEADER, received: describeValue(number) }))
}

/** Reads the lines of a file into the cells of its columns, which `held` gives at the end. */
const columnReader = (
  options: CsvOptions,
): { readonly reader: LineReader; readonly held: () => E.Either<CsvError, Held> } => {
  const { header = true, columns = {}, delimiter, missing = MISSING, decimal = '.' } = options
  const reading = { missing: new Set(missing), decimal }
  const lines: number[] = []
  let names: ReadonlyArray<string> = []
  let holders: ReadonlyArray<Holder> | undefined
  const open = (all: ReadonlyArray<string>): CsvError | undefined => {
    names = all
    holders = names.map(name => {
      const said = Object.hasOwn(columns, name) ? columns[name] : undefined
      return holder(reading, said !== undefined && said !== 'number' && said !== 'count')
    })
    const unknown = Object.keys(columns).find(name => !names.includes(name))
    return unknown === undefined ? undefined : unknownColumn(unknown, names)
  }
  const reader = lineReader(delimiter, (cells, line) => {
    if (holders === undefined) {
      const isHeader = header === true
      const all = typeof header === 'object' ? [...header] : isHeader ? cells : cells.map(() => '')
      const found = namesIn(all, line, options.header !== undefined)
      if (E.isLeft(found)) return found.left
      const error = open(found.right)
      if (error || isHeader) return error
    }
    const { length } = names
    if (cells.length !== length)
      return wrong({
        line,
        expected: `${length}, one for each of the columns ${listed(names)}`,
        received: `${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}`,
      })
    for (let i = 0; i < length; i++) holders![i]!.push(cells[i])
    lines.push(line)
    return undefined
  })
  return {
    reader,
    held: () =>
      holders === undefined
        ? E.left(wrong({ expected: 'a line of cells', received: 'nothing' }))
        : E.right({ names, cells: holders.map(({ held }) => held()), lines }),
  }
}

/** What is said where a column is numbers but for some cells, which are mistakes or not. */
const hintOf = (column: string, cells: number, present: number): string =>
  `, as ${present - cells} of ${present} cells are; \`missing\` says that such a cell is missing, and ` +
  `\`columns: { ${/^\w+$/.test(column) ? column : JSON.stringify(column)}: 'category' }\` that the column has no numbers`

/** The columns as what they are, or are said to be. */
const tableOf = (
  held: Held,
  said: Readonly<Record<string, KindSaid>>,
  mostLevels: number,
): E.Either<CsvError, CsvTable> => {
  const { names, lines } = held
  const columns: Array<readonly [string, Column]> = []
  for (const [i, name] of names.entries()) {
    const cells = held.cells[i]!
    const read = (): ReturnType<typeof columnOf> => {
      if (Object.hasOwn(said, name)) return columnOf(cells, said[name]!)
      const { kind, missing, levels, odd } = kindOf(cells, mostLevels)
      const hint = odd === undefined ? '' : hintOf(name, odd.cells, cells.length - missing)
      return columnOf(cells, kind === 'category' ? { levels } : kind, hint)
    }
    const column = read()
    if (E.isLeft(column)) {
      const { row, ...why } = column.left
      return E.left(wrong({ line: lines[row]!, column: name, ...why }))
    }
    columns.push([name, column.right])
  }
  return E.right({
    rows: lines.length,
    columns: Object.fromEntries(columns),
    as: (column, kind) =>
      names.includes(column)
        ? tableOf(held, { ...said, [column]: kind }, mostLevels)
        : E.left(unknownColumn(column, names)),
  })
}

const tableFrom = (held: E.Either<CsvError, Held>, { columns = {}, mostLevels = MOST_LEVELS }: CsvOptions) =>
  pipe(
    held,
    E.chain(all => tableOf(all, columns, mostLevels)),
  )

/**
 * Reads a text of comma-separated values as columns of numbers, counts, categories and texts, which it recognises as `recognise`
 * does. Lines without cells are left out.
 *
 * Errors: rows of another number of cells than the first; quotes that nothing closes; names that come twice, or are numbers; a cell
 * that is not what its column is said to be, or nearly always is. They name line and column.
 */
export const parseCsv = (text: string, options: CsvOptions = {}): E.Either<CsvError, CsvTable> => {
  const { reader, held } = columnReader(options)
  const error = readText(text, reader)
  return error ? E.left(error) : tableFrom(held(), options)
}

/**
 * Reads a stream as `parseCsv` reads a text, piece by piece: the body of a response, a file's `stream()`, `createReadStream` of
 * Node, or whatever gives texts or bytes in turn. Errors: those of `parseCsv`; a stream that fails; bytes that are not in its encoding.
 */
export const readCsv =
  (stream: CsvStream, options: CsvOptions = {}): TaskEither<CsvError, CsvTable> =>
  async () => {
    const { reader, held } = columnReader(options)
    const read = await readStream(stream, options.encoding ?? 'utf-8', reader)
    return E.isLeft(read) ? read : tableFrom(held(), options)
  }

/** Columns of numbers by name, as `fit` takes them; `Name` is those that were asked for. */
export type CsvData<Name extends string = string> = Readonly<
  Record<Name, Float64Array | Uint32Array | Uint16Array | Uint8Array>
>

/**
 * The cells of columns as `fit` and whatever else takes observations take them: of those named, which the compiler then knows, or of all
 * but texts. Errors: a column of texts; a name of no column.
 *
 * @example
 * pipe(parseCsv(text), E.chain(table => dataOf(table, ['smokes', 'visits'])))
 */
export const dataOf = <Name extends string = string>(
  { columns }: CsvTable,
  names?: ReadonlyArray<Name>,
): E.Either<CsvError, CsvData<Name>> => {
  const data: Array<readonly [string, CsvData[string]]> = []
  for (const name of names ?? Object.keys(columns)) {
    const column = Object.hasOwn(columns, name) ? columns[name]! : undefined
    if (column === undefined) return E.left(unknownColumn(name, Object.keys(columns)))
    if (column.kind !== 'text') data.push([name, column.values])
    else if (names !== undefined)
      return E.left(wrong({ column: name, expected: 'numbers, counts or categories', received: 'texts' }))
  }
  return E.right(Object.fromEntries(data) as CsvData<Name>)
}
