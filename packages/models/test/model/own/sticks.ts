// A label model of somebody else's: a Dirichlet process with at most K components.
import { beta, betaBernoulliPrior } from '@conjugate/distributions'
import type { Vector } from '@conjugate/linalg'
import { type IndependentLabels, independentLabels, type LabelModel, type LabelTypes } from '@conjugate/models'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'

type Weights = { readonly weights: Vector }

type Counted = { readonly weights: Float64Array }

export interface StickLabels extends LabelTypes {
  readonly labels: Weights
  readonly posterior: Weights
  readonly counts: Counted
  readonly structure: IndependentLabels['structure']
  /** Sticks cannot change places. */
  readonly traits: 'row-independent' | 'exact'
}

/** pi_k = v_k prod_(j < k) (1 - v_j) with v_k ~ Beta(1, alpha); the last is what is left. */
export const sticks = (states: number, alpha: number): LabelModel<StickLabels> => {
  const prior = right(beta.make({ a: 1, b: alpha }))
  const logProb = beta.logProb(prior)
  /** Rows belong to labels as if those were independent; all that differs is what is learnt. */
  const rows = right(independentLabels(new Float64Array(states).fill(1)))
  const toWeights = (v: ReadonlyArray<number>): Weights => {
    let rest = 1
    const weights = Float64Array.from({ length: states }, (_, k) => {
      const taken = k < states - 1 ? rest * v[k]! : rest
      rest -= taken
      return taken
    })
    return { weights }
  }
  const toSticks = ({ weights }: Weights): ReadonlyArray<number> => {
    let rest = 1
    return Array.from(Array.from(weights).slice(0, -1), w => {
      const stick = rest > 0 ? w / rest : 1
      rest -= w
      return stick
    })
  }
  return {
    name: 'sticks',
    definition: { states, alpha },
    states,
    kind: 'exact',
    freeParameters: states - 1,
    structure: {},
    bind: (n, structure) =>
      pipe(
        rows.bind(n, structure),
        TE.map(({ permute: _, draw: __, ...bound }) => ({
          ...bound,
          initial: toWeights(Array.from({ length: states - 1 }, () => 1 / (1 + alpha))),
          maximize: ({ weights }: Counted) =>
            pipe(
              Array.from({ length: states - 1 }, (_, k) => ({
                weight: weights[k]! + weights.subarray(k + 1).reduce((a, b) => a + b, 0),
                sum: weights[k]!,
              })),
              E.traverseArray(({ weight, sum }) =>
                pipe(
                  betaBernoulliPrior.update(betaBernoulliPrior.fromStatistic(weight, [sum] as never))(prior),
                  E.chain(betaBernoulliPrior.jointMode),
                ),
              ),
              E.map(all => toWeights(all.map(p => p.probability))),
            ),
          logPrior: (p: Weights) => toSticks(p).reduce((sum, v) => sum + logProb(Math.min(1, Math.max(0, v))), 0),
        })),
      ),
  }
}
