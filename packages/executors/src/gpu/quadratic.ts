import type { QuadraticDensities } from '../contract/executor.js'
import { zeroStatistics } from '../contract/statistics.js'
import { addProducts } from '../tensors/statistics.js'
import { widen } from '../tensors/widen.js'
import { uploadConstants } from './constants.js'
import type { FactorKind } from './kind.js'
import { logitsOfWhitened } from './logits.js'
import { presentOnly, presentWeights, restoreMoments, uploadMeans } from './means.js'

/** Transposes each D x D matrix. */
const transposed = (matrices: Float64Array, columns: number): Float64Array =>
  matrices.map((_, at) => {
    const [i, j] = [Math.floor(at / columns) % columns, at % columns]
    return matrices[at + (j - i) * (columns - 1)]!
  })

/** The whitened vectors of K components, K x D, in float64. */
const whitened = (vectors: Float64Array, { columns, whitening }: QuadraticDensities): Float64Array =>
  vectors.map((_, at) => {
    const first = at - (at % columns)
    let sum = 0
    for (let j = 0; j < columns; j++) sum += whitening[at * columns + j]! * vectors[first + j]!
    return sum
  })

const resident: FactorKind<QuadraticDensities>['resident'] = (upload, data, densities) => {
  const { components, columns, whitening } = densities
  const width = columns + 1
  // A shift would have to be taken off where cells are missing.
  const amongRows = !data.hasGaps
  const { means, shifts } = uploadMeans(upload, data, densities, data.mixing, amongRows)
  const { constants, constant } = uploadConstants(upload, densities.logConstant)
  const scaled = whitening.map((w, i) => w * data.columnScales[i % columns]!)
  // The zeros in the last column leave the ones out.
  const factors = upload(widen(data.mixing.dual(scaled), columns), [1, components, columns, width])
  const offsets = amongRows && upload(whitened(shifts, densities), [1, components, columns, 1])
  return {
    constant,
    totalBase: constant * data.totalWeight,
    logits: (tf, { mixed, present }) => {
      const residual = presentOnly(tf, tf.sub(mixed, means), present)
      return {
        logits: logitsOfWhitened(
          tf,
          constants,
          offsets ? tf.add(tf.matMul(factors, residual), offsets) : tf.matMul(factors, residual),
        ),
        sums: responsibilities => [
          tf.matMul(tf.mul(tf.expandDims(responsibilities, 2), residual), residual, false, true),
          ...presentWeights(tf, responsibilities, present),
        ],
      }
    },
    sizes: [components * width * width, ...(data.hasGaps ? [components * width] : [])],
    statistics: ([products, present]) => {
      const statistics = zeroStatistics(densities)
      addProducts(statistics, densities, products!)
      const { sum, outer } = statistics
      const { unmix } = data.mixing
      sum.set(unmix(sum))
      // Row by row, of a symmetric O: O U', then U O U'.
      outer.set(unmix(transposed(unmix(outer), columns)))
      const restored = restoreMoments(data, shifts, statistics, data.hasGaps ? present : undefined)
      for (let k = 0, at = 0; k < components; k++)
        for (let i = 0; i < columns; i++)
          for (let j = 0; j < columns; j++, at++)
            // The lower triangle for both, since the two may be rounded differently.
            outer[at] = restored(k, i, j, outer[i < j ? at + (j - i) * (columns - 1) : at]!)
      return statistics
    },
  }
}

export const quadratic: FactorKind<QuadraticDensities> = { mixes: true, resident }
