import type { WrittenRows } from '@conjugate/executors'
import type { OwnMatrix } from '@conjugate/linalg'
import type { Comparable } from '../comparable.js'
import { writtenRows } from '../written-rows.js'
import type { Codes } from './index-codes.js'
import type { Index } from './indices.js'

/** How many numbers of indicators are written before the next ones: as many as are near to a processor. */
const AT_A_TIME = 2 ** 14

/**
 * Rows in which numbers of indices, from column `first` on, are columns of 1 and 0 for their categories, so that they are as far from
 * each other as these differ. What is missing is 0 in all of these. The first `features` columns tell rows apart.
 */
export const withIndicators = (
  { rows: count, columns, data }: OwnMatrix,
  first: number,
  codes: ReadonlyArray<Codes>,
  indices: ReadonlyArray<Index>,
  features: number,
): Comparable => {
  let end = first
  const digits = indices.flatMap(({ places, shape }, i) => {
    let inner = shape.levels
    return places.map(({ levels, radix }) => {
      inner /= radix
      const place = end
      end += levels
      // For each number of the index the column that is 1, or -1.
      const columnOf = Int32Array.from({ length: shape.levels }, (_, code) => {
        const level = Math.floor(code / inner) % radix
        return level < levels ? place + level : -1
      })
      return { own: codes[i]!, columnOf }
    })
  })
  const more = end - first
  const most = Math.max(1, Math.floor(AT_A_TIME / (columns + more)))
  const write: WrittenRows['write'] = (begin, beyond, target, width) => {
    for (let start = begin; start < beyond; start += most) {
      const stop = Math.min(beyond, start + most)
      target.fill(0, (start - begin) * width, (stop - begin) * width)
      if (columns > 0)
        for (let n = start, to = (start - begin) * width; n < stop; n++, to += width) {
          const from = n * columns
          for (let c = 0; c < first; c++) target[to + c] = data[from + c]!
          for (let c = first; c < columns; c++) target[to + more + c] = data[from + c]!
        }
      for (const { own, columnOf } of digits)
        for (let n = start, to = (start - begin) * width; n < stop; n++, to += width) {
          const place = columnOf[own[n]!]!
          if (place >= 0) target[to + place] = 1
        }
    }
  }
  // Only deviations are NaN where they are missing.
  return {
    rows: writtenRows(count, columns + more, write),
    features: features + more - indices.length,
    hasNoGaps: first === 0,
  }
}
