/** What a column is taken for. Of a column of texts, such as names, nothing is learnt. */
export type Kind = 'number' | 'count' | 'category' | 'text'

/** A column of a table, as whatever it can be taken for. */
export interface Column {
  /** Unlike that of any other column. */
  readonly name: string
  readonly missing: number
  /** What it can be taken for, beside texts. */
  readonly kinds: ReadonlyArray<Kind>
  /** What it seems to be. */
  readonly kind: Kind
  /** What `parseCsv` takes it for. */
  readonly isRecognisedAs: Kind
  /** Why it is left out until somebody takes it in, in a few words. */
  readonly leftOut?: string
  /** Its cells as numbers, NaN where one is missing; where all of them are numbers. */
  readonly numbers?: Float64Array
  /** Its cells as places in `levels`, NaN where one is missing; where they can be categories. */
  readonly codes?: Float64Array
  readonly levels: ReadonlyArray<string>
  /** Its cells as texts, `null` where one is missing; where they are neither. */
  readonly texts?: ReadonlyArray<string | null>
}

/** Texts that always say that a cell is missing: the default of `parseCsv`. */
export const MISSING: ReadonlyArray<string> = ['', 'NA', 'N/A', 'n/a', 'NaN', 'nan', 'NULL', 'null', '?']

/** How a file was read. */
export interface Reading {
  /** What its bytes are a text in. */
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'
  /** Whether its first line has the names of the columns. */
  readonly header: boolean
  readonly decimal: '.' | ','
  /** Texts that were read as missing beside those that always are. */
  readonly missing: ReadonlyArray<string>
}

/** A table that has been read. */
export interface Table {
  /** The name of its file. */
  readonly name: string
  readonly rows: number
  readonly columns: ReadonlyArray<Column>
  readonly reading: Reading
  /** What a reader may want to know of how it was read, a sentence each. */
  readonly notes: ReadonlyArray<string>
}

/** What somebody chose of a column. */
export interface Choice {
  readonly kind: Kind
  readonly used: boolean
}

/** The choices that recognition suggests, one for each column. */
export const suggested = (table: Table): ReadonlyArray<Choice> =>
  table.columns.map(({ kind, leftOut }) => ({ kind, used: kind !== 'text' && leftOut === undefined }))

/** A cell as a person reads it; `undefined` where it is missing. */
export const cellText = ({ numbers, codes, levels, texts }: Column, row: number): string | undefined => {
  if (texts) return texts[row] ?? undefined
  const value = (numbers ?? codes)![row]!
  if (Number.isNaN(value)) return undefined
  return numbers ? String(value) : levels[value]
}
