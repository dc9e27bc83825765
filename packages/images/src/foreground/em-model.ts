import type { GaussianStatistics } from '@conjugate/distributions'
import type { Coordinates, EMModel } from '@conjugate/em'
import { logGamma } from '@conjugate/linalg'
import type { StepError } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { unitsOfDifferences, unitsPerNat } from '../grid/field.js'
import { OPEN } from './hints.js'
import type { Learnt } from './learnt.js'
import type { Level } from './level.js'
import { likelihoodOf, tallyOf } from './tally.js'

/** The parts of log p(x, y | theta) at the best labels y, in nats. */
export interface EnergyParts {
  /** Sum of log p(x_n | y_n, theta). */
  readonly likelihood: number
  /** Minus the weights of neighbours whose labels differ. */
  readonly field: number
  /** What is gained by labels that were likelier beforehand. */
  readonly leaning: number
}

/** What an E-step finds: labels, and the statistics from which the next parameters follow. */
export interface Found {
  readonly labels: Uint8Array
  /** How many labels are others than before. */
  readonly changed: number
  readonly parts: EnergyParts
  /** N_k of 2K Gaussians. */
  readonly counts: Float64Array
  readonly statistics: ReadonlyArray<GaussianStatistics>
  readonly parameters: Learnt
}

const logsOf = (weights: Float64Array): Float64Array => weights.map(Math.log)

/** What labels gain besides the likelihood of label 0 everywhere. */
const gainOf = ({ field }: Level, costs: Float64Array, labels: Uint8Array): number => {
  let sum = 0
  for (let n = 0; n < labels.length; n++) if (labels[n] === 1) sum -= costs[n]!
  return sum - unitsOfDifferences(field, labels) / unitsPerNat
}

/** What label 1 costs each pixel over label 0, before anything is fixed. */
const costsOf = ({ index, hints }: Level, labelLogs: Float64Array): Float64Array => {
  const costs = new Float64Array(index.length)
  for (let n = 0; n < costs.length; n++) costs[n] = labelLogs[2 * index[n]!]! - labelLogs[2 * index[n]! + 1]!
  if (hints.leaning) for (let n = 0; n < costs.length; n++) costs[n]! -= hints.leaning[n]!
  return costs
}

/** The best labels under these costs, and under what is known. */
const labelled = (level: Level, costs: Float64Array): E.Either<StepError, Uint8Array> => {
  const { fixed } = level.hints
  const free = costs.map((c, n) =>
    fixed[n] === OPEN ? c : fixed[n] === 1 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
  )
  return pipe(
    level.cut.solve(free),
    E.mapLeft(
      ({ option, expected, received }): StepError => ({
        _tag: 'InvalidParameter',
        distribution: 'Foreground',
        parameter: option,
        expected,
        received,
      }),
    ),
  )
}

const countChanged = (a: Uint8Array, b: Uint8Array | undefined): number => {
  if (b === undefined) return a.length
  let changed = 0
  for (let n = 0; n < a.length; n++) if (a[n] !== b[n]) changed++
  return changed
}

/** The weights of Gaussians within their labels; those of a label that no pixel has stay. */
const weightsFrom = (counts: Float64Array, { weights }: Learnt, components: number): Float64Array => {
  const next = weights.slice()
  for (const from of [0, components]) {
    let total = 0
    for (let k = from; k < from + components; k++) total += counts[k]!
    if (total > 0) for (let k = from; k < from + components; k++) next[k] = counts[k]! / total
  }
  return next
}

/** The M-step: the mode of the Gaussians and of their weights. */
const maximize = (level: Level, found: Pick<Found, 'counts' | 'statistics' | 'labels'>, from: Learnt) => {
  const components = level.gaussians.maximize(found.statistics)
  return E.isLeft(components)
    ? components
    : E.right<never, Learnt>({
        weights: weightsFrom(found.counts, from, level.components),
        components: components.right,
        labels: found.labels,
      })
}

/** EM steps of the mixtures for each cut, which is what takes time. */
const STEPS = 3

/**
 * A picture as a model of EM, whose objective is J(theta) = max over labels y of log p(x, y, theta): each E-step cuts, and then
 * does all but the last of a few EM steps of both mixtures under these labels. Neither a cut nor a step lowers J.
 */
export const emModelOf = (level: Level): EMModel<Learnt, Found, StepError> => {
  const { gaussians, components, index, colours, hints } = level
  return {
    expect: parameters => async () => {
      const labelLogs = await gaussians.labelLogs(parameters)()
      if (E.isLeft(labelLogs)) return labelLogs
      const costs = costsOf(level, labelLogs.right)
      const cut = labelled(level, costs)
      if (E.isLeft(cut)) return cut
      const before = parameters.labels
      const isBetter = before === undefined || gainOf(level, costs, cut.right) >= gainOf(level, costs, before)
      const labels = isBetter ? cut.right : before
      const tally = tallyOf(index, labels, colours.rows, hints.weights)
      const parts: EnergyParts = {
        likelihood: likelihoodOf(labelLogs.right, tally),
        field: 0 - unitsOfDifferences(level.field, labels) / unitsPerNat,
        leaning: hints.leaning?.reduce((sum, h, n) => (labels[n] === 1 ? sum + h : sum), 0) ?? 0,
      }
      let at = parameters
      let sums = await gaussians.expectation(at, tally)()
      for (let step = 1; step < STEPS && E.isRight(sums); step++) {
        const next = maximize(level, { ...sums.right, labels }, at)
        if (E.isLeft(next)) return next
        at = next.right
        sums = await gaussians.expectation(at, tally)()
      }
      if (E.isLeft(sums)) return sums
      return E.right({
        logLikelihood: parts.likelihood + parts.field + parts.leaning,
        statistics: { labels, changed: countChanged(labels, before), parts, parameters: at, ...sums.right },
      })
    },
    maximize: found => maximize(level, found, found.parameters),
    // Weights are Dirichlet(1, ..., 1).
    logPrior: learnt => gaussians.logPrior(learnt.components) + 2 * logGamma(components),
    rounding: (_, { logLikelihood }) => 8 * gaussians.spacing * Math.abs(logLikelihood),
  }
}

const softmax = (logs: Float64Array): Float64Array => {
  const highest = logs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const e = logs.map(v => Math.exp(v - highest))
  const sum = e.reduce((a, b) => a + b, 0)
  return e.map(v => v / sum)
}

/** Parameters as numbers for SQUAREM; labels are none of them, since they follow. */
export const coordinatesOf = ({ gaussians, components: k }: Level): Coordinates<Learnt> => ({
  toVector: ({ weights, components }) => {
    const rest = gaussians.coordinates.toVector(components)
    const all = new Float64Array(2 * k + rest.length)
    all.set(logsOf(weights))
    all.set(rest, 2 * k)
    return all
  },
  fromVector: vector => {
    const components = gaussians.coordinates.fromVector(vector.slice(2 * k))
    if (E.isLeft(components)) return components
    const weights = new Float64Array(2 * k)
    for (const from of [0, k]) weights.set(softmax(vector.slice(from, from + k)), from)
    return E.right<never, Learnt>({ weights, components: components.right })
  },
})
