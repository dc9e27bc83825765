/** The finite numbers between two ends. */
export interface Interval {
  readonly least: number
  readonly greatest: number
  /** Whether the ends are left out. */
  readonly isOpen?: true
  /** Whether only whole numbers are meant. */
  readonly isWhole?: true
}

/** What the values of a family of numbers are. */
export interface NumberSupport {
  readonly _tag: 'Number'
  /** In words that follow `expected`: `a whole number of at least 0`. */
  readonly expected: string
  /** The same for an engine that has no words; absent where it is no interval. */
  readonly values?: Interval
}

/** What the values of a family are, for those who read data and say what is wrong with it. */
export type Support =
  | NumberSupport
  | {
      readonly _tag: 'Vector'
      readonly expected: string
      /** What each entry is, where entries may be anything there whatever the others are. */
      readonly values?: Interval
    }
  | {
      /** Records of numbers, or of lists of them, with these columns. */
      readonly _tag: 'Table'
      readonly columns: Readonly<Record<string, CellSupport>>
      /** Whether a cell may be `null`, which counts as not observed. */
      readonly missing: boolean
    }

/** What the cells of one column of a table are. */
export interface CellSupport {
  readonly expected: string
  /** The same for an engine that has no words; absent where it is no interval. */
  readonly values?: Interval
  /** Of a column of lists: how many numbers each has. */
  readonly block?: number
  /** Whether the column can have the number, or the list. */
  readonly contains: (cell: never) => boolean
}

/** Whether a number is in an interval. */
const isWithin = ({ least, greatest, isOpen, isWhole }: Interval, x: number): boolean =>
  (isOpen ? x > least && x < greatest : x >= least && x <= greatest) && (!isWhole || Number.isInteger(x))

/** Whether a number is a value of a support; any may be where no interval is told. */
export const contains = ({ values }: { readonly values?: Interval | undefined }, x: number): boolean =>
  values === undefined || isWithin(values, x)

export const numbers = (expected: string, values?: Interval): NumberSupport => ({
  _tag: 'Number',
  expected,
  ...(values && { values }),
})

export const vectors = (expected: string, values?: Interval): Support => ({
  _tag: 'Vector',
  expected,
  ...(values && { values }),
})

const MOST = Number.MAX_VALUE
export const wholeFrom0To = (greatest: number): Interval => ({ least: 0, greatest, isWhole: true })
const finite: Interval = { least: -MOST, greatest: MOST }

export const finiteNumbers: NumberSupport = numbers('a finite number', finite)
export const finiteVectors: Support = vectors('a list of finite numbers', finite)
export const counts: NumberSupport = numbers('a whole number of at least 0', wholeFrom0To(MOST))
export const countsUpTo = (bound: number): NumberSupport =>
  numbers(`a whole number from 0 to ${bound}`, wholeFrom0To(bound))
export const zeroOrOne: NumberSupport = numbers('0 or 1', wholeFrom0To(1))
export const nonNegativeNumbers: NumberSupport = numbers('a finite number of at least 0', { least: 0, greatest: MOST })
export const positiveNumbers: NumberSupport = numbers('a positive finite number', {
  least: 0,
  greatest: MOST,
  isOpen: true,
})

/** Records of numbers with these columns, of which no cell may be missing. */
export const records = (columns: Readonly<Record<string, NumberSupport>>): Support => ({
  _tag: 'Table',
  missing: false,
  columns: Object.fromEntries(
    Object.entries(columns).map(([name, { expected, values }]) => [
      name,
      { expected, ...(values && { values }), contains: cell => contains({ values }, cell) },
    ]),
  ),
})
