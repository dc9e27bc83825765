import { objectivesOf, progressOf } from '@conjugate/em'
import {
  allOf,
  anyNumber,
  anyOf,
  atLeast,
  type Fields,
  finite,
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
import { anError } from './errors.js'
import { parametersOf } from './parameters.js'

const eitherOf = (left: Schema, right: Schema): Schema =>
  tagged({ Left: object({ left }), Right: object({ right }) }, 'an Either')

/** What a fit says of how it ended. */
export const endingFields: Fields = {
  stoppedBy: oneOf('tolerance', 'rule', 'iterations', 'time limit', 'rounding', 'path ended'),
  converged: truth,
  lastGain: anyNumber,
  rounding: atLeast(0),
}

interface Ended {
  readonly logProbs: ReadonlyArray<number>
  readonly lastGain: number
  readonly restarts: ReadonlyArray<E.Either<unknown, number>>
  readonly assignments: Int32Array
  readonly distinctRows: number
}

/** What parts of a fit say of each other. */
const agree = (value: unknown): Mismatch | undefined => {
  const { logProbs, lastGain, restarts, assignments, distinctRows } = value as Ended
  const wrong = (path: string, expected: string, received: unknown): Mismatch => ({
    path,
    expected,
    received: describeValue(received),
  })
  const gain = logProbs.length < 2 ? Number.POSITIVE_INFINITY : logProbs.at(-1)! - logProbs.at(-2)!
  if (lastGain !== gain) return wrong('.lastGain', `${gain}, as the last of logProbs say`, lastGain)
  const best = restarts.reduce(
    (top, r) => (r._tag === 'Right' ? Math.max(top, r.right) : top),
    Number.NEGATIVE_INFINITY,
  )
  if (best !== logProbs.at(-1)) return wrong('.restarts', `a best one of ${logProbs.at(-1)}, as logProbs say`, best)
  const rows = assignments.length
  return distinctRows <= rows
    ? undefined
    : wrong('.distinctRows', `at most ${rows}, as there are assignments`, distinctRows)
}

interface Checked {
  readonly weights: { readonly count: number; readonly check: Schema }
  readonly check: MixtureChecks
  readonly noise?: number
}

/** What a fit of a mixture has to be as a whole. */
export const fitOf = (mixture: Checked): Schema => {
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
      restarts: list(eitherOf(anError, finite)),
      backend: text,
      distinctRows: whole(0),
    }),
    agree,
  )
}

/** How far restarts with such parameters have come. */
export const restartsOf = (parameters: Schema): Schema =>
  list(anyOf('null or an Either', nothing, eitherOf(anError, progressOf(parameters))))
