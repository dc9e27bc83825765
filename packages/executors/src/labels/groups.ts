/** Points whose columns are in units of their standard deviations, one behind the other. */
export interface Standardised {
  readonly data: Float64Array
  /** How many numbers a point has, of which so many are columns. */
  readonly width: number
  readonly features: number
  readonly weights: Float64Array | undefined
}

/** Groups of points: the number of each, and as many centres, of the width of the points. */
export interface Groups {
  readonly clusters: Int32Array
  readonly centres: Float64Array
}

/** Variances within groups are at least this share of all, lest a column that is told exactly counts without bound. */
const LEAST_SHARE = 1e-6

/**
 * What groups explain, in nats a row: the log-likelihood of points whose groups are told, with variances of columns that all groups
 * have in common. Source: Celeux and Govaert, A classification EM algorithm for clustering and two stochastic versions (1992).
 */
export const explained = ({ data, width, features, weights }: Standardised, { clusters, centres }: Groups): number => {
  const count = centres.length / width
  const within = new Float64Array(features)
  const total = new Float64Array(count)
  let all = 0
  for (let n = 0; n < clusters.length; n++) {
    const k = clusters[n]!
    const w = weights === undefined ? 1 : weights[n]!
    total[k]! += w
    all += w
    for (let c = 0; c < features; c++) {
      const deviation = data[n * width + c]! - centres[k * width + c]!
      within[c]! += w * deviation * deviation
    }
  }
  let sum = 0
  for (const w of total) if (w > 0) sum += (w / all) * Math.log(w / all)
  for (const squares of within) sum -= Math.log(Math.max(LEAST_SHARE, squares / all)) / 2
  return sum
}

/** Whether points are in the same groups, whatever the numbers of these. */
export const areSame = (a: Int32Array, b: Int32Array, count: number): boolean => {
  const [there, back] = [new Int32Array(count).fill(-1), new Int32Array(count).fill(-1)]
  for (let n = 0; n < a.length; n++) {
    const [i, j] = [a[n]!, b[n]!]
    if (there[i] === -1 && back[j] === -1) [there[i], back[j]] = [j, i]
    else if (there[i] !== j || back[j] !== i) return false
  }
  return true
}

/** So many groups with their means. */
export const groupsOf = (
  { data, width, features, weights }: Standardised,
  clusters: Int32Array,
  count: number,
): Groups => {
  const centres = new Float64Array(count * width)
  const total = new Float64Array(count)
  for (let n = 0; n < clusters.length; n++) {
    const k = clusters[n]!
    const w = weights === undefined ? 1 : weights[n]!
    total[k]! += w
    for (let c = 0; c < features; c++) centres[k * width + c]! += w * data[n * width + c]!
  }
  for (let k = 0; k < count; k++) for (let c = 0; c < features; c++) centres[k * width + c]! /= total[k]!
  return { clusters, centres }
}
