import type { CountedRows } from './prior.js'

/** The mean and the covariance of the rows of one group, with what they count together. */
interface Group {
  readonly weight: number
  readonly mean: Float64Array
  /** The direction of largest variance, and that variance times the weight. */
  readonly axis: Float64Array
  readonly spread: number
}

/** Steps of the power method, of which the last change nothing that a split would see. */
const POWER_STEPS = 30

/** The direction in which rows of a D x D scatter vary most. */
const principalAxis = (scatter: Float64Array, d: number): { readonly axis: Float64Array; readonly spread: number } => {
  let axis = new Float64Array(d)
  // The column of the largest variance has a part in it.
  let widest = 0
  for (let i = 1; i < d; i++) if (scatter[i * d + i]! > scatter[widest * d + widest]!) widest = i
  for (let i = 0; i < d; i++) axis[i] = scatter[i * d + widest]!
  let spread = scatter[widest * d + widest]!
  for (let step = 0; step < POWER_STEPS; step++) {
    const length = Math.sqrt(axis.reduce((sum, v) => sum + v * v, 0))
    if (!(length > 0)) return { axis, spread: 0 }
    const unit = axis.map(v => v / length)
    const next = new Float64Array(d)
    for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) next[i]! += scatter[i * d + j]! * unit[j]!
    spread = 0
    for (let i = 0; i < d; i++) spread += unit[i]! * next[i]!
    axis = next
  }
  return { axis, spread }
}

// Each loop over rows is a function by itself, which is compiled once for all groups.

/** Adds up the rows of a group in `sum`, and gives what they count. */
const sumOfGroup = (
  sum: Float64Array,
  data: Float64Array,
  weights: Float64Array,
  groups: Int32Array,
  group: number,
): number => {
  const d = sum.length
  let weight = 0
  for (let u = 0; u < groups.length; u++) {
    if (groups[u] !== group || weights[u] === 0) continue
    weight += weights[u]!
    for (let i = 0; i < d; i++) sum[i]! += weights[u]! * data[u * d + i]!
  }
  return weight
}

/** Adds up the products of deviations from the mean in a group, in the lower triangle of `scatter`. */
const addScatter = (
  scatter: Float64Array,
  mean: Float64Array,
  data: Float64Array,
  weights: Float64Array,
  groups: Int32Array,
  group: number,
): void => {
  const d = mean.length
  for (let u = 0; u < groups.length; u++) {
    if (groups[u] !== group || weights[u] === 0) continue
    for (let i = 0; i < d; i++) {
      const weighted = weights[u]! * (data[u * d + i]! - mean[i]!)
      for (let j = 0; j <= i; j++) scatter[i * d + j]! += weighted * (data[u * d + j]! - mean[j]!)
    }
  }
}

const groupOf = (
  { columns: d, data }: CountedRows,
  weights: Float64Array,
  groups: Int32Array,
  group: number,
): Group => {
  const mean = new Float64Array(d)
  const weight = sumOfGroup(mean, data, weights, groups, group)
  if (weight > 0) for (let i = 0; i < d; i++) mean[i]! /= weight
  const scatter = new Float64Array(d * d)
  addScatter(scatter, mean, data, weights, groups, group)
  for (let i = 0; i < d; i++) for (let j = i + 1; j < d; j++) scatter[i * d + j] = scatter[j * d + i]!
  return { weight, mean, ...principalAxis(scatter, d) }
}

/** Moves the rows of a group that lie behind its mean along an axis to another one. */
const splitGroup = (
  { mean, axis }: Pick<Group, 'mean' | 'axis'>,
  data: Float64Array,
  weights: Float64Array,
  groups: Int32Array,
  from: number,
  to: number,
): void => {
  const d = mean.length
  for (let u = 0; u < groups.length; u++) {
    if (groups[u] !== from || weights[u] === 0) continue
    let along = 0
    for (let i = 0; i < d; i++) along += axis[i]! * (data[u * d + i]! - mean[i]!)
    if (along > 0) groups[u] = to
  }
}

/**
 * Groups rows for a mixture to start from: again and again the group that varies most along one direction is split there, at its
 * mean. `weights` say what rows count; those of weight 0 are in group 0. Where rows are too few, groups stay empty.
 * Source: Orchard and Bouman, Color quantization of images (1991).
 */
export const splitRows = (rows: CountedRows, weights: Float64Array, count: number): Int32Array => {
  const groups = new Int32Array(rows.rows)
  const known = [groupOf(rows, weights, groups, 0)]
  while (known.length < count) {
    let from = 0
    for (let k = 1; k < known.length; k++) if (known[k]!.spread > known[from]!.spread) from = k
    if (!(known[from]!.spread > 0)) break
    const to = known.length
    splitGroup(known[from]!, rows.data, weights, groups, from, to)
    known[from] = groupOf(rows, weights, groups, from)
    known.push(groupOf(rows, weights, groups, to))
  }
  return groups
}
