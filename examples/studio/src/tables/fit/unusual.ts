/** The rows whose density is far below that of most, lowest first, and what most have. */
export interface Unusual {
  readonly rows: ReadonlyArray<number>
  readonly median: number
  readonly least: number
}

/** How many interquartile ranges below the first quartile a log density is unusual. Source: Tukey (1977). */
const FAR = 1.5

export const unusualRows = (logDensities: Float64Array): Unusual => {
  const sorted = Float64Array.from(logDensities).sort()
  const quantile = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))]!
  const [first, third] = [quantile(0.25), quantile(0.75)]
  const limit = first - FAR * (third - first)
  const rows: number[] = []
  for (let n = 0; n < logDensities.length; n++) if (logDensities[n]! < limit) rows.push(n)
  rows.sort((a, b) => logDensities[a]! - logDensities[b]! || a - b)
  return { rows, median: quantile(0.5), least: sorted[0]! }
}
