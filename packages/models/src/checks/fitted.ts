import { type Ending, objectivesOf, progressOf } from '@conjugate/em'
import {
  allOf,
  anyOf,
  atLeast,
  type Fields,
  finite,
  is,
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
import type * as E from 'fp-ts/lib/Either.js'
import { componentCount, type MixtureChecks } from '../mixture/mixture.js'
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

/** What a fit of a mixture has to be as a whole. */
export const fitOf = (mixture: CheckedMixture): Schema => {
  const { weights, check } = mixture
  const count = componentCount(mixture)
  return allOf(
    parametersOf(count, { weights: weights.check, ...check }),
    object({
      ...endingFields,
      logProbs: objectivesOf,
      logLikelihood: finite,
      expectedCounts: numbers(atLeast(0), weights.count),
      statistics: list(check.statistics, count),
      assignments: typedArray('Int32Array', whole(0, weights.count - 1)),
      restarts: list(eitherOf(anError, object({ ...endingFields, objective: finite, iterations: whole(0) }))),
      backend: text,
      distinctRows: whole(0),
    }),
    agree,
  )
}

/** How far restarts with such parameters have come. */
export const restartsOf = (parameters: Schema): Schema =>
  list(anyOf('null or an Either', nothing, eitherOf(anError, progressOf(parameters))))
