import { invalidOption } from '@conjugate/em'
import { describeValue } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as RA from 'fp-ts/lib/ReadonlyArray.js'
import type { PlotError } from '../errors.js'
import { readColumn, readTable } from './table.js'

/** Components that can be told apart in a drawing by any means. */
export const MOST_COMPONENTS = 256

/** Which component each row came from: the most probable one, -1 for none, and how probable that is. */
export interface Labels {
  readonly components: number
  readonly of: Int32Array
  readonly certainty: Float64Array
}

const wrongLength = (option: string, rows: number, found: number) =>
  invalidOption(option, `one for each of ${rows} rows`, `${found} of them`)

/** Errors: other than `rows` of them; one that is no component's number from 0, nor -1 for none. */
export const readAssignments = (assignments: unknown, rows: number): E.Either<PlotError, Labels> =>
  pipe(
    readTable('assignments', assignments),
    E.chain(table => (table.rows === rows ? readColumn(table, 0) : wrongLength('assignments', rows, table.rows))),
    E.chain(numbers => {
      const wrong = numbers.findIndex(k => !Number.isInteger(k) || k < -1 || k >= MOST_COMPONENTS)
      if (wrong >= 0)
        return invalidOption(
          `assignments[${wrong}]`,
          `the number of a component from 0 to ${MOST_COMPONENTS - 1}, or -1 for none`,
          describeValue(numbers[wrong]),
        )
      return E.right({
        components: numbers.reduce((most, k) => Math.max(most, k + 1), 0),
        of: Int32Array.from(numbers),
        certainty: new Float64Array(rows).fill(1),
      })
    }),
  )

/** How far the sum of a row may be from 1: probabilities may have been written with few digits. */
const ROUNDED = 1e-2

/** Responsibilities as K columns of N. Errors: one that is not from 0 to 1, a row that does not sum to 1. */
export const readResponsibilities = (
  responsibilities: unknown,
  rows?: number,
): E.Either<PlotError, ReadonlyArray<Float64Array>> =>
  pipe(
    readTable('responsibilities', responsibilities),
    E.chain(table =>
      rows === undefined || table.rows === rows ? E.right(table) : wrongLength('responsibilities', rows, table.rows),
    ),
    E.chain(table =>
      table.names.length > MOST_COMPONENTS
        ? invalidOption('responsibilities', `at most ${MOST_COMPONENTS} components`, `${table.names.length} of them`)
        : pipe(
            table.names,
            RA.traverseWithIndex(E.Applicative)(column => readColumn(table, column)),
          ),
    ),
    E.chain(columns => {
      for (let n = 0; n < columns[0]!.length; n++) {
        let sum = 0
        for (const [k, column] of columns.entries()) {
          const q = column[n]!
          if (!(q >= 0 && q <= 1 + ROUNDED))
            return invalidOption(`responsibilities[${n}][${k}]`, 'a probability', describeValue(q))
          sum += q
        }
        if (Math.abs(sum - 1) > ROUNDED)
          return invalidOption(`responsibilities[${n}]`, 'probabilities that sum to 1', `a sum of ${sum}`)
      }
      return E.right(columns)
    }),
  )

/** The most probable component of each row. */
export const mostProbable = (columns: ReadonlyArray<Float64Array>): Labels => {
  const rows = columns[0]!.length
  const [of, certainty] = [new Int32Array(rows), new Float64Array(rows).fill(-1)]
  for (const [k, column] of columns.entries())
    for (let n = 0; n < rows; n++)
      if (column[n]! > certainty[n]!) {
        certainty[n] = column[n]!
        of[n] = k
      }
  return { components: columns.length, of, certainty }
}
