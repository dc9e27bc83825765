import type { Choice, Table } from '../table.js'

/** A column of numbers as it stands in a model, with what its prior is made of. */
export interface NumberColumn {
  readonly name: string
  readonly values: Float64Array
  readonly mean: number
  readonly variance: number
}

export interface CountColumn {
  readonly name: string
  readonly values: Float64Array
  readonly mean: number
}

export interface CategoryColumn {
  readonly name: string
  readonly values: Float64Array
  readonly levels: ReadonlyArray<string>
  /** How often each category is there. */
  readonly counts: ReadonlyArray<number>
}

/** Whether the numbers of a row vary together within a component, or each on its own. */
export type Shape = 'together' | 'apart'

/** What is learnt from a table: the same for any number of components. */
export interface Plan {
  readonly rows: number
  /**
   * `gaussian`: numbers alone, with a full covariance; `diagonal`: numbers alone, each on its own; `product`: columns of any kind, in
   * which the numbers are one block where they vary together.
   */
  readonly form: 'gaussian' | 'diagonal' | 'product'
  /** The numbers are one block, with a full covariance. */
  readonly isBlock: boolean
  readonly numbers: ReadonlyArray<NumberColumn>
  readonly counts: ReadonlyArray<CountColumn>
  readonly categories: ReadonlyArray<CategoryColumn>
  /** Why numbers that were to vary together do not, a sentence. */
  readonly note?: string
}

const momentsOf = (values: Float64Array): { readonly mean: number; readonly variance: number } => {
  let [count, sum, size] = [0, 0, 0]
  for (const x of values)
    if (!Number.isNaN(x)) {
      count++
      sum += x
      size = Math.max(size, Math.abs(x))
    }
  const mean = count === 0 ? 0 : sum / count
  let squares = 0
  for (const x of values) if (!Number.isNaN(x)) squares += (x - mean) ** 2
  const variance = count === 0 ? 0 : squares / count
  // A column that does not vary has the square of its size, as in the prior of Gaussian mixtures.
  return { mean, variance: variance > (4 * Number.EPSILON * size) ** 2 ? variance : size ** 2 || 1 }
}

const countsOf = (codes: Float64Array, levels: number): ReadonlyArray<number> => {
  const counts = new Array<number>(levels).fill(0)
  for (const code of codes) if (!Number.isNaN(code)) counts[code]!++
  return counts
}

/** The first column whose cells are missing in other rows than those of the first. */
const gapApart = (columns: ReadonlyArray<NumberColumn>): NumberColumn | undefined =>
  columns.find(({ values }) => values.some((x, n) => Number.isNaN(x) !== Number.isNaN(columns[0]!.values[n]!)))

const hasGaps = ({ values }: { readonly values: Float64Array }): boolean => values.some(Number.isNaN)

/** What is learnt from the columns that are chosen; `undefined` where none is. */
export const planOf = (table: Table, choices: ReadonlyArray<Choice>, shape: Shape): Plan | undefined => {
  const chosen = table.columns.flatMap((column, i) => (choices[i]!.used ? [{ column, kind: choices[i]!.kind }] : []))
  const columnsOf = (kind: Choice['kind']) => chosen.filter(c => c.kind === kind).map(c => c.column)
  const numbers = columnsOf('number').map(c => ({ name: c.name, values: c.numbers!, ...momentsOf(c.numbers!) }))
  const counts = columnsOf('count').map(c => ({ name: c.name, values: c.numbers!, mean: momentsOf(c.numbers!).mean }))
  const categories = columnsOf('category').map(c => ({
    name: c.name,
    values: c.codes!,
    levels: c.levels,
    counts: countsOf(c.codes!, c.levels.length),
  }))
  if (numbers.length + counts.length + categories.length === 0) return undefined
  const apart = shape === 'together' ? gapApart(numbers) : undefined
  const isBlock = shape === 'together' && numbers.length > 1 && apart === undefined
  const isNumbers = counts.length + categories.length === 0 && !numbers.some(hasGaps)
  return {
    rows: table.rows,
    form: !isNumbers ? 'product' : isBlock ? 'gaussian' : 'diagonal',
    isBlock,
    numbers,
    counts,
    categories,
    ...(apart !== undefined && {
      note: `Numbers are each on their own, since cells of ${apart.name} are missing in other rows than those of ${numbers[0]!.name}.`,
    }),
  }
}
