import type { Matrix } from '@conjugate/linalg'

export interface PottsOptions {
  readonly width: number
  /** beta >= 0: what each neighbour of the same component adds to the log probability, in nats; 0 is no prior. */
  readonly coupling: number
  readonly rounds?: number
}

/**
 * Labels under a Potts prior, p(z) ~ exp(beta sum of neighbours with equal labels), by mean field: every pixel's
 * probabilities are those of the mixture times exp(beta sum of the four neighbours' probabilities), over and over.
 * `responsibilities` (N x K) are of the mixture alone.
 * Source: Besag, On the statistical analysis of dirty pictures (1986); Celeux, Forbes and Peyrard, EM procedures using mean
 * field-like approximations for Markov model-based image segmentation (2003).
 */
export const pottsLabels = (
  { rows, columns, data }: Matrix,
  { width, coupling, rounds = 30 }: PottsOptions,
): Int32Array => {
  const logs = Float64Array.from(data, q => Math.log(Math.max(q, 1e-300)))
  let q = Float64Array.from(data)
  for (let round = 0; round < rounds; round++) {
    const next = new Float64Array(q.length)
    for (let n = 0; n < rows; n++) {
      const x = n % width
      const neighbours = [x > 0 ? n - 1 : -1, x < width - 1 ? n + 1 : -1, n - width, n + width].filter(
        m => m >= 0 && m < rows,
      )
      const scores = Array.from({ length: columns }, (_, k) =>
        neighbours.reduce((sum, m) => sum + coupling * q[m * columns + k]!, logs[n * columns + k]!),
      )
      const highest = Math.max(...scores)
      const weights = scores.map(s => Math.exp(s - highest))
      const total = weights.reduce((a, b) => a + b, 0)
      for (const [k, w] of weights.entries()) next[n * columns + k] = w / total
    }
    q = next
  }
  return Int32Array.from({ length: rows }, (_, n) => {
    const own = q.subarray(n * columns, (n + 1) * columns)
    return own.indexOf(Math.max(...own))
  })
}

/** Pairs of neighbouring pixels with different labels: the length of all boundaries. */
export const boundaryLength = (labels: ArrayLike<number>, width: number): number => {
  let length = 0
  for (let n = 0; n < labels.length; n++) {
    if ((n + 1) % width !== 0 && labels[n] !== labels[n + 1]) length++
    if (n + width < labels.length && labels[n] !== labels[n + width]) length++
  }
  return length
}
