import type { DiagonalDensities } from '../contract/executor.js'
import { zeroStatistics } from '../contract/statistics.js'
import { addColumns, addWeights } from '../tensors/statistics.js'
import { widen } from '../tensors/widen.js'
import { uploadConstants } from './constants.js'
import type { FactorKind } from './kind.js'
import { logitsOfWhitened } from './logits.js'
import { presentOnly, presentWeights, restoreMoments, uploadMeans } from './means.js'

const resident: FactorKind<DiagonalDensities>['resident'] = (upload, data, densities) => {
  const { components, columns, scale } = densities
  const width = columns + 1
  const { means, shifts } = uploadMeans(upload, data, densities)
  const { constants, constant } = uploadConstants(upload, densities.logConstant)
  const scaled = scale.map((s, i) => s * data.columnScales[i % columns]!)
  // The zero at the end leaves the ones out.
  const scales = upload(widen(scaled, columns), [1, components, width, 1])
  return {
    constant,
    totalBase: constant * data.totalWeight,
    logits: (tf, { values, present }) => {
      const residual = presentOnly(tf, tf.sub(values, means), present)
      return {
        logits: logitsOfWhitened(tf, constants, tf.mul(scales, residual)),
        sums: responsibilities => {
          const weighted = tf.mul(tf.expandDims(responsibilities, 2), residual)
          // Weighted before they are squared: where a square overflows the weight is 0.
          const own = [weighted, tf.mul(weighted, residual)].map(x => tf.sum(x, 3))
          return [...own, ...presentWeights(tf, responsibilities, present)]
        },
      }
    },
    sizes: [components * width, components * width, ...(data.hasGaps ? [components * width] : [])],
    statistics: ([sums, squared, present]) => {
      const statistics = zeroStatistics(densities)
      const { weight, sum, squares } = statistics
      addColumns(sum, sums!, columns)
      addWeights(weight, sums!, columns)
      addColumns(squares, squared!, columns)
      const restored = restoreMoments(data, shifts, statistics, data.hasGaps ? present : undefined)
      for (let k = 0, at = 0; k < components; k++)
        for (let i = 0; i < columns; i++, at++) squares[at] = restored(k, i, i, squares[at]!)
      return statistics
    },
  }
}

export const diagonal: FactorKind<DiagonalDensities> = { mixes: false, resident }
