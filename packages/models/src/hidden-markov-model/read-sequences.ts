import type { Support } from '@conjugate/distributions'
import { describeValue, isList, matrix, reading, toNumber, unreadable } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { FitError } from '../errors.js'
import { isSparse } from '../observations/data.js'
import { isInColumns, stackedColumns } from '../observations/stacked.js'
import { stackedSparse } from '../observations/stacked-sparse.js'

/** The readings of all sequences one after the other, and how many each has. */
export interface Stacked {
  readonly data: unknown
  readonly lengths: ReadonlyArray<number>
}

const EXAMPLES: Readonly<Record<Support['_tag'], string>> = {
  Number: 'a list of sequences, each a list of readings, such as [[1, 2], [3]]',
  Vector: 'a list of sequences, each a list of rows, such as [[[1], [2]], [[3]]]',
  Table:
    'a list of sequences, each a list of rows, such as [[{ a: 1 }, { a: 2 }], [{ a: 3 }]], or in columns, such as [{ a: [1, 2] }, { a: [3] }]',
}

const rowsOf = (sequence: object): E.Either<FitError, ReadonlyArray<unknown>> => {
  const read = matrix(sequence as never)
  if (E.isLeft(read)) return read
  const { rows, columns, data } = read.right
  return E.right(Array.from({ length: rows }, (_, n) => data.slice(n * columns, (n + 1) * columns)))
}

const isNumber = (value: unknown): boolean => toNumber(value) !== undefined

/** Reads one sequence. Errors: it is no list of readings, for example a single reading. */
const readingsOf = (
  sequence: unknown,
  number: number,
  kind: Support['_tag'],
): E.Either<FitError, ReadonlyArray<unknown>> => {
  const wrong = (expected = 'a list of readings'): E.Either<FitError, never> =>
    unreadable({
      what: `sequence ${number}`,
      expected: `${expected}; the data is ${EXAMPLES[kind]}`,
      received: describeValue(sequence),
    })
  if (typeof sequence !== 'object' || sequence === null) return wrong()
  if (isList(sequence)) {
    const readings = Array.from(sequence)
    // A single sequence that is not wrapped in a list: its rows would pass for sequences of one column.
    return kind === 'Vector' && isNumber(readings.find(x => x !== null))
      ? wrong('a list of rows, of one number each where there is one column')
      : E.right(readings)
  }
  if ('data' in sequence && kind !== 'Table') return rowsOf(sequence)
  return Symbol.iterator in sequence ? E.right([...(sequence as Iterable<unknown>)]) : wrong()
}

/** Stacks sequences, whose readings are for the components to read. Errors: they are no list of sequences. */
export const readSequences = (sequences: unknown, support: Support | undefined): E.Either<FitError, Stacked> => {
  const kind = support?._tag ?? 'Vector'
  return reading<FitError, Stacked>(undefined, EXAMPLES[kind], () => {
    if (!isList(sequences)) return unreadable({ expected: EXAMPLES[kind], received: describeValue(sequences) })
    if (isInColumns(sequences[0]) && !isSparse(sequences[0])) {
      const stacked = stackedColumns(Array.from(sequences), 'sequence')
      return E.isLeft(stacked)
        ? unreadable(stacked.left)
        : E.right({ data: stacked.right.columns, lengths: stacked.right.lengths })
    }
    const sparse = kind === 'Vector' ? stackedSparse(Array.from(sequences)) : undefined
    if (sparse) return E.right({ data: sparse.rows, lengths: sparse.lengths })
    const data: unknown[] = []
    const lengths: number[] = []
    for (let i = 0; i < sequences.length; i++) {
      const readings = readingsOf(sequences[i], i, kind)
      if (E.isLeft(readings)) return readings
      for (const x of readings.right) data.push(x)
      lengths.push(readings.right.length)
    }
    return E.right({ data, lengths })
  })
}

/** An error about a row of the stack, told by its sequence. */
export const inItsSequence =
  (lengths: ReadonlyArray<number>) =>
  (e: FitError): FitError => {
    if (!('row' in e) || typeof e.row !== 'number') return e
    let [sequence, first] = [0, 0]
    while (sequence < lengths.length - 1 && e.row >= first + lengths[sequence]!) first += lengths[sequence++]!
    const row = e.row - first
    const what = `sequence ${sequence}`
    switch (e._tag) {
      case 'UnreadableData':
        return { ...e, row, what: e.what === undefined ? what : `${what}, ${e.what}` }
      case 'NonFiniteData':
      case 'ImpossibleObservation': {
        const { expected, column } = { expected: 'a finite number', ...e }
        const received = String(e.value)
        return { _tag: 'UnreadableData', what, row, ...(column !== undefined && { column }), expected, received }
      }
      default:
        return e
    }
  }
