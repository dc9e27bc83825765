import type { Random } from '@conjugate/distributions'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { FitError } from '../errors.js'
import { joinedBatches } from '../model/batches.js'
import { pickRows } from './pick-rows.js'

/** Observations from all over a table, with their weights. */
export interface Sample {
  readonly data: unknown
  readonly rowWeights: Vector | undefined
}

/** Gathers some of N observations that come in blocks. */
export interface Sampling {
  readonly add: (data: unknown, rowWeights: Float64Array | undefined, rows: number) => void
  readonly found: () => E.Either<FitError, Sample>
}

/** Takes the observations of which `takes` says so, when it is asked for each in order. */
const sampling = (takes: (n: number) => boolean): Sampling => {
  const parts: unknown[] = []
  const weights: number[] = []
  let isWeighted = false
  let n = 0
  return {
    add: (data, rowWeights, rows) => {
      const own: number[] = []
      for (let row = 0; row < rows; row++, n++) if (takes(n)) own.push(row)
      if (own.length === 0) return
      isWeighted ||= rowWeights !== undefined
      for (const row of own) weights.push(rowWeights?.[row] ?? 1)
      parts.push(own.length === rows ? data : pickRows(data, Int32Array.from(own)))
    },
    found: () => {
      const joined =
        parts.length === 1 ? { data: parts[0] } : joinedBatches(parts.map(data => ({ data, structure: {} })))
      return joined === undefined
        ? E.left({
            _tag: 'UnreadableData',
            what: 'table',
            expected: 'blocks of one form, such as the same columns',
            received: 'others',
          })
        : E.right({ data: joined.data, rowWeights: isWeighted ? Float64Array.from(weights) : undefined })
    },
  }
}

/** Observations that are evenly spread, at most so many: those among which a centre is found. */
export const evenly = (rows: number, most: number): Sampling => {
  const taken = Math.min(rows, most)
  let i = 0
  return sampling(n => {
    if (i >= taken || n !== Math.floor((i * rows) / taken)) return false
    i++
    return true
  })
}

/**
 * Observations drawn at random, each with the same probability, all of them where there are no more than are asked for.
 * Source: Fan, Muller and Rezucha, Development of sampling plans by using sequential selection techniques (1962), algorithm S.
 */
export const drawn = (rows: number, most: number, random: Random): Sampling => {
  let left = Math.min(rows, most)
  return sampling(n => {
    const takes = left >= rows - n || random.integer(rows - n) < left
    if (takes) left--
    return takes
  })
}
