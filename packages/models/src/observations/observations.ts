import type { Support } from '@conjugate/distributions'
import {
  copyNumbers,
  describeValue,
  isList,
  type Matrix,
  matrix,
  noNumber,
  type ReadMatrix,
  reading,
  unreadable,
  type Vector,
} from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { FitError } from '../errors.js'
import { cellsIn, type Observations, readCells } from './cells.js'
import { checkFinite } from './rows.js'
import { readTable } from './tables.js'

const formOf = (support: Support | undefined): string => {
  switch (support?._tag) {
    case 'Number':
      return 'a list of numbers such as [1, 2]'
    case 'Vector':
      return 'a list of rows such as [[1, 0], [0, 1]]'
    default:
      return 'a list of observations'
  }
}

/** What a family's observations are given as: a list, a column, or anything that can be iterated over. */
const listOf = (source: unknown, support: Support | undefined): E.Either<FitError, ArrayLike<unknown>> => {
  const cells = cellsIn(source)
  return cells === undefined
    ? unreadable({ expected: formOf(support), received: describeValue(source) })
    : E.right(cells)
}

const numbersOf = (list: ArrayLike<unknown>, expected: string): E.Either<FitError, Observations<number>> =>
  pipe(
    readCells(list, { expected, missing: false }),
    E.map(cells => ({ rows: list.length, columns: [cells], at: (n: number) => cells.values[n]! })),
    E.orElseW(unreadable),
  )

const vectorsIn = ({ rows, columns: size, data: values }: ReadMatrix): Observations<Vector> => ({
  rows,
  columns: [{ values, size, hasGaps: false }],
  at: n => values.subarray(n * size, (n + 1) * size),
})

/** The rows end to end. Errors: a row that is no list; one of another length than the first; an entry that is no finite number. */
const vectorsOf = (list: ArrayLike<unknown>, expected: string): E.Either<FitError, Observations<Vector>> => {
  const rows = list.length
  const columns = rows > 0 && isList(list[0]) ? list[0].length : 0
  const data = new Float64Array(rows * columns)
  for (let n = 0; n < rows; n++) {
    const vector = list[n]
    if (!isList(vector)) return unreadable({ row: n, expected, received: describeValue(vector) })
    if (vector.length !== columns)
      return E.left({ _tag: 'RaggedRows', row: n, expected: columns, received: vector.length })
    let other = copyNumbers(vector, data, n * columns)
    for (let i = 0; other < 0 && i < columns; i++) if (!Number.isFinite(data[n * columns + i])) other = i
    if (other >= 0) return unreadable({ row: n, column: other, ...noNumber(vector[other]) })
  }
  return E.right(vectorsIn({ rows, columns, data }))
}

/** Records of numbers as blocks, with their columns in the order that the family tells them in. */
const recordsOf = (
  { rows, columns, at }: Observations<Readonly<Record<string, unknown>>>,
  names: ReadonlyArray<string>,
): Observations<Readonly<Record<string, unknown>>> => {
  const size = columns.length
  if (columns.some(({ hasGaps, size }) => hasGaps || size > 1)) return { rows, columns: [], at }
  const values = new Float64Array(rows * size)
  for (let c = 0; c < size; c++) {
    const { values: own } = columns[c]!
    for (let n = 0, to = c; n < rows; n++, to += size) values[to] = own[n]!
  }
  const record = (n: number): Readonly<Record<string, unknown>> => {
    const found: Record<string, unknown> = {}
    for (let c = 0; c < size; c++) found[names[c]!] = values[n * size + c]
    return found
  }
  return { rows, columns: [{ values, size, hasGaps: false }], at: record }
}

const isMatrix = (source: unknown): source is Matrix =>
  typeof source === 'object' && source !== null && !(Symbol.iterator in source) && 'data' in source

/**
 * Reads observations of a family, of products apart. Errors: what is no number, or a row that is none; of records, those of `readTable`.
 */
export const readObservations = <X>(
  support: Support | undefined,
  source: unknown,
): E.Either<FitError, Observations<X>> =>
  reading<FitError, Observations<X>>(undefined, formOf(support), () => {
    if (support?._tag === 'Vector' && isMatrix(source))
      return pipe(
        matrix(source),
        E.chainW(checkFinite),
        E.map(rows => vectorsIn(rows as ReadMatrix) as unknown as Observations<X>),
      )
    if (support?._tag === 'Table')
      return pipe(
        readTable(support, source),
        E.map(found => recordsOf(found, Object.keys(support.columns)) as unknown as Observations<X>),
      )
    const list = listOf(source, support)
    if (E.isLeft(list)) return list
    const read = (): E.Either<FitError, Observations<unknown>> => {
      switch (support?._tag) {
        case 'Number':
          return numbersOf(list.right, support.expected)
        case 'Vector':
          return vectorsOf(list.right, `${support.expected} such as [1, 0]`)
        default:
          return E.right({ rows: list.right.length, columns: [], at: n => list.right[n] })
      }
    }
    // The compiler doesn't see that the support tells the type.
    return read() as E.Either<FitError, Observations<X>>
  })

/** Of numbers that a family cannot give: which, and what it can. */
export const impossibleObservation = (support: Support | undefined, row: number, x: unknown): FitError => {
  const error = { _tag: 'ImpossibleObservation', row } as const
  const { columns = {}, missing = false } = support?._tag === 'Table' ? support : {}
  for (const [column, { expected, contains }] of Object.entries(columns)) {
    const cell = (x as Readonly<Record<string, unknown>>)[column] ?? null
    if (cell !== null && !contains(cell as never))
      return { ...error, column, value: describeValue(cell), expected: missing ? `${expected} or null` : expected }
  }
  const any = support === undefined || support._tag === 'Table'
  return {
    ...error,
    value: describeValue(x),
    expected: any ? 'a value that the distribution can give' : support.expected,
  }
}
