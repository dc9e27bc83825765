import { columnScales } from './scale.js'

/** Weights of rows in units of about 1. */
export interface Weighing {
  /** N. */
  readonly weights: Float64Array
  /** What they were divided by. */
  readonly weightScale: number
  /** Their sum. */
  readonly totalWeight: number
  /** D: the sums of the scaled columns, each row times its scaled weight, in float64. */
  readonly totals: Float64Array
}

interface ScaledColumns {
  readonly columns: number
  /** N x D. */
  readonly scaled: Float64Array
}

export const weigh = ({ scaled, columns }: ScaledColumns, unscaled: Float64Array): Weighing => {
  const weightScale = columnScales(unscaled, 1)[0]!
  const weights = unscaled.map(weight => weight / weightScale)
  const totals = new Float64Array(columns)
  for (let row = 0, i = 0; row < weights.length; row++)
    for (let column = 0; column < columns; column++, i++) totals[column]! += weights[row]! * scaled[i]!
  return { weights, weightScale, totals, totalWeight: weights.reduce((sum, weight) => sum + weight, 0) }
}
