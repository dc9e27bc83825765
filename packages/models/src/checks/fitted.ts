import { type Ending, objectivesOf, progressOf } from '@conjugate/em'
import {
  allOf,
  anyNumber,
  anyOf,
  anything,
  atLeast,
  type Fields,
  finite,
  is,
  like,
  list,
  type Mismatch,
  nothing,
  numbers,
  object,
  oneOf,
  type Schema,
  tagged,
  text,
  truth,
  typedArray,
  whole,
} from '@conjugate/em/schema'
import { describeValue } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { describeFitError, type FitError } from '../errors.js'
import type { LabelTypes } from '../labels/label-model.js'
import { componentCount, type MixtureChecks } from '../mixture/mixture.js'
import type { ComponentTypes } from '../model/component-model.js'
import type { Model } from '../model/model.js'
import type { RestartEnd } from '../model/restarts.js'
import { anError } from './errors.js'
import { parametersOf } from './parameters.js'

const eitherOf = (left: Schema, right: Schema): Schema =>
  tagged({ Left: object({ left }), Right: object({ right }) }, 'an Either')

/** What a fit says of how it ended. */
export const endingFields: Fields = {
  stoppedBy: oneOf('tolerance', 'rule', 'iterations', 'time limit', 'rounding', 'path ended'),
  converged: truth,
  lastGain: is('a number above -Infinity', value => typeof value === 'number' && value > Number.NEGATIVE_INFINITY),
  rounding: atLeast(0),
}

interface Ended extends Ending {
  readonly logProbs: ReadonlyArray<number>
  readonly restarts: ReadonlyArray<E.Either<unknown, RestartEnd>>
  readonly assignments: Int32Array
  readonly distinctRows: number
}

/** The restart with the highest objective, the first one on ties; -1 where there is none. */
const bestOf = (restarts: Ended['restarts']): number => {
  const heights = restarts.map(end => (end._tag === 'Right' ? end.right.objective : Number.NEGATIVE_INFINITY))
  return heights.indexOf(heights.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY))
}

/** What parts of a fit say of each other. */
const agree = (value: unknown): Mismatch | undefined => {
  const { logProbs, restarts, assignments, distinctRows, ...fitted } = value as Ended
  const wrong = (path: string, expected: string, received: unknown): Mismatch => ({
    path,
    expected,
    received: describeValue(received),
  })
  const gain = logProbs.length < 2 ? Number.POSITIVE_INFINITY : logProbs.at(-1)! - logProbs.at(-2)!
  if (fitted.lastGain !== gain) return wrong('.lastGain', `${gain}, as the last of logProbs say`, fitted.lastGain)
  const best = bestOf(restarts)
  const { stoppedBy, converged, rounding, lastGain } = fitted
  const [objective, iterations] = [logProbs.at(-1), logProbs.length - 1]
  for (const [name, expected] of Object.entries({ objective, iterations, stoppedBy, converged, rounding, lastGain })) {
    const received = restarts[best]?._tag === 'Right' && restarts[best].right[name as keyof RestartEnd]
    if (received !== expected) return wrong('.restarts', `a best one of ${name} ${expected}, as the fit has`, received)
  }
  const rows = assignments.length
  return distinctRows <= rows
    ? undefined
    : wrong('.distinctRows', `at most ${rows}, as there are assignments`, distinctRows)
}

/** What checks need of a mixture. */
export interface CheckedMixture {
  readonly weights: { readonly count: number; readonly check: Schema }
  readonly check: MixtureChecks
  readonly noise?: number
}

/** What every fit says of K states, of which `count` have statistics. */
const fitFields = (states: number, count: number, statistics: Schema): Fields => ({
  ...endingFields,
  logProbs: objectivesOf,
  logLikelihood: finite,
  expectedCounts: numbers(atLeast(0), states),
  statistics: list(statistics, count),
  restarts: list(eitherOf(anError, object({ ...endingFields, objective: finite, iterations: whole(0) }))),
  backend: text,
  distinctRows: whole(0),
})

/** What a fit of a mixture has to be as a whole. */
export const fitOf = (mixture: CheckedMixture): Schema => {
  const { weights, check } = mixture
  const count = componentCount(mixture)
  return allOf(
    parametersOf(count, { weights: weights.check, ...check }),
    object({
      ...fitFields(weights.count, count, check.statistics),
      assignments: typedArray('Int32Array', whole(0, weights.count - 1)),
    }),
    agree,
  )
}

/** The check of one half of a model, as a schema. */
export const holds =
  (check: (value: unknown) => E.Either<FitError, unknown>): Schema =>
  value => {
    const checked = check(value)
    return E.isLeft(checked)
      ? { path: '', expected: 'parameters of the model', received: describeFitError(checked.left) }
      : undefined
  }

const labelsOf = (states: number): Schema => typedArray('Int32Array', whole(-1, states - 1))

/** What a fit of components under labels has to be as a whole; one of sequences holds a path for each. */
export const modelFitOf = (
  { components, labels }: Pick<Model<ComponentTypes, LabelTypes>, 'components' | 'labels'>,
  ofSequences: boolean,
): Schema => {
  const { states } = labels
  const known = (value: unknown) => value as { readonly components?: unknown; readonly emissions?: unknown }
  return allOf(
    object({
      ...fitFields(states, 0, anything),
      statistics: list(components.statistics ?? anything),
      logLikelihoods: typedArray('Float64Array', anyNumber),
      counts: like({}, anything),
      ...(ofSequences ? { paths: list(labelsOf(states)) } : { assignments: labelsOf(states) }),
    }),
    holds(value => components.check(ofSequences ? known(value).emissions : known(value).components)),
    holds(labels.check ?? (() => unreadableLabels)),
    value => {
      const paths = ofSequences ? (value as { readonly paths: ReadonlyArray<Int32Array> }).paths : undefined
      const rows = paths?.reduce((sum, path) => sum + path.length, 0)
      return agree(paths === undefined ? value : { ...(value as object), assignments: { length: rows } })
    },
  )
}

const unreadableLabels: E.Either<FitError, never> = E.left({
  _tag: 'InvalidOption',
  option: 'model',
  expected: 'labels that can be read from a text',
  received: 'a label model without a check',
})

/** How far restarts with such parameters have come. */
export const restartsOf = (parameters: Schema): Schema =>
  list(anyOf('null or an Either', nothing, eitherOf(anError, progressOf(parameters))))
