import type { LinearDensities } from '../contract/executor.js'
import { zeroStatistics } from '../contract/statistics.js'
import { addColumns, addWeights } from '../tensors/statistics.js'
import { widen } from '../tensors/widen.js'
import { columnCentres } from './centre.js'
import { SPACING, uploadConstants } from './constants.js'
import type { FactorKind } from './kind.js'
import { floored } from './logits.js'
import { restoreMoments } from './means.js'
import type { ResidentRows } from './rows.js'

/**
 * The least natural parameter of a scaled row, whose columns are about 1. Lower ones stand for probabilities of 0, which
 * float32 has no number for.
 */
const LEAST_NATURAL = -(2 ** 96)

const isDead = (constant: number): boolean => constant === Number.NEGATIVE_INFINITY

/**
 * Naturals of scaled rows, in two parts: what the components have in common, which float64 sees to, and the rest. Inner
 * products with the rest alone are rounded to float32.
 */
const split = ({ columnScales: scales }: ResidentRows, { columns, natural, logConstant }: LinearDensities) => {
  const scaled = natural.map((v, i) => v * scales[i % columns]!)
  const counts = (i: number): boolean => !isDead(logConstant[Math.floor(i / columns)]!) && scaled[i]! >= LEAST_NATURAL
  const common = columnCentres(scaled, columns, counts)
  const rest = scaled.map((v, i) => (counts(i) ? v - common[i % columns]! : Math.max(v, LEAST_NATURAL)))
  return { common, rest }
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0)

const resident: FactorKind<LinearDensities>['resident'] = (upload, data, densities) => {
  const { components, columns, natural } = densities
  const { centres, totals } = data
  const width = columns + 1
  const ofCentre = densities.logConstant.map(
    (c, k) => c + dot(natural.subarray(k * columns, (k + 1) * columns), centres),
  )
  const { constants, relative, constant } = uploadConstants(upload, ofCentre)
  const { common, rest } = split(data, densities)
  const naturals = upload(widen(rest, columns), [1, 1, components, width])
  const slope = upload(widen(common, columns), [1, 1, 1, width])
  // The constants are the parameters of the ones at the end of the rows.
  const parameters = widen(rest, columns)
  for (const [k, c] of relative.entries()) parameters[k * width + columns] = c
  const lost = parameters.map(v => v - Math.fround(v))
  return {
    constant,
    slope: (tf, { values }) => tf.squeeze(tf.matMul(slope, values), [1]),
    totalBase: constant * data.totalWeight + dot(common, totals),
    logits: (tf, { values }) => {
      const products = tf.squeeze(tf.matMul(naturals, values), [1])
      return {
        logits: floored(tf, tf.add(constants, products)),
        sums: responsibilities => [tf.matMul(tf.expandDims(responsibilities, 1), values, false, true)],
      }
    },
    sizes: [components * width],
    // The derivative of the log-likelihood by a logarithm is its responsibility.
    rounding: ([sums]) => ({
      lost: dot(lost, sums!),
      most: SPACING * dot(parameters.map(Math.abs), sums!.map(Math.abs)),
    }),
    statistics: ([sums]) => {
      const statistics = zeroStatistics(densities)
      const { weight, sum } = statistics
      addColumns(sum, sums!, columns)
      addWeights(weight, sums!, columns)
      const shifts = sum.map((_, i) => centres[i % columns]!)
      restoreMoments(data, shifts, statistics)
      return statistics
    },
  }
}

export const linear: FactorKind<LinearDensities> = { mixes: false, resident }
