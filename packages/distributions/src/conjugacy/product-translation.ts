import type { ConjugatePrior } from './conjugate-prior.js'
import type { Shift, Translation } from './translation.js'

/** The pair of any column. */
export type Pair = ConjugatePrior<unknown, unknown, unknown, unknown>

/** What belongs to each column, by its name. */
export type Cells = Readonly<Record<string, unknown>>
/** A row, whose cells are numbers or lists of them. */
export type Table = Readonly<Record<string, unknown>>

/** Any observation of a column: of what does not depend on which. */
export const anyCell = ({ block }: Pair): unknown => (block === undefined ? 0 : new Float64Array(block))

type CellShift = Shift<unknown, unknown, unknown, unknown>

/** How the pair of a table moves: each column that has a location as its pair does, and the others not at all. */
export const translationOfProduct = (
  columns: ReadonlyArray<readonly [name: string, pair: Pair]>,
): Translation<Cells, Cells, Table, Cells> => {
  const each = (f: (pair: Pair, column: string) => unknown): Cells =>
    Object.fromEntries(columns.map(([c, pair]) => [c, f(pair, c)]))
  const shiftOf = (
    ofColumn: (pair: Pair, column: string) => CellShift | undefined,
  ): Shift<Cells, Cells, Table, Cells> => {
    const shifts = new Map(columns.map(([c, pair]) => [c, ofColumn(pair, c)]))
    const moves = columns.some(([c]) => shifts.get(c) !== undefined)
    const shifted = (name: keyof CellShift) => (cells: Cells) =>
      // Iterations ask for it.
      moves ? each((_, c) => (cells[c] === null ? null : (shifts.get(c)?.[name](cells[c]) ?? cells[c]))) : cells
    return {
      observation: shifted('observation'),
      prior: shifted('prior'),
      member: shifted('member'),
      statistics: shifted('statistics'),
    }
  }
  return {
    centre: (xs, weights) =>
      Object.fromEntries(
        columns.map(([c, pair]) => {
          if (!pair.translation || xs.length === 0) return [c, anyCell(pair)]
          // A cell that is missing does not count.
          const counts = Array.from(xs, (x, n) => ((x[c] ?? null) === null ? 0 : (weights?.[n] ?? 1)))
          const missing = pair.block === undefined ? Number.NaN : anyCell(pair)
          return [
            c,
            pair.translation.centre(
              Array.from(xs, x => x[c] ?? missing),
              counts,
            ),
          ]
        }),
      ),
    locationOf: {
      member: p => each((pair, c) => pair.translation?.locationOf.member(p[c]) ?? anyCell(pair)) as Table,
      prior: q => each((pair, c) => pair.translation?.locationOf.prior(q[c]) ?? anyCell(pair)) as Table,
    },
    toCentred: centre => shiftOf((pair, c) => pair.translation?.toCentred(centre[c])),
    fromCentred: centre => shiftOf((pair, c) => pair.translation?.fromCentred(centre[c])),
  }
}
