import { random } from '@conjugate/distributions'
import { type EMError, run } from '@conjugate/em'
import { type Executor, javascript } from '@conjugate/executors'
import { matrix } from '@conjugate/linalg'
import { gaussianMixture, initialParameters, onRows, type StepError } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { expect, test } from 'vitest'

const rows = Array.from({ length: 300 }, (_, n) => [Math.sin(n) + (n % 2) * 3, Math.cos(n * n)])

/** An executor whose log-likelihood falls by a share at every E-step. */
const sinking = (share: number, precision: Partial<Executor>): Executor => ({
  ...javascript,
  ...precision,
  load: (data, options) =>
    pipe(
      javascript.load(data, options),
      TE.map(loaded => {
        let steps = 0
        return {
          ...loaded,
          expectation: densities =>
            pipe(
              loaded.expectation(densities),
              TE.map(e => ({ ...e, logLikelihood: e.logLikelihood * (1 + share * steps++) })),
            ),
        }
      }),
    ),
})

/** 200 iterations from a start near the optimum, where nothing but rounding is left. */
const outcome = async (executor: Executor) => {
  const options = {
    mean: [0, 0],
    meanPrecision: 1,
    degreesOfFreedom: 4,
    scale: [
      [1, 0],
      [0, 1],
    ],
  }
  const result = await pipe(
    TE.Do,
    TE.bind('model', () => TE.fromEither(gaussianMixture({ components: 2, concentration: 2, prior: options }))),
    TE.bindW('data', () => TE.fromEither(matrix(rows))),
    TE.bindW('bound', ({ model, data }) => onRows(model, data, executor)),
    TE.bindW('start', ({ model, data }) =>
      initialParameters(model, data, { _tag: 'rows', indices: [0, 1] }, random(0)),
    ),
    TE.chainW(
      ({ bound, start }): TE.TaskEither<EMError<StepError>, unknown> =>
        run({ iterations: 200 })<StepError>(bound.iterations(start)),
    ),
  )()
  return E.isLeft(result) ? result.left._tag : 'Done'
}

const float32 = { relativeRounding: 2 ** -23 }

test.each([
  [0, {}, 'Done'],
  [1e-8, {}, 'ObjectiveDecreased'],
  [1e-8, float32, 'Done'],
  [1e-5, float32, 'ObjectiveDecreased'],
] as const)('an objective that sinks by %d, on %j: %s', async (share, precision, expected) => {
  expect(await outcome(sinking(share, precision))).toBe(expected)
})
