import {
  describeValue,
  isList,
  type Matrix,
  type MatrixError,
  matrix,
  type RowsLike,
  reading,
  toNumber,
  unreadable,
} from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { FitError } from '../errors.js'

/** All rows under each other, and where each sequence begins, and the last one ends. */
export interface Stacked {
  readonly rows: Matrix
  readonly starts: ReadonlyArray<number>
}

const EXAMPLE = 'a list of sequences, each a list of rows, such as [[[1], [2]], [[3]]]'

/** The same with the number of the sequence. */
const inSequence = (sequence: number, e: MatrixError): E.Either<FitError, never> => {
  const what = `sequence ${sequence}`
  return e._tag === 'RaggedRows'
    ? unreadable({ what, row: e.row, expected: String(e.expected), received: `${e.received} numbers` })
    : unreadable({ ...e, what: e.what === undefined ? what : `${what}, ${e.what}` })
}

/** Stacks sequences, each N x D with an N of its own. Errors: what is no list of sequences; no numbers; other columns. */
export const readSequences = (sequences: ReadonlyArray<RowsLike>, columns: number): E.Either<FitError, Stacked> =>
  reading<FitError, Stacked>(undefined, EXAMPLE, () => {
    if (!isList(sequences)) return unreadable({ expected: EXAMPLE, received: describeValue(sequences) })
    const starts = [0]
    const parts: Matrix[] = []
    for (let i = 0; i < sequences.length; i++) {
      const sequence: unknown = sequences[i]
      // Also a single sequence that nobody has put into a list, whose rows would pass for sequences of one column.
      const isOne = isList(sequence) ? toNumber(sequence[0]) !== undefined : typeof sequence !== 'object'
      if (isOne)
        return unreadable({
          what: `sequence ${i}`,
          expected: `a list of rows; the data is ${EXAMPLE}`,
          received: describeValue(sequence),
        })
      const part = matrix(sequence as RowsLike)
      if (E.isLeft(part)) return inSequence(i, part.left)
      const empty = part.right.rows === 0
      if (!empty && part.right.columns !== columns)
        return E.left({ _tag: 'ColumnMismatch', expected: columns, received: part.right.columns })
      parts.push(part.right)
      starts.push(starts.at(-1)! + part.right.rows)
    }
    const data = new Float64Array(starts.at(-1)! * columns)
    for (const [i, part] of parts.entries()) data.set(part.data, starts[i]! * columns)
    return E.right({ rows: { rows: starts.at(-1)!, columns, data }, starts })
  })

/** An error of a row of them all, by its sequence. */
export const inItsSequence =
  ({ starts }: Stacked) =>
  (e: FitError): FitError => {
    if (e._tag !== 'NonFiniteData') return e
    const sequence = starts.findLastIndex(start => start <= e.row)
    return {
      _tag: 'UnreadableData',
      what: `sequence ${sequence}`,
      row: e.row - starts[sequence]!,
      column: e.column,
      expected: 'a finite number',
      received: String(e.value),
    }
  }
