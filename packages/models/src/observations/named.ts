import { describeValue, noNumber, reading, toNumber, unreadable } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { FitError } from '../errors.js'
import { cellsIn } from './cells.js'

const EXPECTED = 'rows of numbers, or columns by their names'

/** Rows of numbers, and the names of their columns in order. */
interface Named {
  readonly rows: unknown
  readonly names: ReadonlyArray<string>
}

const wrong = (column: string, expected: string, received: string): E.Either<FitError, never> =>
  unreadable({ column, expected, received })

/**
 * Columns by their names as rows of numbers: in the order of `known`, or else in their own. A cell is NaN where it may be missing, which
 * `gaps` tells. Errors: a column that is absent, unknown or none, or of another length than the first; a cell that is no number.
 */
export const rowsOfColumns = (
  given: Readonly<Record<string, unknown>>,
  known: ReadonlyArray<string> | undefined,
  gaps: boolean,
): E.Either<FitError, Named> => reading<FitError, Named>(undefined, EXPECTED, () => readColumns(given, known, gaps))

const readColumns = (
  given: Readonly<Record<string, unknown>>,
  known: ReadonlyArray<string> | undefined,
  gaps: boolean,
): E.Either<FitError, Named> => {
  const own = Object.keys(given)
  const names = known ?? own
  if (names.length === 0) return unreadable({ expected: EXPECTED, received: '{}' })
  const other = own.find(name => !names.includes(name))
  if (other !== undefined) return wrong(other, `no other columns than ${names.join(', ')}`, describeValue(given[other]))
  let data = new Float64Array(0)
  let rows = 0
  for (const [c, name] of names.entries()) {
    const cells = Object.hasOwn(given, name) ? cellsIn(given[name]) : undefined
    if (cells === undefined)
      return wrong(name, 'a column of numbers', Object.hasOwn(given, name) ? describeValue(given[name]) : 'nothing')
    if (c === 0) {
      rows = cells.length
      data = new Float64Array(rows * names.length)
    }
    if (cells.length !== rows) return wrong(name, `${rows} cells, as many as column ${names[0]} has`, `${cells.length}`)
    for (let n = 0, to = c; n < rows; n++, to += names.length) {
      const cell = cells[n]
      const number = gaps && cell === null ? Number.NaN : toNumber(cell)
      if (number === undefined || !(Number.isFinite(number) || (gaps && Number.isNaN(number))))
        return unreadable({ row: n, column: name, ...noNumber(cell) })
      data[to] = number
    }
  }
  return E.right({ rows: names.length === 1 ? data : { rows, columns: names.length, data }, names })
}

/** Tells columns by their names. */
export const byName =
  (names: ReadonlyArray<string>) =>
  (e: FitError): FitError =>
    e._tag === 'NonFiniteData'
      ? {
          _tag: 'UnreadableData',
          row: e.row,
          ...(e.key !== undefined && { key: e.key }),
          column: names[e.column] ?? e.column,
          expected: 'a finite number',
          received: describeValue(e.value),
        }
      : e
