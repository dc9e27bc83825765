import { describeValue } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { HeldCells } from './cells.js'
import type { CsvError } from './errors.js'
import { type ColumnKind, levelsOf } from './recognise.js'

/** Numbers, or counts: NaN where a cell is missing. */
export interface NumberCells {
  readonly kind: 'number' | 'count'
  readonly values: Float64Array
  /** How many cells are missing. */
  readonly missing: number
}

/** Categories from 0 on, by their place in `levels`: NaN where a cell is missing, and whole numbers of few bits where none is. */
export interface CategoryCells {
  readonly kind: 'category'
  readonly values: Float64Array | Uint32Array | Uint16Array | Uint8Array
  readonly levels: ReadonlyArray<string>
  readonly missing: number
}

/** Texts, of which nothing is learnt: `null` where a cell is missing. */
export interface TextCells {
  readonly kind: 'text'
  readonly values: ReadonlyArray<string | null>
  readonly missing: number
}

/** The cells of a column by what it is. */
export type Column = NumberCells | CategoryCells | TextCells

/** What somebody says that a column is: its kind, or the texts of its categories in their order. */
export type KindSaid = ColumnKind | { readonly levels: ReadonlyArray<string> }

/** Levels for a message, of which there may be many. */
const listed = (levels: ReadonlyArray<string>): string =>
  `one of ${levels.slice(0, 8).map(describeValue).join(', ')}${levels.length > 8 ? `, ... ${levels.length - 8} more` : ''}`

type Wrong = Pick<CsvError, 'expected' | 'received'> & { readonly row: number }

const NUMBERS = {
  number: { expected: 'a number', isOne: (_: number) => true },
  count: { expected: 'a count (0, 1, 2, ...)', isOne: (x: number) => x >= 0 && Number.isSafeInteger(x) },
}

const numberCells = (cells: HeldCells, kind: 'number' | 'count', hint: string): E.Either<Wrong, Column> => {
  const { expected, isOne } = NUMBERS[kind]
  const values = new Float64Array(cells.length)
  let missing = 0
  for (let row = 0; row < values.length; row++) {
    const number = cells.numberAt(row)
    values[row] = number
    if (isOne(number)) if (!Number.isNaN(number)) continue
    const text = cells.get(row)
    if (text !== null) return E.left({ row, expected: `${expected}${hint}`, received: describeValue(text) })
    missing++
  }
  return E.right({ kind, values, missing })
}

const smallest = (levels: number): Uint8ArrayConstructor | Uint16ArrayConstructor | Uint32ArrayConstructor =>
  levels <= 2 ** 8 ? Uint8Array : levels <= 2 ** 16 ? Uint16Array : Uint32Array

const categoryCells = (cells: HeldCells, levels: ReadonlyArray<string>): E.Either<Wrong, Column> => {
  const places = new Map(levels.map((level, place) => [level, place]))
  const values = new Float64Array(cells.length)
  let missing = 0
  for (let row = 0; row < values.length; row++) {
    const text = cells.get(row)
    const place = text === null ? Number.NaN : places.get(text)
    if (place === undefined) return E.left({ row, expected: listed(levels), received: describeValue(text) })
    values[row] = place
    if (text === null) missing++
  }
  return E.right({
    kind: 'category',
    values: missing > 0 ? values : smallest(levels.length).from(values),
    levels,
    missing,
  })
}

const textCells = (cells: HeldCells): Column => {
  const values = Array.from({ length: cells.length }, (_, n) => cells.get(n))
  return { kind: 'text', values, missing: values.filter(text => text === null).length }
}

/** Cells as what they are said to be. Errors: the first that is not. `hint` says more of what is expected of numbers. */
export const columnOf = (cells: HeldCells, said: KindSaid, hint = ''): E.Either<Wrong, Column> => {
  if (typeof said === 'object') return categoryCells(cells, said.levels)
  if (said === 'text') return E.right(textCells(cells))
  if (said === 'category') return categoryCells(cells, levelsOf(cells, Number.POSITIVE_INFINITY) ?? [])
  return numberCells(cells, said, hint)
}
