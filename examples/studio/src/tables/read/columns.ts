import type { Column as Cells } from '@conjugate/csv'
import type { Column, Kind } from '../table.js'

/** Categories of a column at the most: more would be names. */
const MOST_LEVELS = 50

/** The largest count that is recognised as one, and how much larger than the smallest it has to be. */
const [LARGEST_COUNT, SPREAD_OF_COUNTS] = [1000, 10]

interface Levels {
  readonly levels: ReadonlyArray<string>
  readonly codes: Float64Array
}

/** Distinct numbers in order as categories; `undefined` where there are too many. */
const levelsOfNumbers = (numbers: Float64Array): Levels | undefined => {
  const distinct = new Set<number>()
  for (const x of numbers) {
    if (!Number.isNaN(x)) distinct.add(x)
    if (distinct.size > MOST_LEVELS) return undefined
  }
  const sorted = [...distinct].sort((a, b) => a - b)
  const places = new Map(sorted.map((x, place) => [x, place]))
  return { levels: sorted.map(String), codes: numbers.map(x => places.get(x) ?? Number.NaN) }
}

/** Distinct texts in order as categories; `undefined` where there are too many. */
const levelsOfTexts = (texts: ReadonlyArray<string | null>): Levels | undefined => {
  const distinct = new Set<string>()
  for (const text of texts) {
    if (text !== null) distinct.add(text)
    if (distinct.size > MOST_LEVELS) return undefined
  }
  const levels = [...distinct].sort()
  const places = new Map(levels.map((text, place) => [text, place]))
  return { levels, codes: Float64Array.from(texts, text => (text === null ? Number.NaN : places.get(text)!)) }
}

/** The numbers that categories are, where all of them are. */
const numbersOfLevels = (levels: ReadonlyArray<string>, codes: ArrayLike<number>): Float64Array | undefined => {
  const values = levels.map(Number)
  return values.every(Number.isFinite)
    ? Float64Array.from(codes, code => (Number.isNaN(code) ? Number.NaN : values[code]!))
    : undefined
}

interface Range {
  readonly least: number
  readonly most: number
  readonly isWhole: boolean
  /** Whether each is one more than the one before. */
  readonly isNumbering: boolean
}

const rangeOf = (numbers: Float64Array): Range => {
  let [least, most, isWhole, isNumbering] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, true, true]
  for (const [n, x] of numbers.entries()) {
    if (n > 0 && x !== numbers[n - 1]! + 1) isNumbering = false
    if (Number.isNaN(x)) continue
    least = Math.min(least, x)
    most = Math.max(most, x)
    isWhole &&= Number.isSafeInteger(x)
  }
  return { least, most, isWhole, isNumbering: isNumbering && isWhole }
}

/**
 * Whether whole numbers look like counts: they begin near 0. Weights in grams and years do not, and have a variance that is
 * not their mean, as counts have.
 */
const looksCounted = ({ least, most }: Range): boolean =>
  most <= LARGEST_COUNT && (least <= 1 || SPREAD_OF_COUNTS * least <= most)

/** A column as whatever it can be taken for, and what it seems to be. */
export const columnOf = (name: string, cells: Cells): Column => {
  const { kind, missing } = cells
  const numbers =
    kind === 'number' || kind === 'count'
      ? cells.values
      : kind === 'category'
        ? numbersOfLevels(cells.levels, cells.values)
        : undefined
  const found: Levels | undefined =
    kind === 'category'
      ? { levels: cells.levels, codes: Float64Array.from(cells.values) }
      : numbers
        ? levelsOfNumbers(numbers)
        : levelsOfTexts((cells as { readonly values: ReadonlyArray<string | null> }).values)
  const range = numbers && rangeOf(numbers)
  const isCount = range?.isWhole === true && range.least >= 0
  const kinds: ReadonlyArray<Kind> = [
    ...(numbers ? (['number'] as const) : []),
    ...(isCount ? (['count'] as const) : []),
    ...(found && found.levels.length > 1 ? (['category'] as const) : []),
  ]
  const rows = cells.values.length
  const suggestedKind: Kind = kind === 'count' && !looksCounted(range!) ? 'number' : kind
  const leftOut =
    missing === rows
      ? 'no cell is there'
      : found?.levels.length === 1
        ? missing === 0
          ? 'the same in all rows'
          : 'the same wherever it is there'
        : kind === 'text'
          ? 'texts that hardly come again, such as names'
          : range?.isNumbering && rows > 2
            ? 'it numbers the rows'
            : undefined
  return {
    name,
    missing,
    kinds: missing === rows ? [] : kinds,
    kind: missing === rows ? 'text' : suggestedKind,
    isRecognisedAs: kind,
    ...(leftOut !== undefined && { leftOut }),
    ...(numbers && { numbers }),
    ...(found && { codes: found.codes }),
    levels: found?.levels ?? [],
    ...(cells.kind === 'text' && { texts: cells.values }),
  }
}
