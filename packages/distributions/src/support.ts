/** What the values of a family of numbers are. */
export interface NumberSupport {
  readonly _tag: 'Number'
  /** In words that follow `expected`: `a whole number of at least 0`. */
  readonly expected: string
}

/** What the values of a family are, for those who read data and say what is wrong with it. */
export type Support =
  | NumberSupport
  | { readonly _tag: 'Vector'; readonly expected: string }
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
  /** Of a column of lists: how many numbers each has. */
  readonly block?: number
  /** Whether the column can have the number, or the list. */
  readonly contains: (cell: never) => boolean
}

export const numbers = (expected: string): NumberSupport => ({ _tag: 'Number', expected })

export const vectors = (expected: string): Support => ({ _tag: 'Vector', expected })

export const finiteNumbers: NumberSupport = numbers('a finite number')
export const finiteVectors: Support = vectors('a list of finite numbers')
export const counts: NumberSupport = numbers('a whole number of at least 0')
export const countsUpTo = (bound: number): NumberSupport => numbers(`a whole number from 0 to ${bound}`)
export const positiveNumbers: NumberSupport = numbers('a positive finite number')
