import type { GaussianStatistics } from '@conjugate/distributions'
import type { FitError } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Learnt } from './learnt.js'
import type { Level } from './level.js'
import type { CountedRows } from './prior.js'
import { splitRows } from './split.js'
import { tallyOf } from './tally.js'

/** The statistics of K groups of rows. */
const statisticsOf = (
  { rows, columns: d, data }: CountedRows,
  weights: Float64Array,
  groups: Int32Array,
  count: number,
): ReadonlyArray<GaussianStatistics> =>
  Array.from({ length: count }, (_, k) => {
    const mean = new Float64Array(d)
    let weight = 0
    for (let u = 0; u < rows; u++) {
      if (groups[u] !== k) continue
      weight += weights[u]!
      for (let i = 0; i < d; i++) mean[i]! += weights[u]! * data[u * d + i]!
    }
    if (weight > 0) for (let i = 0; i < d; i++) mean[i]! /= weight
    const scatter = new Float64Array(d * d)
    for (let u = 0; u < rows; u++) {
      if (groups[u] !== k) continue
      for (let i = 0; i < d; i++)
        for (let j = 0; j < d; j++)
          scatter[i * d + j]! += weights[u]! * (data[u * d + i]! - mean[i]!) * (data[u * d + j]! - mean[j]!)
    }
    return { weight, mean, scatter: { rows: d, columns: d, data: scatter } }
  })

/** Gaussians of the groups that the colours of each label fall into, K for each; that of an empty group is the prior's. */
export const learntFrom = (level: Level, labels: Uint8Array): E.Either<FitError, Learnt> => {
  const { colours, labelCount, components: k, gaussians, index, hints } = level
  const tally = tallyOf(index, labels, colours.rows, hints.weights, labelCount)
  const all = Array.from({ length: labelCount }, (_, label) => label)
  const statistics = all.flatMap(label => {
    const weights = Float64Array.from({ length: colours.rows }, (_, u) => tally[labelCount * u + label]!)
    return statisticsOf(colours, weights, splitRows(colours, weights, k), k)
  })
  const totals = all.map(label => statistics.slice(label * k, (label + 1) * k).reduce((sum, s) => sum + s.weight, 0))
  const weights = Float64Array.from(statistics, (s, i) => {
    const total = totals[Math.floor(i / k)]!
    return total > 0 ? s.weight / total : 1 / k
  })
  return pipe(
    gaussians.maximize(statistics),
    E.map(components => ({ weights, components, labels })),
  )
}
