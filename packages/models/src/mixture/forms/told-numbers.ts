import type { Vector } from '@conjugate/linalg'
import type { Comparable } from '../comparable.js'
import type { CellPair } from './form.js'

/** Columns of the linear factor that hold a cell: see `LinearPlace`. */
interface Place {
  readonly pair: CellPair
  readonly block: number | undefined
  readonly first: number
  readonly presence: number
}

/** Whether numbers of a column are their own statistic, and are told apart by others. */
export const isToldApart = ({ pair: { likelihood }, block, first, presence }: Place): boolean =>
  block === undefined &&
  likelihood.toldApartBy !== undefined &&
  presence === first + 1 &&
  likelihood.statisticExpression?.(1)._tag === 'Column'

/**
 * Rows in which the numbers of places are those by which their families tell them apart; one that is missing is NaN. The last `linear` columns that
 * tell rows apart are those of the linear factor.
 */
export const withNumbers = (base: Comparable, linear: number, places: ReadonlyArray<Place>): Comparable => {
  const told = places.filter(isToldApart)
  if (told.length === 0) return base
  const { features } = base
  const { rows, columns } = base.rows
  const data = new Float64Array(base.rows.data)
  const begin = features - linear
  const cell: Vector & Float64Array = new Float64Array(1)
  for (const { pair, first, presence } of told) {
    const number = pair.likelihood.toldApartBy!
    for (let n = 0, at = begin; n < rows; n++, at += columns) {
      cell[0] = data[at + first]!
      data[at + first] = data[at + presence] === 1 ? number(cell) : Number.NaN
    }
  }
  return { rows: { rows, columns, data }, features }
}
