import type { QuadraticDensities } from '@conjugate/executors'

export interface NaiveResults {
  readonly weight: Float64Array
  readonly sum: Float64Array
  readonly outer: Float64Array
  readonly logLikelihood: number
  readonly responsibilities: Float64Array
  readonly assignments: Int32Array
  readonly logProb: Float64Array
}

/** The definitions as they stand in the interface, in plain loops over N x D rows that are less the origin already. */
export const naive = (
  values: ArrayLike<number>,
  { components, columns, mean, whitening, logConstant }: QuadraticDensities,
  rowWeights?: ArrayLike<number>,
): NaiveResults => {
  const rows = values.length / columns
  const weight = new Float64Array(components)
  const sum = new Float64Array(components * columns)
  const outer = new Float64Array(components * columns * columns)
  const responsibilities = new Float64Array(rows * components)
  const assignments = new Int32Array(rows)
  const logProb = new Float64Array(rows)
  let logLikelihood = 0
  for (let n = 0; n < rows; n++) {
    const residual = (k: number, i: number) => values[n * columns + i]! - mean[k * columns + i]!
    const logits = Array.from({ length: components }, (_, k) => {
      if (logConstant[k] === Number.NEGATIVE_INFINITY) return Number.NEGATIVE_INFINITY
      let norm = 0
      for (let i = 0; i < columns; i++) {
        let y = 0
        for (let j = 0; j < columns; j++) y += whitening[(k * columns + i) * columns + j]! * residual(k, j)
        norm += y * y
      }
      return logConstant[k]! - norm / 2
    })
    const max = Math.max(...logits)
    const possible = max > Number.NEGATIVE_INFINITY
    const total = possible ? logits.reduce((s, l) => s + Math.exp(l - max), 0) : 0
    logProb[n] = possible ? max + Math.log(total) : Number.NEGATIVE_INFINITY
    assignments[n] = logits.indexOf(max)
    const w = rowWeights ? rowWeights[n]! : 1
    if (w > 0) logLikelihood += w * logProb[n]!
    for (let k = 0; k < components; k++) {
      const q = possible ? Math.exp(logits[k]! - max) / total : 0
      responsibilities[n * components + k] = q
      if (w * q === 0) continue
      weight[k]! += w * q
      for (let i = 0; i < columns; i++) {
        sum[k * columns + i]! += w * q * residual(k, i)
        for (let j = 0; j < columns; j++)
          outer[(k * columns + i) * columns + j]! += w * q * residual(k, i) * residual(k, j)
      }
    }
  }
  return { weight, sum, outer, logLikelihood, responsibilities, assignments, logProb }
}
