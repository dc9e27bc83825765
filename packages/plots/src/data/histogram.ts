/** Bins of one width with the share of values in each, over that width: they sum to an area of 1. */
export interface Histogram {
  readonly low: number
  readonly width: number
  readonly densities: Float64Array
}

/** Bins at the most. */
const MOST = 120

const quantile = (sorted: Float64Array, share: number): number => sorted[Math.floor(share * (sorted.length - 1))]!

/** The round number that is nearest in ratio: 1, 2 or 5 times a power of ten. */
const roundWidth = (width: number): number => {
  const magnitude = 10 ** Math.floor(Math.log10(width))
  const share = width / magnitude
  return magnitude * (share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10)
}

/**
 * About the width of Freedman and Diaconis (1981), 2 IQR N^(-1/3), as a round number; whole numbers have bins of their own
 * about them as long as there are few.
 */
const binWidth = (sorted: Float64Array, isWhole: boolean, bins: number | undefined): number => {
  const extent = sorted.at(-1)! - sorted[0]!
  if (bins !== undefined) return extent / bins || 1
  const spread = quantile(sorted, 0.75) - quantile(sorted, 0.25) || extent / 2
  const width = roundWidth(Math.max((2 * spread) / Math.cbrt(sorted.length), extent / MOST) || 1)
  return isWhole ? Math.max(1, width) : width
}

/** The histogram of numbers, of which there is at least one. */
export const histogramOf = (values: Float64Array, isWhole: boolean, bins?: number): Histogram => {
  const sorted = values.toSorted()
  const width = binWidth(sorted, isWhole, bins)
  // Bins of whole numbers are about them; others begin at a multiple of their width.
  const first = isWhole
    ? Math.floor(sorted[0]!) - 0.5
    : bins === undefined
      ? Math.floor(sorted[0]! / width) * width
      : sorted[0]!
  const count = Math.max(1, bins ?? Math.floor((sorted.at(-1)! - first) / width) + 1)
  const densities = new Float64Array(count)
  for (const value of sorted)
    densities[Math.min(count - 1, Math.floor((value - first) / width))]! += 1 / (values.length * width)
  return { low: first, width, densities }
}
