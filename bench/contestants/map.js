import { identity } from '@conjugate/linalg'
import { describeFitError, gaussianMixture, gaussianMixtureParameters, onRows } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { readStart, readValues } from './files.js'

/** @typedef {import('../types.js').Request} Request */

/** @template L, R @param {E.Either<L, R>} result @param {(error: L) => string} describe @returns {R} */
export const right = (result, describe) => {
  if (E.isLeft(result)) throw new Error(describe(result.left))
  return result.right
}

/**
 * A mixture on the rows of a request, as a user of the packages sets it up.
 * @param {import('@conjugate/executors').Executor} executor @param {Request} request
 */
export const bind = async (executor, { rows, n, d, k, prior }) => {
  const { concentration, meanPrecision, degreesOfFreedom } = prior
  const model = gaussianMixture({
    components: k,
    concentration,
    prior: { mean: new Float64Array(d), meanPrecision, degreesOfFreedom, scale: identity(d) },
  })
  const bound = pipe(
    TE.fromEither(model),
    TE.bindTo('model'),
    TE.bindW('bound', ({ model }) => onRows(model, { rows: n, columns: d, data: readValues(rows) }, executor)),
  )
  return right(await bound(), describeFitError)
}

/** @typedef {Awaited<ReturnType<typeof bind>>} Bound */

/**
 * Iterations of MAP-EM: M-step, then E-step, after an E-step at the start.
 * @param {Bound} bound @param {Request} request
 */
export const runMap = async ({ model, bound }, request) => {
  const start = right(gaussianMixtureParameters(model, readStart(request)), describeFitError)
  let began = 0
  let logLikelihood = 0
  for await (const step of bound.iterations(start)) {
    const { index, expectation } = right(step, error => `EM: ${JSON.stringify(error)}`)
    if (index === 0) began = performance.now()
    // The E-step of the last iteration is the one before its M-step.
    if (index === request.iterations - 1) logLikelihood = expectation.logLikelihood
    if (index === request.iterations) break
  }
  return { msPerIteration: (performance.now() - began) / request.iterations, logLikelihood }
}
