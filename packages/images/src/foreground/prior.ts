/** Rows with how often each occurs. */
export interface CountedRows {
  /** U. */
  readonly rows: number
  /** D. */
  readonly columns: number
  /** U x D, row-major. */
  readonly data: Float64Array
  /** U. */
  readonly counts: Float64Array
}

/** Of every column, and how many rows there are in all. */
interface Moments {
  readonly mean: Float64Array
  readonly variance: Float64Array
  readonly total: number
}

const momentsOf = ({ rows, columns, data, counts }: CountedRows): Moments => {
  const [mean, variance] = [new Float64Array(columns), new Float64Array(columns)]
  let total = 0
  for (let u = 0, at = 0; u < rows; u++) {
    total += counts[u]!
    for (let c = 0; c < columns; c++, at++) mean[c]! += counts[u]! * data[at]!
  }
  for (let c = 0; c < columns; c++) mean[c]! /= total
  for (let u = 0, at = 0; u < rows; u++)
    for (let c = 0; c < columns; c++, at++) variance[c]! += counts[u]! * (data[at]! - mean[c]!) ** 2
  for (let c = 0; c < columns; c++) variance[c]! /= total
  return { mean, variance, total }
}

/** A spread that no colour of 8 bits is told from. */
const UNSEEN = 2 / 255

const MEAN_PRECISION = 0.01
/** Observations that the scale is worth, for each pixel. */
const SHARE = 1e-3

/** The prior of each of K Gaussians of colours, as `normalInverseWishart.make` and `gaussianMixture` take it. */
export interface ColourPrior {
  readonly mean: Float64Array
  readonly meanPrecision: number
  readonly degreesOfFreedom: number
  readonly scale: ReadonlyArray<ReadonlyArray<number>>
}

/**
 * A prior by which K clusters share the spread of all rows, and none is narrower than what is seen: NIW(m_0 = mean,
 * kappa_0 = .01, nu_0 = D + 2 + .001 N, Psi_0 = K^(-2/D) diag(variances) + (nu_0 + D + 2) (2/255)^2 I).
 */
export const priorFor = (rows: CountedRows, clusters: number): ColourPrior => {
  const { mean, variance, total } = momentsOf(rows)
  const d = rows.columns
  const degreesOfFreedom = d + 2 + SHARE * total
  const floor = (degreesOfFreedom + d + 2) * UNSEEN ** 2
  return {
    mean,
    meanPrecision: MEAN_PRECISION,
    degreesOfFreedom,
    scale: Array.from(variance, (v, i) =>
      Array.from(variance, (_, j) => (i === j ? v * clusters ** (-2 / d) + floor : 0)),
    ),
  }
}
