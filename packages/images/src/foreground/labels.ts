import type { InvalidOption } from '@conjugate/em'
import type { StepError } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { alphaExpansion } from '../cut/alpha-expansion.js'
import { OPEN } from './hints.js'
import type { Level } from './level.js'

const asStepError = ({ option, expected, received }: InvalidOption): StepError => ({
  _tag: 'InvalidParameter',
  distribution: 'Foreground',
  parameter: option,
  expected,
  received,
})

// Each loop over pixels is a function by itself, of nothing but arrays: what is compiled of it then holds for any picture.

/** What label 1 costs each colour over label 0. */
const costsOfColours = (labelLogs: Float64Array, colours: number): Float64Array => {
  const costs = new Float64Array(colours)
  for (let u = 0; u < colours; u++) costs[u] = labelLogs[2 * u]! - labelLogs[2 * u + 1]!
  return costs
}

/** What label 1 costs each pixel over label 0, given what is known. */
const costsOf = (
  ofColours: Float64Array,
  index: Int32Array,
  { fixed, leaning, weights }: Level['hints'],
  costs: Float64Array,
): Float64Array => {
  for (let n = 0; n < costs.length; n++) {
    if (fixed[n] !== OPEN) costs[n] = fixed[n] === 1 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
    else costs[n] = ofColours[index[n]!]! * (weights ? weights[n]! : 1) - (leaning ? leaning[n]! : 0)
  }
  return costs
}

/** What labels gain over others by costs alone where they are not known; `undefined` where all are the same. */
const gainOfCosts = (
  fixed: Level['hints']['fixed'],
  costs: Float64Array,
  labels: Uint8Array,
  before: Uint8Array,
): number | undefined => {
  let [sum, different] = [0, 0]
  for (let n = 0; n < labels.length; n++) {
    if (labels[n] === before[n]) continue
    different++
    if (fixed[n] === OPEN) sum += labels[n] === 1 ? -costs[n]! : costs[n]!
  }
  return different === 0 ? undefined : sum
}

/** How much more labels gain than others that agree with them where they are known. */
const gainOver = (
  { lossOf, hints: { fixed } }: Level,
  costs: Float64Array,
  labels: Uint8Array,
  before: Uint8Array,
): number => {
  const gain = gainOfCosts(fixed, costs, labels, before)
  return gain === undefined ? 0 : gain - (lossOf(labels) - lossOf(before))
}

const bestOfTwo = (
  level: Level,
  labelLogs: Float64Array,
  before: Uint8Array | undefined,
): E.Either<StepError, Uint8Array> => {
  const costs = costsOf(costsOfColours(labelLogs, level.colours.rows), level.index, level.hints, level.scratch)
  return pipe(
    level.cut.resolve(costs),
    E.bimap(asStepError, cut => (before === undefined || gainOver(level, costs, cut, before) >= 0 ? cut : before)),
  )
}

/** What labels gain: what pixels add to the likelihood, minus what neighbours that differ lose. */
const gainOfMany = ({ lossOf }: Level, logs: Float64Array, labels: Uint8Array, count: number): number => {
  let sum = 0
  for (let n = 0; n < labels.length; n++) sum += logs[n * count + labels[n]!]!
  return sum - lossOf(labels)
}

const bestOfMany = (
  level: Level,
  labelLogs: Float64Array,
  before: Uint8Array | undefined,
): E.Either<StepError, Uint8Array> => {
  const { index, labelCount: count, field } = level
  const { weights } = level.hints
  const logs = new Float64Array(index.length * count)
  for (let n = 0, at = 0; n < index.length; n++)
    for (let k = 0; k < count; k++, at++) logs[at] = (weights?.[n] ?? 1) * labelLogs[index[n]! * count + k]!
  const expanded = alphaExpansion(field, {
    labels: count,
    costs: logs.map(v => -v),
    ...(before && { initial: before }),
  })
  return pipe(
    expanded,
    E.bimap(asStepError, expanded => {
      const labels = Uint8Array.from(expanded.labels)
      const isBetter =
        before === undefined || gainOfMany(level, logs, labels, count) >= gainOfMany(level, logs, before, count)
      return isBetter ? labels : before
    }),
  )
}

/**
 * The labels of a picture that are best under log densities of its colours, U x L, and under what is known: never worse than those
 * before. Of two labels there are none better.
 */
export const bestLabels = (
  level: Level,
  labelLogs: Float64Array,
  before: Uint8Array | undefined,
): E.Either<StepError, Uint8Array> =>
  level.labelCount === 2 ? bestOfTwo(level, labelLogs, before) : bestOfMany(level, labelLogs, before)
