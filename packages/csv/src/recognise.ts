import { type HeldCells, holder, isCode, MISSING } from './cells.js'

/**
 * What a column is: numbers; counts 0, 1, 2, ...; categories, which are texts, or two whole numbers, that come again and again; or
 * texts such as names, of which nothing is learnt.
 */
export type ColumnKind = 'number' | 'count' | 'category' | 'text'

/** What a column seems to be. */
export interface Recognised {
  readonly kind: ColumnKind
  /** How many cells are missing. */
  readonly missing: number
  /** The categories in order, numbers by their size and texts by their letters; empty where it has none. */
  readonly levels: ReadonlyArray<string>
  /** Of a column of numbers, nearly: the first cell that is none, and how many there are. It is none until somebody says what it is. */
  readonly odd?: { readonly row: number; readonly text: string; readonly cells: number }
}

/** How columns are recognised. */
export interface RecogniseOptions {
  /** Texts that say that a cell is missing: `''`, `NA`, `N/A`, `n/a`, `NaN`, `nan`, `NULL`, `null` and `?` by default. */
  readonly missing?: ReadonlyArray<string>
  /** The sign between the whole part of a number and its fraction: `.` by default. */
  readonly decimal?: '.' | ','
  /** How many categories a column has at the most: 50 by default. */
  readonly mostLevels?: number
}

/** How many categories a column has at the most where nobody says it. */
export const MOST_LEVELS = 50

/** The share of numbers from which the other cells are taken for mistakes. */
const NEARLY_ALL = 0.9

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Distinct texts in order, up to a number of them; `undefined` where there are more. */
export const levelsOf = (cells: HeldCells, most: number): ReadonlyArray<string> | undefined => {
  const numbers = new Map<string, number>()
  for (let n = 0; n < cells.length; n++) {
    const text = cells.get(n)
    if (text === null || numbers.has(text)) continue
    if (numbers.size === most) return undefined
    numbers.set(text, cells.numberAt(n))
  }
  const entries = [...numbers]
  const areNumbers = entries.every(([, number]) => !Number.isNaN(number))
  return entries.sort(([a, x], [b, y]) => (areNumbers && x !== y ? x - y : byText(a, b))).map(([text]) => text)
}

/** Recognises a column that has been read. */
export const kindOf = (cells: HeldCells, mostLevels: number): Recognised => {
  let [missing, numbers, codes, isWhole] = [0, 0, 0, true]
  let odd: { row: number; text: string; cells: number } | undefined
  for (let n = 0; n < cells.length; n++) {
    const number = cells.numberAt(n)
    if (!Number.isNaN(number)) {
      numbers++
      isWhole &&= number >= 0 && Number.isSafeInteger(number)
      continue
    }
    const text = cells.get(n)
    if (text === null) missing++
    else {
      if (isCode(text)) codes++
      if (odd === undefined) odd = { row: n, text, cells: 1 }
      else odd.cells++
    }
  }
  const present = cells.length - missing
  if (numbers > 0 && codes === 0 && numbers >= NEARLY_ALL * present) {
    const levels = odd === undefined && isWhole ? levelsOf(cells, 2) : undefined
    if (levels?.length === 2 && present > 2) return { kind: 'category', missing, levels }
    return { kind: isWhole ? 'count' : 'number', missing, levels: [], ...(odd !== undefined && { odd }) }
  }
  const levels = levelsOf(cells, mostLevels)
  const isCategory = levels !== undefined && levels.length > 0 && (levels.length < present || present === 1)
  return isCategory ? { kind: 'category', missing, levels } : { kind: 'text', missing, levels: [] }
}

/**
 * Recognises what columns are: of texts as a CSV file has them, of numbers, of both. `null`, `undefined` and NaN are missing cells, as
 * the texts are that say so. A column is one of numbers where all its cells are, and of counts where all are whole and none is
 * negative, but for two that come again and again (0 and 1), which are categories, as texts are that come again and again. Digits
 * after a zero (01234) are the text of a code. Where nine of ten cells are numbers, the others are `odd`.
 *
 * @example
 * recognise({ age: ['31', '', '4e1'], smokes: ['no', 'yes', 'no'] }).smokes.kind // 'category'
 */
export const recognise = <C extends Readonly<Record<string, Iterable<unknown>>>>(
  columns: C,
  { missing = MISSING, decimal = '.', mostLevels = MOST_LEVELS }: RecogniseOptions = {},
): { readonly [Name in keyof C]: Recognised } => {
  const reading = { missing: new Set(missing), decimal }
  const recognised = Object.entries(columns).map(([name, cells]) => {
    const { push, held } = holder(reading, false)
    for (const cell of cells) push(cell)
    return [name, kindOf(held(), mostLevels)] as const
  })
  // The entries have the names of the columns.
  return Object.fromEntries(recognised) as { readonly [Name in keyof C]: Recognised }
}
