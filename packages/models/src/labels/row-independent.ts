import { anything } from '@conjugate/em/schema'
import { drawAssignments } from '@conjugate/executors'
import type { Vector } from '@conjugate/linalg'
import type { FieldsOf } from '../checks/options.js'
import { argmaxAt, softmaxAt } from './draws.js'
import type { LabelEstimate, LabelInference } from './label-model.js'

/** G x K log weights of labels that are independent given what is learnt, or counts of them. */
type Weighted = { readonly weights: Float64Array }

/** How rows are that have nothing to do with each other. */
export interface OfRows {
  /** What each row counts for, by default 1. */
  readonly rowWeights?: Vector
}

/** Read, and told where they are wrong, with the rows. */
export const rowFields: FieldsOf<OfRows> = { rowWeights: anything }

/** What an E-step in one pass over the rows takes of labels that have weights by groups. */
export const groupWeights = <L>(
  count: number,
  potentials: (labels: L) => Weighted,
): NonNullable<LabelEstimate<L, Weighted>['groupWeights']> => ({
  count,
  logWeights: labels => potentials(labels).weights,
  counts: weights => ({ weights }),
})

/**
 * Inference for labels of N rows that are independent given G x K weights; `group` tells a row's weights, the first if absent.
 * What rows count for is in the counts, and in nothing that is said of a row.
 */
export const rowIndependent = (
  rows: number,
  states: number,
  groups: number,
  group: Int32Array | undefined,
  rowWeights: Vector | undefined,
): LabelInference<Weighted> => {
  const weightsAt = (n: number): number => (group === undefined ? 0 : group[n]! * states)
  /** N x K logarithms. */
  const joint = ({ weights }: Weighted, logDensities: Float64Array): Float64Array => {
    const all = new Float64Array(rows * states)
    for (let n = 0; n < rows; n++)
      for (let k = 0, at = weightsAt(n); k < states; k++)
        all[n * states + k] = weights[at + k]! + logDensities[n * states + k]!
    return all
  }
  return {
    infer: (potentials, logDensities) => {
      const responsibilities = joint(potentials, logDensities)
      const logLikelihoods = new Float64Array(rows)
      const weights = new Float64Array(groups * states)
      for (let n = 0; n < rows; n++) {
        logLikelihoods[n] = softmaxAt(responsibilities, n * states, states)
        const w = rowWeights?.[n] ?? 1
        for (let k = 0, at = weightsAt(n); k < states; k++) weights[at + k]! += w * responsibilities[n * states + k]!
      }
      return { responsibilities, counts: { weights }, logLikelihoods }
    },
    decode: (potentials, logDensities) => {
      const all = joint(potentials, logDensities)
      const labels = new Int32Array(rows)
      for (let n = 0; n < rows; n++) {
        const best = argmaxAt(all, n * states, states)
        labels[n] = all[n * states + best] === Number.NEGATIVE_INFINITY ? -1 : best
      }
      return labels
    },
    sample: (potentials, logDensities, random) => {
      const data = joint(potentials, logDensities)
      for (let n = 0; n < rows; n++) softmaxAt(data, n * states, states)
      return drawAssignments({ rows, columns: states, data }, random.integer(2 ** 53))
    },
    count: labels => {
      const weights = new Float64Array(groups * states)
      for (let n = 0; n < rows; n++) if (labels[n]! >= 0) weights[weightsAt(n) + labels[n]!]!++
      return { weights }
    },
  }
}
