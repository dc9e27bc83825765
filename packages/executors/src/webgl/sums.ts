import type { MixtureExpectation, QuadraticDensities, QuadraticStatistics } from '../executor.js'
import { zeroStatistics } from '../statistics.js'
import { addProducts } from '../tensorflow/statistics.js'
import type { UploadedDensities } from './densities.js'
import type { ResidentRows } from './rows.js'

/** Float64 sums of what the groups of rows gave in float32, in the scaled units of the rows. */
export interface Sums {
  /** K x E x E. */
  readonly products: Float64Array
  logLikelihood: number
  /** The weight of rows that no component can have brought about. */
  impossible: number
}

export const emptySums = ({ components, columns }: QuadraticDensities): Sums => ({
  products: new Float64Array(components * (columns + 1) ** 2),
  logLikelihood: 0,
  impossible: 0,
})

/** Adds the sums of the groups of a block, in the order of `blockSums`. */
export const addBlock = (sums: Sums, block: ArrayLike<number>): void => {
  const { products } = sums
  const size = products.length
  const groups = block.length / (size + 2)
  for (let group = 0, at = 0; group < groups; group++) for (let i = 0; i < size; i++) products[i]! += block[at++]!
  for (let group = 0, at = groups * size; group < groups; group++, at++) {
    sums.logLikelihood += block[at]!
    sums.impossible += block[at + groups]!
  }
}

/** Back to the units of the densities, and from the rounded means to the exact ones. */
const restore = (
  { columnScales: scales, weightScale }: ResidentRows,
  { components, columns, mean }: QuadraticDensities,
  rounded: Float64Array,
  { weight, sum, outer }: QuadraticStatistics,
): void => {
  for (let k = 0; k < components; k++) {
    weight[k]! *= weightScale
    const shift = (i: number): number => rounded[k * columns + i]! - mean[k * columns + i]!
    const sums = Float64Array.from(scales, (scale, i) => sum[k * columns + i]! * scale * weightScale)
    for (let i = 0; i < columns; i++) {
      for (let j = 0; j < columns; j++) {
        const at = (k * columns + i) * columns + j
        const scaled = outer[at]! * scales[i]! * scales[j]! * weightScale
        // In this order the result is symmetric to the bit.
        outer[at] = scaled + (sums[i]! * shift(j) + shift(i) * sums[j]!) + weight[k]! * (shift(i) * shift(j))
      }
      sum[k * columns + i] = sums[i]! + weight[k]! * shift(i)
    }
  }
}

/** Every row belongs to the components by a total of its weight; a GPU that lost its memory or met NaN shows here. */
const assertComplete = (
  { totalWeight }: ResidentRows,
  { impossible }: Sums,
  { weight, outer }: QuadraticStatistics,
) => {
  const missing = weight.reduce((sum, w) => sum + w, 0) + impossible - totalWeight
  if (!(Math.abs(missing) <= 1e-3 * totalWeight) || !outer.every(Number.isFinite))
    throw new Error('the numbers leave the range of float32, or the GPU has lost them')
}

export const expectationOf = (
  data: ResidentRows,
  densities: QuadraticDensities,
  { constant, mean }: UploadedDensities,
  sums: Sums,
): MixtureExpectation<QuadraticDensities> => {
  const statistics = zeroStatistics(densities)
  addProducts(statistics, densities, sums.products)
  assertComplete(data, sums, statistics)
  restore(data, densities, mean, statistics)
  const logLikelihood = data.weightScale * (sums.logLikelihood + constant * data.totalWeight)
  return { statistics, logLikelihood: sums.impossible > 0 ? Number.NEGATIVE_INFINITY : logLikelihood }
}
