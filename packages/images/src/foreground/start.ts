import type { GaussianStatistics } from '@conjugate/distributions'
import type { FitError } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Learnt } from './learnt.js'
import type { Level } from './level.js'
import type { CountedRows } from './prior.js'
import { splitRows } from './split.js'
import { ofLabel, tallyOf } from './tally.js'

/** Adds up the weights of K groups, and their rows times those. */
const addGroups = (
  totals: Float64Array,
  sums: Float64Array,
  d: number,
  data: Float64Array,
  weights: Float64Array,
  groups: Int32Array,
): void => {
  for (let u = 0; u < groups.length; u++) {
    const [weight, k] = [weights[u]!, groups[u]!]
    totals[k]! += weight
    for (let i = 0; i < d; i++) sums[k * d + i]! += weight * data[u * d + i]!
  }
}

/** Adds up the products of deviations from the means of K groups. */
const addScatters = (
  scatters: Float64Array,
  means: Float64Array,
  d: number,
  data: Float64Array,
  weights: Float64Array,
  groups: Int32Array,
): void => {
  for (let u = 0; u < groups.length; u++) {
    const [weight, k] = [weights[u]!, groups[u]!]
    if (weight === 0) continue
    for (let i = 0; i < d; i++) {
      const weighted = weight * (data[u * d + i]! - means[k * d + i]!)
      for (let j = 0; j < d; j++) scatters[(k * d + i) * d + j]! += weighted * (data[u * d + j]! - means[k * d + j]!)
    }
  }
}

/** The statistics of K groups of rows. */
const statisticsOf = (
  { columns: d, data }: CountedRows,
  weights: Float64Array,
  groups: Int32Array,
  count: number,
): ReadonlyArray<GaussianStatistics> => {
  const totals = new Float64Array(count)
  const means = new Float64Array(count * d)
  const scatters = new Float64Array(count * d * d)
  addGroups(totals, means, d, data, weights, groups)
  for (let k = 0; k < count; k++) if (totals[k]! > 0) for (let i = 0; i < d; i++) means[k * d + i]! /= totals[k]!
  addScatters(scatters, means, d, data, weights, groups)
  return Array.from({ length: count }, (_, k) => ({
    weight: totals[k]!,
    mean: means.slice(k * d, (k + 1) * d),
    scatter: { rows: d, columns: d, data: scatters.slice(k * d * d, (k + 1) * d * d) },
  }))
}

/** Gaussians of the groups that the colours of each label fall into, K for each; that of an empty group is the prior's. */
export const learntFrom = (level: Level, labels: Uint8Array): E.Either<FitError, Learnt> => {
  const { colours, labelCount, components: k, gaussians, index, hints } = level
  const tally = tallyOf(index, labels, colours.rows, hints.weights, labelCount)
  const all = Array.from({ length: labelCount }, (_, label) => label)
  const statistics = all.flatMap(label => {
    const weights = ofLabel(tally, label, labelCount)
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
