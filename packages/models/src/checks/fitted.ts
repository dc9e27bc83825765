import { type Ending, invalidOption, objectivesOf, progressOf, type RestartEnd } from '@conjugate/em'
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
  optional,
  type Schema,
  tagged,
  text,
  truth,
  typedArray,
  whole as wholeNumber,
  within,
} from '@conjugate/em/schema'
import { describeValue } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { describeFitError, type FitError } from '../errors.js'
import type { AnyModel } from '../mixture/types.js'
import { anError } from './errors.js'

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
  readonly objectives: ReadonlyArray<number>
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
  const { objectives, restarts, assignments, distinctRows, ...fitted } = value as Ended
  const wrong = (path: string, expected: string, received: unknown): Mismatch => ({
    path,
    expected,
    received: describeValue(received),
  })
  const gain = objectives.length < 2 ? Number.POSITIVE_INFINITY : objectives.at(-1)! - objectives.at(-2)!
  if (fitted.lastGain !== gain) return wrong('.lastGain', `${gain}, as the last of objectives say`, fitted.lastGain)
  const best = bestOf(restarts)
  const { stoppedBy, converged, rounding, lastGain } = fitted
  const [objective, iterations] = [objectives.at(-1), objectives.length - 1]
  for (const [name, expected] of Object.entries({ objective, iterations, stoppedBy, converged, rounding, lastGain })) {
    const received = restarts[best]?._tag === 'Right' && restarts[best].right[name as keyof RestartEnd]
    if (received !== expected) return wrong('.restarts', `a best one of ${name} ${expected}, as the fit has`, received)
  }
  const rows = assignments.length
  return distinctRows <= rows
    ? undefined
    : wrong('.distinctRows', `at most ${rows}, as there are assignments`, distinctRows)
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

/** Sums of labels have the names and lengths of their potentials. */
const countsOf = ({ estimate }: AnyModel['labels']): Schema =>
  estimate === undefined ? anything : like(estimate.potentials(estimate.initial), atLeast(0))

/** What a fit of a model has to be as a whole. */
export const fitOf = ({ components, labels, dialect }: AnyModel): Schema => {
  const { states } = labels
  const whole = allOf(
    object({
      ...endingFields,
      objectives: objectivesOf,
      logLikelihood: finite,
      logLikelihoods: optional(typedArray('Float64Array', anyNumber)),
      expectedCounts: numbers(atLeast(0), states),
      counts: countsOf(labels),
      components: list(anything),
      statistics: list(components.statistics ?? anything),
      restarts: list(eitherOf(anError, object({ ...endingFields, objective: finite, iterations: wholeNumber(0) }))),
      backend: text,
      distinctRows: wholeNumber(0),
      assignments: typedArray('Int32Array', wholeNumber(labels.isShared ? 0 : -1, states - 1)),
    }),
    holds(value => components.check((value as { readonly components?: unknown }).components)),
    holds(value => labels.estimate?.check(value) ?? unreadableLabels),
    value => {
      const { components: all, statistics } = value as Readonly<Record<string, ReadonlyArray<unknown>>>
      return within('statistics', list(anything, all!.length)(statistics))
    },
    agree,
  )
  return dialect ? value => allOf(dialect.parameters, shown => whole(dialect.unshown(shown as never)))(value) : whole
}

const unreadableLabels: E.Either<FitError, never> = invalidOption(
  'model',
  'labels that can be read from a text',
  'a label model without an estimate',
)

/** How far restarts with such parameters have come. */
export const restartsOf = (parameters: Schema): Schema =>
  list(anyOf('null or an Either', nothing, eitherOf(anError, progressOf(parameters))))
