import { multivariateNormal } from '@conjugate/distributions'
import type { FitError } from '@conjugate/models'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { columnSums, tallyOf } from './densities.js'
import type { Learnt } from './em-model.js'
import type { Level } from './level.js'
import { splitRows } from './split.js'

/** Gaussians of the groups that the colours of each label fall into: K for each, one where a group is empty is the prior's. */
export const learntFrom = (level: Level, labels: Uint8Array): TE.TaskEither<FitError, Learnt> => {
  const { colours, components: k, gaussians, index, hints } = level
  const tally = tallyOf(index, labels, colours.rows, hints.weights)
  const q = new Float64Array(2 * k * colours.rows)
  for (const label of [0, 1]) {
    const weights = new Float64Array(colours.rows)
    for (let u = 0; u < weights.length; u++) weights[u] = tally[2 * u + label]!
    const groups = splitRows(colours, weights, k)
    for (let u = 0; u < weights.length; u++) q[2 * k * u + label * k + groups[u]!] = weights[u]!
  }
  const counts = columnSums(q, 2 * k)
  const weights = new Float64Array(2 * k).fill(1 / k)
  for (const from of [0, k]) {
    let total = 0
    for (let i = from; i < from + k; i++) total += counts[i]!
    if (total > 0) for (let i = from; i < from + k; i++) weights[i] = counts[i]! / total
  }
  return pipe(
    TE.fromEither(
      multivariateNormal.make({
        mean: [0.5, 0.5, 0.5],
        covariance: [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ],
      }),
    ),
    TE.chainW(about => gaussians.weightedStatistics(new Array(2 * k).fill(about), q)),
    TE.chainEitherKW(statistics => gaussians.maximize(statistics)),
    TE.map(all => ({ weights, components: all, labels })),
  )
}
