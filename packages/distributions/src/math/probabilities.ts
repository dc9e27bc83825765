import { type Matrix, poissonDivergence, square, sumOf, tabulate, type Vector } from '@conjugate/linalg'

/** -sum p log p in nats, with 0 log 0 = 0. */
export const entropyOfProbabilities = (p: Vector): number => {
  let sum = 0
  for (const v of p) if (v > 0) sum -= v * Math.log(v)
  return sum
}

/** -p log p - (1 - p) log(1 - p) in nats, for a small p, too. */
export const entropyOfTrial = (p: number): number =>
  (p > 0 ? -p * Math.log(p) : 0) - (p < 1 ? (1 - p) * Math.log1p(-p) : 0)

/**
 * sum p log(p/q) of probabilities that sum to 1, as the sum of q - p + p log(p/q) >= 0, so that nothing cancels. It is
 * Infinity where q forbids what p allows.
 */
export const divergenceOfProbabilities = (p: Vector, q: Vector): number => {
  let sum = 0
  for (let k = 0; k < p.length; k++) sum += poissonDivergence(p[k]!, q[k]!)
  return sum
}

/** The probabilities of success and failure. */
export const ofTrial = (probability: number): [number, number] => [probability, 1 - probability]

/** log(p / (1 - p)). */
export const logit = (probability: number): number => Math.log(probability) - Math.log1p(-probability)

/** 1 / (1 + e^-eta), the inverse of {@link logit}. */
export const logistic = (eta: number): number => 1 / (1 + Math.exp(-eta))

/** log sum e^eta_k; -Infinity where every entry is. */
export const logSumExp = (eta: Vector): number => {
  const top = Array.from(eta).reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  if (!Number.isFinite(top)) return top
  let sum = 0
  for (const v of eta) sum += Math.exp(v - top)
  return top + Math.log(sum)
}

/** e^eta_k / sum e^eta_j; not numbers where the sum is 0 or infinite. */
export const softmax = (eta: Vector): Float64Array => {
  const total = logSumExp(eta)
  return Float64Array.from(eta, v => Math.exp(v - total))
}

/** Covariances count (p_i [i = j] - p_i p_j) of the counts of alternatives. */
export const covarianceOfCounts = (count: number, p: Vector): Matrix =>
  square(p.length, (i, j) => count * p[i]! * (i === j ? 1 - p[i]! : -p[j]!))

/** The roots of the shares of nonnegative numbers in their sum, whose distances are those of Hellinger; zeros of zeros. */
export const rootsOfShares = (x: Vector): Float64Array => {
  const sum = sumOf(x)
  return tabulate(x.length, i => (x[i] === 0 ? 0 : Math.sqrt(x[i]! / sum)))
}
