import * as E from 'fp-ts/lib/Either.js'
import { describeValue } from './describe-value.js'

/** Numbers in order as anybody may give them. BigInts count as numbers where float64 holds all up to their size, below 2^53. */
export type Numbers = ArrayLike<number | bigint>

/** Data that is no numbers: where that is, what was expected there and what was found. Rows and columns count from 0. */
export interface UnreadableData {
  readonly _tag: 'UnreadableData'
  /** What was read; the data by default. */
  readonly what?: string
  readonly row?: number
  /** What the row is known by, in a few words, where rows have keys. */
  readonly key?: string
  /** The number of a column, or its name. */
  readonly column?: number | string
  readonly expected: string
  /** In a few words. */
  readonly received: string
}

/** Names a row in words, by its key besides where it has one: `row 1 (key "a")`. */
export const describeRow = ({ row, key }: { readonly row: number; readonly key?: string }): string =>
  key === undefined ? `row ${row}` : `row ${row} (key ${key})`

/** Names a place in data in words: `row 1, column b`. */
const describePlace = ({ what, row, key, column }: Pick<UnreadableData, 'what' | 'row' | 'key' | 'column'>): string => {
  const parts = [
    ...(what === undefined ? [] : [what]),
    ...(row === undefined ? [] : [describeRow({ row, ...(key !== undefined && { key }) })]),
    ...(column === undefined ? [] : [`column ${column}`]),
  ]
  return parts.length === 0 ? 'the data' : parts.join(', ')
}

/** Describes the error in one line for a person: `row 1, column b: 3, expected a category from 0 to 2 or null`. */
export const describeUnreadableData = (
  e: Pick<UnreadableData, 'what' | 'row' | 'key' | 'column' | 'expected' | 'received'>,
): string => `${describePlace(e)}: ${e.received}, expected ${e.expected}`

/** Makes an error about data that is no numbers. */
export const unreadable = (e: Omit<UnreadableData, '_tag'>): E.Either<UnreadableData, never> =>
  E.left({ _tag: 'UnreadableData', ...e })

/** Whether a value has entries in order, as arrays and typed arrays have. A text is no list. */
export const isList = (value: unknown): value is ArrayLike<unknown> => {
  if (Array.isArray(value)) return true
  if (typeof value !== 'object' || value === null) return false
  const { length } = value as { readonly length?: unknown }
  return Number.isSafeInteger(length) && (length as number) >= 0
}

/** Gives a number, or a BigInt that float64 holds, as a number, and `undefined` for anything else. */
export const toNumber = (value: unknown): number | undefined => {
  if (typeof value === 'number') return value
  if (typeof value !== 'bigint') return undefined
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : undefined
}

/**
 * Says what is wrong with an entry that is no number: what was expected and what was found, and of a BigInt up to where
 * BigInts count as numbers.
 */
export const noNumber = (
  value: unknown,
  expected = 'a finite number',
): Pick<UnreadableData, 'expected' | 'received'> =>
  typeof value === 'bigint'
    ? { expected: `${expected}; a BigInt has to be below 2^53 in size`, received: describeValue(value) }
    : { expected, received: describeValue(value) }

const SHORT = 32

/**
 * Copies numbers to `target` from the index `at` on. Gives the index of the first entry that is no number, where copying
 * stopped, or -1.
 */
export const copyNumbers = (source: ArrayLike<unknown>, target: Float64Array, at: number): number => {
  const { length } = source
  // Of short arrays a loop is faster than a call of the engine.
  if (length > SHORT && ArrayBuffer.isView(source) && typeof source[0] === 'number') {
    target.set(source as ArrayLike<number>, at)
    return -1
  }
  for (let i = 0; i < length; i++) {
    const value = source[i]
    if (typeof value === 'number') target[at + i] = value
    else {
      const number = toNumber(value)
      if (number === undefined) return i
      target[at + i] = number
    }
  }
  return -1
}

/**
 * Reads data by a function. Where that throws, as getters, proxies, lengths and arrays whose memory has moved away may, the
 * result is an error that says what was expected.
 */
export const reading = <E1, A>(
  what: string | undefined,
  expected: string,
  read: () => E.Either<E1, A>,
): E.Either<E1 | UnreadableData, A> => {
  try {
    return read()
  } catch (error) {
    const why = error instanceof Error ? describeValue(error.message) : 'it throws'
    return unreadable({
      ...(what !== undefined && { what }),
      expected,
      received: `something that cannot be read: ${why}`,
    })
  }
}

/**
 * Copies a list of numbers, among which NaN and infinities are. Errors: what is no list; an entry that is no number, whose
 * index is the `row`.
 */
export const readNumbers = (source: unknown, what?: string): E.Either<UnreadableData, Float64Array> => {
  const named = what === undefined ? {} : { what }
  const expected = 'a list of numbers such as [1, 2]'
  return reading(what, expected, () => {
    if (!isList(source)) return unreadable({ ...named, expected, received: describeValue(source) })
    const { length } = source
    // Before there is memory for as many as it says.
    if (length > 0 && toNumber(source[0]) === undefined) return unreadable({ ...named, row: 0, ...noNumber(source[0]) })
    const numbers = new Float64Array(length)
    const wrong = copyNumbers(source, numbers, 0)
    return wrong < 0 ? E.right(numbers) : unreadable({ ...named, row: wrong, ...noNumber(source[wrong]) })
  })
}
