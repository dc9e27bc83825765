// The cells of a column as they come: texts once each, and numbers as numbers, so that a column of a million numbers takes 12 MB.

/** How cells are read. */
export interface Reading {
  /** Texts that say that a cell is missing. */
  readonly missing: ReadonlySet<string>
  readonly decimal: '.' | ','
}

/** Texts that say that a cell is missing where nobody says which do. */
export const MISSING: ReadonlyArray<string> = ['', 'NA', 'N/A', 'n/a', 'NaN', 'nan', 'NULL', 'null', '?']

/** In `codes`: a cell that is missing, and a number whose text is not held. */
const [GAP, NUMBER] = [-2, -1]

/** Distinct texts of a column up to which those of numbers are held, too. */
const MOST_TEXTS = 1000

/** The cells of a column that have been read, as texts and as numbers. */
export interface HeldCells {
  readonly length: number
  /** The text of a cell; `null` where it is missing. */
  readonly get: (n: number) => string | null
  /** The number that a cell is; NaN where it is missing or no number. */
  readonly numberAt: (n: number) => number
}

/** Takes the cells of a column one by one. */
export interface Holder {
  /** What somebody may have in a list, or a text. */
  readonly push: (cell: unknown) => void
  readonly held: () => HeldCells
}

const NUMERAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
/** A code, such as that of a place or a product, and no number. */
const ZERO_FIRST = /^[+-]?0\d/

/** The number that a text is in decimal notation, and NaN for anything else: 007 is a code. */
export const numeral = (text: string, decimal: '.' | ',' = '.'): number => {
  const plain = decimal === ',' && !text.includes('.') ? text.replace(',', '.') : text
  if ((decimal === ',' && text.includes('.')) || !NUMERAL.test(plain) || ZERO_FIRST.test(plain)) return Number.NaN
  const number = Number(plain)
  // One that float64 does not hold is no number here.
  return Number.isFinite(number) ? number : Number.NaN
}

/** Whether a text looks like the code of something: digits after a zero. */
export const isCode = (text: string): boolean => ZERO_FIRST.test(text)

const grown = <A extends Float64Array | Int32Array>(array: A, length: number): A => {
  if (length <= array.length) return array
  const larger = new (array.constructor as new (n: number) => A)(2 * array.length)
  larger.set(array)
  return larger
}

/** Holds cells as they come. `keepTexts` holds the texts of all numbers, however many: 1.10 is not 1.1 then. */
export const holder = ({ missing, decimal }: Reading, keepTexts: boolean): Holder => {
  let length = 0
  let [numbers, codes] = [new Float64Array(64), new Int32Array(64)]
  let places = new Map<string, number>()
  let texts: string[] = []
  let numbersOfTexts: number[] = []
  let [holdsAll, areNumbers] = [true, true]

  const write = (number: number, code: number): void => {
    numbers = grown(numbers, length + 1)
    codes = grown(codes, length + 1)
    numbers[length] = number
    codes[length++] = code
  }

  const pushText = (text: string): void => {
    let place = places.get(text)
    if (place === undefined) {
      const number = numeral(text, decimal)
      if (!holdsAll && !Number.isNaN(number)) {
        write(number, NUMBER)
        return
      }
      place = texts.length
      areNumbers &&= !Number.isNaN(number)
      places.set(text, place)
      texts.push(text)
      numbersOfTexts.push(number)
    }
    write(numbersOfTexts[place]!, place)
    if (!holdsAll || keepTexts || !areNumbers || texts.length <= MOST_TEXTS) return
    // A column of numbers: what they are is in `numbers`.
    holdsAll = false
    ;[places, texts, numbersOfTexts] = [new Map(), [], []]
    for (let n = 0; n < length; n++) if (codes[n]! >= 0) codes[n] = NUMBER
  }

  const push = (cell: unknown): void => {
    if (cell === null || cell === undefined || Number.isNaN(cell)) {
      write(Number.NaN, GAP)
      return
    }
    if (typeof cell === 'number' && !holdsAll && Number.isFinite(cell)) {
      write(cell, NUMBER)
      return
    }
    const text = (typeof cell === 'number' && decimal === ',' ? String(cell).replace('.', ',') : String(cell)).trim()
    if (missing.has(text)) write(Number.NaN, GAP)
    else pushText(text)
  }

  const held = (): HeldCells => ({
    length,
    get: n => (codes[n] === GAP ? null : codes[n] === NUMBER ? String(numbers[n]) : texts[codes[n]!]!),
    numberAt: n => numbers[n]!,
  })
  return { push, held }
}
