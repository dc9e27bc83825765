import { describeUnreadableData } from '@conjugate/linalg'

/** What is wrong with a CSV file, or with what was said of it. Lines count from 1, as editors count them. */
export interface CsvError {
  readonly _tag: 'UnreadableCsv'
  /** The line at which the row begins. */
  readonly line?: number
  /** The name of a column. */
  readonly column?: string
  readonly expected: string
  /** In a few words. */
  readonly received: string
}

export const wrong = (error: Omit<CsvError, '_tag'>): CsvError => ({ _tag: 'UnreadableCsv', ...error })

export const listed = (names: ReadonlyArray<string>): string =>
  names.length > 8 ? `${names.slice(0, 8).join(', ')}, ... ${names.length - 8} more` : names.join(', ')

export const unknownColumn = (column: string, names: ReadonlyArray<string>): CsvError =>
  wrong({ column, expected: `one of ${listed(names)}`, received: 'no column of the file' })

/** Describes the error in one line for a person: `line 7, column visits: "2.5", expected a count (0, 1, 2, ...)`. */
export const describeCsvError = ({ line, column, expected, received }: CsvError): string =>
  describeUnreadableData({
    ...(line === undefined ? (column === undefined ? { what: 'the file' } : {}) : { what: `line ${line}` }),
    ...(column !== undefined && { column }),
    expected,
    received,
  })
