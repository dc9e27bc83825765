import { invalidOption } from '@conjugate/em'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { FitError } from '../errors.js'

/** What is looked at in a draw. */
interface Draw {
  readonly components: ReadonlyArray<unknown>
  readonly assignments: Int32Array
  readonly logJoint: number
}

/** What many draws `D` say together, whatever numbers the components have in each. */
export interface DrawsSummary<D> {
  /** How many draws there were. */
  readonly count: number
  /** The draw that has the highest log joint. */
  readonly best: D
  /** log p(X, theta) over the draws; it stands still, but for noise, once the sampler has forgotten its start. */
  readonly logJoint: {
    readonly mean: number
    readonly standardDeviation: number
    /** How many independent draws the mean is worth; at least 1. */
    readonly effectiveSampleSize: number
  }
  /** K + 1: in how many draws 0, 1, ..., K components had observations. */
  readonly occupied: Int32Array
}

const meanOf = (v: ReadonlyArray<number>): number => v.reduce((a, b) => a + b, 0) / v.length

/**
 * The number of independent draws whose mean would vary as that of a chain: sums of autocovariances at two lags after each
 * other are added up as long as they are positive.
 * Source: Geyer, Practical Markov chain Monte Carlo (1992), section 3.3.
 */
const effectiveSampleSize = (chain: ReadonlyArray<number>): number => {
  const n = chain.length
  const mean = meanOf(chain)
  const deviations = chain.map(v => v - mean)
  const autocovariance = (lag: number): number => {
    let sum = 0
    for (let i = lag; i < n; i++) sum += deviations[i]! * deviations[i - lag]!
    return sum / n
  }
  const variance = autocovariance(0)
  if (!(variance > 0)) return n
  let sum = 0
  for (let lag = 0; lag + 1 < n; lag += 2) {
    const pair = autocovariance(lag) + autocovariance(lag + 1)
    if (pair <= 0) break
    sum += pair
  }
  // Chains that alternate are worth more than as many independent draws; a bound keeps noise from dividing by nothing.
  return Math.max(1, Math.min(n * Math.log10(Math.max(n, 10)), (n * variance) / Math.max(2 * sum - variance, 1e-300)))
}

/** Components, without the noise, that observations belong to. */
const occupiedOf = ({ assignments, components }: Draw): number => {
  const seen = new Set<number>()
  for (const k of assignments) if (k < components.length) seen.add(k)
  return seen.size
}

/**
 * Summarises draws as they come: the log joint of each is kept, and all of the best one. `gibbs` ends where it is told a number
 * of `samples`. Errors: the first one among the draws, or that there are no draws.
 */
export const summariseDraws =
  <D extends Draw>(draws: AsyncIterable<E.Either<FitError, D>>): TaskEither<FitError, DrawsSummary<D>> =>
  async () => {
    const logJoints: number[] = []
    let best: D | undefined
    let occupied = new Int32Array(0)
    for await (const draw of draws) {
      if (E.isLeft(draw)) return draw
      const { components, logJoint } = draw.right
      if (best === undefined) occupied = new Int32Array(components.length + 1)
      if (best === undefined || logJoint > best.logJoint) best = draw.right
      occupied[occupiedOf(draw.right)]!++
      logJoints.push(logJoint)
    }
    if (best === undefined) return invalidOption('draws', 'at least one', 'none')
    const mean = meanOf(logJoints)
    return E.right({
      count: logJoints.length,
      best,
      logJoint: {
        mean,
        standardDeviation: Math.sqrt(meanOf(logJoints.map(v => (v - mean) ** 2))),
        effectiveSampleSize: effectiveSampleSize(logJoints),
      },
      occupied,
    })
  }
