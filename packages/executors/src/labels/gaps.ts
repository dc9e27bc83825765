import type { Standardised } from './groups.js'

/** Bins of a column, for so many groups at most: with more groups to sort is as fast. */
const [BINS, MOST_GROUPS] = [64, 12]

/** For that the sums of bins are rounded. */
const SLACK = 1 - 1e-9

/**
 * Whether a column may fall into so many groups with less than a share of its squared deviations within them. It is counted into bins,
 * not sorted: whatever contiguous groups are, these bins are divided likewise but for those in which one group ends, and without the
 * numbers in these there is less within groups. So no column is missed.
 */
export const mayHaveGaps = (
  { data, width, weights }: Standardised,
  column: number,
  count: number,
  share: number,
): boolean => {
  if (count > MOST_GROUPS) return true
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let i = column; i < data.length; i += width) {
    if (data[i]! < least) least = data[i]!
    if (data[i]! > most) most = data[i]!
  }
  const bins = Math.max(BINS, 8 * count)
  const scale = bins / (most - least)
  if (!(scale > 0 && scale < Number.POSITIVE_INFINITY)) return true
  // Before each bin: the weight of numbers, their sum and that of their squares.
  const [weight, sum, squares] = [0, 0, 0].map(() => new Float64Array(bins + 1)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  for (let i = column, n = 0; i < data.length; i += width, n++) {
    const value = data[i]!
    const bin = 1 + Math.min(bins - 1, Math.floor((value - least) * scale))
    const w = weights === undefined ? 1 : weights[n]!
    weight[bin]! += w
    sum[bin]! += w * value
    squares[bin]! += w * value * value
  }
  for (let b = 1; b <= bins; b++) {
    weight[b]! += weight[b - 1]!
    sum[b]! += sum[b - 1]!
    squares[b]! += squares[b - 1]!
  }
  const within = (from: number, to: number): number => {
    const w = weight[to]! - weight[from]!
    return w > 0 ? Math.max(0, squares[to]! - squares[from]! - (sum[to]! - sum[from]!) ** 2 / w) : 0
  }
  // The least within groups of all bins before one, of one group more each time.
  let best = Float64Array.from({ length: bins + 1 }, (_, to) => within(0, to))
  for (let k = 1; k < count; k++) {
    const next = new Float64Array(bins + 1)
    for (let to = 1; to <= bins; to++) {
      let found = best[to]!
      for (let from = 1; from <= to; from++) {
        // A group may end in the bin before this one, or with it.
        const before = Math.min(best[from]!, best[from - 1]!)
        if (before >= found) continue
        found = Math.min(found, before + within(from, to))
      }
      next[to] = found
    }
    best = next
  }
  return best[bins]! * SLACK < share * within(0, bins)
}
