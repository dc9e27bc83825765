import { describeValue } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { type Holder, holder, MISSING } from './cells.js'
import { columnOf } from './columns.js'
import { type CsvError, describeCsvError, unknownColumn, wrong } from './errors.js'
import { type CsvStream, lineReader, piecesRead } from './lines.js'
import { type CsvOptions, namesIn } from './read.js'

/** How a file is read block by block: what its columns are has to be said, since no block knows the others. */
export interface CsvBlockOptions extends Pick<CsvOptions, 'header' | 'delimiter' | 'encoding' | 'missing' | 'decimal'> {
  /** The columns that are read, by their names: numbers, counts, or the texts of categories in their order. Others are left out. */
  readonly columns: Readonly<Record<string, 'number' | 'count' | { readonly levels: ReadonlyArray<string> }>>
  /** How many rows a block has; 65,536 by default. */
  readonly blockRows?: number
}

/** Columns of some rows, by their names: NaN where a cell is missing, and categories by their place among the levels. */
export type CsvBlock = Readonly<Record<string, Float64Array>>

const BLOCK_ROWS = 65_536

/** A column that is read, and the cells of the rows that are in no block yet. */
interface Reading {
  readonly name: string
  readonly at: number
  readonly said: CsvBlockOptions['columns'][string]
  cells: Holder
}

/**
 * Reads a file of comma-separated values from its beginning whenever it is called, in blocks of columns: for `table` of
 * `@conjugate/models`, of files of any length. `open` gives the stream anew, such as `() => file.stream()` of a page or
 * `() => createReadStream(path)` of Node. Iterating throws an error whose message is what `describeCsvError` says: of the stream; of a
 * cell that is not what its column is said to be, with its line; of a name of no column.
 *
 * @example
 * table(csvBlocks(() => createReadStream('trips.csv'), { columns: { distance: 'number', fare: 'number' } }))
 */
export const csvBlocks = (
  open: () => CsvStream | Promise<CsvStream>,
  options: CsvBlockOptions,
): (() => AsyncGenerator<CsvBlock, void>) =>
  async function* () {
    const blocks: CsvBlock[] = []
    const { push, end } = blockReader(options, block => blocks.push(block))
    const reader = lineReader(options.delimiter, push)
    for await (const read of piecesRead(await open(), options.encoding ?? 'utf-8', reader)) {
      if (E.isLeft(read)) throw new Error(describeCsvError(read.left))
      yield* blocks.splice(0)
    }
    const last = end()
    if (last) throw new Error(describeCsvError(last))
    yield* blocks
  }

/** Gathers rows into blocks. */
const blockReader = (options: CsvBlockOptions, give: (block: CsvBlock) => void) => {
  const { header = true, columns, missing = MISSING, decimal = '.', blockRows = BLOCK_ROWS } = options
  const fresh = (): Holder => holder({ missing: new Set(missing), decimal }, false)
  let [width, lines]: [number, number[]] = [0, []]
  let readings: ReadonlyArray<Reading> | undefined
  const begin = (all: ReadonlyArray<string>): CsvError | undefined => {
    width = all.length
    const unknown = Object.keys(columns).find(name => !all.includes(name))
    readings = Object.entries(columns).map(([name, said]) => ({ name, at: all.indexOf(name), said, cells: fresh() }))
    return unknown === undefined ? undefined : unknownColumn(unknown, all)
  }
  const flush = (): CsvError | undefined => {
    const block: Array<readonly [string, Float64Array]> = []
    for (const reading of readings!) {
      const column = columnOf(reading.cells.held(), reading.said)
      if (E.isLeft(column)) {
        const { row, ...why } = column.left
        return wrong({ line: lines[row]!, column: reading.name, ...why })
      }
      // Blocks of one type, whatever is missing in each.
      block.push([reading.name, Float64Array.from(column.right.values as ArrayLike<number>)])
      reading.cells = fresh()
    }
    lines = []
    give(Object.fromEntries(block))
    return undefined
  }
  return {
    push: (cells: ReadonlyArray<string>, line: number): CsvError | undefined => {
      if (readings === undefined) {
        const isHeader = header === true
        const all = typeof header === 'object' ? [...header] : isHeader ? cells : cells.map(() => '')
        const names = namesIn(all, line, options.header !== undefined)
        const error = E.isLeft(names) ? names.left : begin(names.right)
        if (error || isHeader) return error
      }
      if (cells.length !== width)
        return wrong({
          line,
          expected: `${width}, one for each column`,
          received: `${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}`,
        })
      for (const { at, cells: held } of readings!) held.push(cells[at])
      lines.push(line)
      return lines.length < blockRows ? undefined : flush()
    },
    end: (): CsvError | undefined => {
      if (readings === undefined) return wrong({ expected: 'a line of cells', received: describeValue('') })
      return lines.length > 0 ? flush() : undefined
    },
  }
}
