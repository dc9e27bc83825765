import type { CellFamily, Support } from '@conjugate/distributions'
import { columnCentres, tabulate, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { FitError } from '../../errors.js'
import type { Cells, Observations } from '../../observations/cells.js'
import { impossibleObservation } from '../../observations/observations.js'
import { type Row, readTable } from '../../observations/tables.js'
import type { CellPair, SourceRows } from './form.js'
import {
  type Filled,
  lengthOf,
  saturated,
  statisticWriter,
  type Target,
  targetOf,
  type Writer,
  writeRows,
} from './statistic-rows.js'

/** A table that has been read, with its columns by name. */
export interface ReadTable extends Observations<Row> {
  readonly cells: ReadonlyMap<string, Cells>
}

/** Reads the columns of a table. Errors: see `readTable`. */
export const readColumns = (support: Support | undefined, source: unknown): E.Either<FitError, ReadTable> => {
  const table = support as Extract<Support, { readonly _tag: 'Table' }>
  return pipe(
    readTable(table, source),
    E.map(found => ({
      ...found,
      cells: new Map(Object.keys(table.columns).map((name, i) => [name, found.columns[i]!] as const)),
    })),
  )
}

/** A place near most of the cells of each column that are there and count; 0 in columns that have no location. */
export const centreOfTable = (
  columns: ReadonlyArray<readonly [name: string, pair: CellPair]>,
  { rows, cells }: ReadTable,
  weights: Vector | undefined,
): Row =>
  Object.fromEntries(
    columns.map(([name, { translation, block }]): readonly [string, unknown] => {
      const { values, size, hasGaps } = cells.get(name)!
      if (translation === undefined || rows === 0) return [name, block === undefined ? 0 : new Float64Array(block)]
      const counts = hasGaps ? tabulate(rows, n => (Number.isNaN(values[n * size]) ? 0 : (weights?.[n] ?? 1))) : weights
      return [
        name,
        block === undefined
          ? translation.centre(values, counts)
          : columnCentres({ rows, columns: size, data: values }, counts),
      ]
    }),
  )

/** Where the deviations of a column go, which are told from a centre, and the 1 that says that a cell is there. */
interface DeviationPlace {
  readonly target: Target
  readonly first: number
  readonly presence: number
}

/** Writes the deviations of cells from a centre, NaN where a cell is missing. */
export const deviationWriter =
  ({ values, size }: Cells, centre: unknown, { target, first, presence }: DeviationPlace): Writer =>
  (start, count) => {
    const { columns: width, data, weights } = target
    for (let i = 0; i < size; i++) {
      const zero = typeof centre === 'number' ? centre : (centre as Vector)[i]!
      for (let n = start, to = start * width; n < start + count; n++, to += width) {
        const cell = values[n * size + i]!
        const value = weights?.[n] === 0 ? saturated(cell - zero) : cell - zero
        if (Number.isNaN(cell)) data[to + first + i] = Number.NaN
        else if (Number.isFinite(value)) {
          data[to + first + i] = value
          data[to + presence] = 1
        } else return n - start
      }
    }
    return count
  }

/**
 * Writes the rows of a table, of which the first `good` are known to have no wrong categories. Errors: a cell outside the support, or
 * whose statistic is not finite, if the row counts.
 */
export const writeTable = (
  { rows, at }: ReadTable,
  support: Support | undefined,
  target: Target,
  writers: ReadonlyArray<Writer>,
  good: number = rows,
): E.Either<FitError, Filled> => {
  const written = writeRows(target, writers)
  const wrong = Math.min(good, E.isLeft(written) ? written.left : rows)
  return E.isRight(written) && wrong === rows ? written : E.left(impossibleObservation(support, wrong, at(wrong)))
}

/** Rows of a product of families of numbers: the statistics of each column, and log h of all. */
export const rowsOfProduct = (
  columns: ReadonlyArray<readonly [name: string, family: CellFamily]>,
  support: Support | undefined,
  source: unknown,
  weights: Vector | undefined,
): E.Either<FitError, SourceRows<Row>> =>
  pipe(
    readColumns(support, source),
    E.chain(table => {
      const sources = columns.map(([name, family]) => {
        const cells = table.cells.get(name)!
        return { family, cells, isVector: false, at: (n: number) => cells.values[n]! }
      })
      const lengths = table.rows === 0 ? [] : sources.map(lengthOf)
      const logColumn = lengths.reduce((sum, length) => sum + length, 0)
      const target = targetOf(table.rows, logColumn + 1, weights)
      let first = 0
      const writers = lengths.map((length, i) => {
        first += length
        return statisticWriter(sources[i]!, { target, first: first - length, length, logColumn })
      })
      return pipe(
        writeTable(table, support, target, writers),
        E.map(rows => ({ ...rows, features: logColumn })),
      )
    }),
  )
