import type { GaussianStatistics } from '@conjugate/distributions'
import type { Coordinates, EMModel } from '@conjugate/em'
import { logGamma } from '@conjugate/linalg'
import type { StepError } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { bestLabels } from './labels.js'
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
  /** N_k of L K Gaussians. */
  readonly counts: Float64Array
  readonly statistics: ReadonlyArray<GaussianStatistics>
  readonly parameters: Learnt
}

const logsOf = (weights: Float64Array): Float64Array => weights.map(Math.log)

const countChanged = (a: Uint8Array, b: Uint8Array | undefined): number => {
  if (b === undefined) return a.length
  let changed = 0
  for (let n = 0; n < a.length; n++) if (a[n] !== b[n]) changed++
  return changed
}

/** The weights of Gaussians within their labels; those of a label that no pixel has stay. */
const weightsFrom = (counts: Float64Array, { weights }: Learnt, components: number): Float64Array => {
  const next = weights.slice()
  for (let from = 0; from < next.length; from += components) {
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
 * does all but the last of a few EM steps of the mixtures under these labels. Neither a cut nor a step lowers J. With more than
 * two labels the cut is one of many, and the labels are those that it leads to from the ones before.
 */
export const emModelOf = (level: Level): EMModel<Learnt, Found, StepError> => {
  const { gaussians, labelCount, components, index, colours, hints } = level
  return {
    expect: parameters => async () => {
      const labelLogs = await gaussians.labelLogs(parameters)()
      if (E.isLeft(labelLogs)) return labelLogs
      const before = parameters.labels
      const best = bestLabels(level, labelLogs.right, before)
      if (E.isLeft(best)) return best
      const labels = best.right
      const tally = tallyOf(index, labels, colours.rows, hints.weights, labelCount)
      const parts: EnergyParts = {
        likelihood: likelihoodOf(labelLogs.right, tally),
        field: 0 - level.lossOf(labels),
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
    logPrior: learnt => gaussians.logPrior(learnt.components) + labelCount * logGamma(components),
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
export const coordinatesOf = ({ gaussians, labelCount, components: k }: Level): Coordinates<Learnt> => ({
  toVector: ({ weights, components }) => {
    const rest = gaussians.coordinates.toVector(components)
    const all = new Float64Array(weights.length + rest.length)
    all.set(logsOf(weights))
    all.set(rest, weights.length)
    return all
  },
  fromVector: vector => {
    const components = gaussians.coordinates.fromVector(vector.slice(labelCount * k))
    if (E.isLeft(components)) return components
    const weights = new Float64Array(labelCount * k)
    for (let from = 0; from < weights.length; from += k) weights.set(softmax(vector.slice(from, from + k)), from)
    return E.right<never, Learnt>({ weights, components: components.right })
  },
})
