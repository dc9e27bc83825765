import type { QuadraticDensities } from '../executor.js'
import { zeroStatistics } from '../statistics.js'
import { addProducts } from '../tensorflow/statistics.js'
import { widen } from '../tensorflow/widen.js'
import { uploadConstants } from './constants.js'
import type { Kind } from './kind.js'
import { logitsOfWhitened } from './logits.js'
import { restoreMoments, uploadMeans } from './means.js'

export const quadratic: Kind<QuadraticDensities> = (upload, data, densities) => {
  const { components, columns, whitening } = densities
  const width = columns + 1
  const { means, shifts } = uploadMeans(upload, data, densities)
  const { constants, constant } = uploadConstants(upload, densities.logConstant)
  const scaled = whitening.map((w, i) => w * data.columnScales[i % columns]!)
  // The zeros in the last column leave the ones out.
  const factors = upload(widen(scaled, columns), [1, components, columns, width])
  return {
    constant,
    totalBase: constant * data.totalWeight,
    logits: (tf, values) => {
      const residual = tf.sub(values, means)
      return { residual, logits: logitsOfWhitened(tf, constants, tf.matMul(factors, residual)) }
    },
    sums: (tf, responsibilities, residual) => [
      tf.matMul(tf.mul(tf.expandDims(responsibilities, 2), residual), residual, false, true),
    ],
    sizes: [components * width * width],
    statistics: ([products]) => {
      const statistics = zeroStatistics(densities)
      addProducts(statistics, densities, products!)
      const restored = restoreMoments(data, shifts, statistics)
      const { outer } = statistics
      for (let k = 0, at = 0; k < components; k++)
        for (let i = 0; i < columns; i++)
          for (let j = 0; j < columns; j++, at++) outer[at] = restored(k, i, j, outer[at]!)
      return statistics
    },
  }
}
