import type { Densities, FactorDensities } from '@conjugate/executors'
import { LOWEST } from './forms/linear.js'

/** How much of a row belongs to its own group; the rest is shared out among all of them. */
const OWN = 0.9

/** No group is taken for smaller than this share of an average one: an empty one would have no rows at all. */
const SMALLEST = 0.01

/**
 * N x K responsibilities, for K of so many states, of groups that no user has vouched for: nine tenths of a row are its own
 * group's, and each group has of all others in proportion to its size, so that they are a tenth of each, large or small. An
 * M-step from hard groups has probabilities of 0, which EM never leaves, and spikes where rows are alike. Rows of group -1
 * belong to none.
 */
export const softened = (
  groups: ArrayLike<number>,
  count: number,
  states: number,
  weightOf: (n: number) => number,
): Float64Array => {
  const sizes = new Float64Array(count)
  for (let n = 0; n < groups.length; n++) if (groups[n]! >= 0) sizes[groups[n]!]! += weightOf(n)
  const total = sizes.reduce((a, b) => a + b, 0)
  const shares = sizes.map(v => Math.max(v, (SMALLEST * total) / count))
  const sum = shares.reduce((a, b) => a + b, 0)
  const strangers = shares.map(v => (sum > 0 ? ((1 - OWN) * v) / sum : (1 - OWN) / count))
  const q = new Float64Array(groups.length * states)
  for (let n = 0; n < groups.length; n++) {
    if (groups[n]! < 0) continue
    const w = weightOf(n)
    for (let k = 0; k < count; k++) q[n * states + k] = w * (strangers[k]! + (groups[n] === k ? OWN : 0))
  }
  return q
}

/** Whether a component is at the boundary of its family, where something is impossible. */
export const reachesBoundary = (densities: Densities | FactorDensities): boolean => {
  if (densities._tag === 'Product') return densities.factors.some(reachesBoundary)
  const isOutside = (v: number): boolean => !(v > LOWEST && v < Number.POSITIVE_INFINITY)
  const hasNaturals = densities._tag === 'Linear' || densities._tag === 'Indexed'
  return hasNaturals && (densities.natural.some(isOutside) || densities.logConstant.some(isOutside))
}
