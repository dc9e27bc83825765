import type { Vector } from '@conjugate/linalg'
import type { QuadraticStatistics } from '../contract/executor.js'
import type { Filling } from './marginals.js'
import type { Pattern } from './patterns.js'

/** Sums of all columns, and for each component and column how much of its weight has a cell. */
export interface WholeSums {
  readonly statistics: QuadraticStatistics
  readonly there: Float64Array
}

export const noSums = (components: number, columns: number): WholeSums => ({
  statistics: {
    weight: new Float64Array(components),
    sum: new Float64Array(components * columns),
    outer: new Float64Array(components * columns * columns),
  },
  there: new Float64Array(components * columns),
})

/** Adds what is expected of rows of a pattern, from the sums of the cells that they have. */
export const addExpected = (
  { statistics, there: weightThere }: WholeSums,
  columns: number,
  { there, missing }: Pattern,
  part: { readonly weight: Vector; readonly sum: Vector; readonly outer?: Vector },
  fillings: ReadonlyArray<Filling | undefined>,
): void => {
  const [o, m] = [there.length, missing.length]
  const regressed = new Float64Array(m * o)
  for (let k = 0; k < part.weight.length; k++) {
    const weight = part.weight[k]!
    const [sums, products] = [k * columns, k * columns * columns]
    statistics.weight[k]! += weight
    for (let i = 0; i < o; i++) {
      weightThere[sums + there[i]!]! += weight
      statistics.sum[sums + there[i]!]! += part.sum[k * o + i]!
      if (part.outer)
        for (let j = 0; j < o; j++)
          statistics.outer[products + there[i]! * columns + there[j]!]! += part.outer[(k * o + i) * o + j]!
    }
    const filling = fillings[k]
    if (filling === undefined || part.outer === undefined) continue
    const { slopes, spread } = filling
    for (let a = 0; a < m; a++) {
      let sum = 0
      for (let i = 0; i < o; i++) {
        sum += slopes.data[a * o + i]! * part.sum[k * o + i]!
        let product = 0
        for (let j = 0; j < o; j++) product += slopes.data[a * o + j]! * part.outer[(k * o + j) * o + i]!
        regressed[a * o + i] = product
        statistics.outer[products + missing[a]! * columns + there[i]!]! += product
        statistics.outer[products + there[i]! * columns + missing[a]!]! += product
      }
      statistics.sum[sums + missing[a]!]! += sum
      weightThere[sums + missing[a]!]! += weight
    }
    for (let a = 0; a < m; a++)
      for (let b = 0; b <= a; b++) {
        let product = weight * spread.data[a * m + b]!
        for (let i = 0; i < o; i++) product += regressed[a * o + i]! * slopes.data[b * o + i]!
        statistics.outer[products + missing[a]! * columns + missing[b]!]! += product
        if (a !== b) statistics.outer[products + missing[b]! * columns + missing[a]!]! += product
      }
  }
}

/**
 * Where nothing has been expected of missing cells, they are as those of their column that are there, independently of the others: sums
 * and squares grow by the share of the weight that lacks a cell.
 */
export const stretched = ({ statistics, there }: WholeSums, columns: number): QuadraticStatistics => {
  for (let k = 0; k < statistics.weight.length; k++)
    for (let i = 0, at = k * columns; i < columns; i++, at++) {
      const share = there[at]! > 0 && there[at]! < statistics.weight[k]! ? statistics.weight[k]! / there[at]! : 1
      if (share === 1) continue
      statistics.sum[at]! *= share
      statistics.outer[at * columns + i]! *= share
    }
  return statistics
}

/** Adds sums of factors that are whole. */
export const addTo = (all: Record<string, Float64Array>, more: Record<string, Float64Array>): void => {
  for (const [name, values] of Object.entries(more)) {
    const sums = all[name]
    if (sums === undefined) all[name] = values.slice()
    else for (let i = 0; i < values.length; i++) sums[i]! += values[i]!
  }
}
