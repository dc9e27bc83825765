import { logPredictive } from '@conjugate/distributions'
import { checkArgument } from '@conjugate/em'
import { atLeast, list, numbers, object, type Schema } from '@conjugate/em/schema'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { CheckedMixture } from '../checks/fitted.js'
import { tried } from '../checks/functions.js'
import { checkConjugate } from '../checks/model.js'
import { dual, type Given } from '../door/dual.js'
import type { FitError } from '../errors.js'
import type { AnyConjugate, Conjugate } from '../mixture/conjugate.js'
import { forFit } from '../mixture/from-data.js'
import { componentCount } from '../mixture/mixture.js'
import type { ObservationOf, PriorOf, StatisticsOf } from '../mixture/types.js'

/** What a fit knows of each component: the statistics of its observations and their number. */
export interface Known<S> {
  readonly statistics: ReadonlyArray<S>
  readonly expectedCounts: Vector
}

const knownOf = (mixture: CheckedMixture): Schema =>
  object(
    {
      statistics: list(mixture.check.statistics, componentCount(mixture)),
      expectedCounts: numbers(atLeast(0), mixture.weights.count),
    },
    'a fit, or its statistics and expectedCounts',
  )

const updated = (mixture: AnyConjugate, known: Known<unknown>): E.Either<FitError, ReadonlyArray<unknown>> =>
  pipe(
    checkArgument('fit', knownOf(mixture))(known),
    E.chainW(({ statistics }) => E.sequenceArray(statistics.map((s, k) => mixture.pair.update(s)(mixture.priors[k]!)))),
  )

/**
 * The posterior of each component given the responsibilities of a fit, whose mode the fit has (one M-step later).
 * Errors: the statistics are none of the mixture's, or give no posterior.
 */
export const posteriors: {
  <M extends Conjugate>(
    fitted: NoInfer<Known<StatisticsOf<M>>>,
  ): (model: Given<M>) => E.Either<FitError, ReadonlyArray<PriorOf<M>>>
  <M extends Conjugate>(model: Given<M>, fitted: Known<StatisticsOf<M>>): E.Either<FitError, ReadonlyArray<PriorOf<M>>>
} = dual((given: Given<AnyConjugate>, fitted: Known<unknown>) =>
  tried(() =>
    pipe(
      checkConjugate(given),
      E.chain(model => forFit(model, fitted)),
      E.chain(mixture => updated(mixture, fitted)),
    ),
  ),
) as never

/**
 * log p(x) of one more observation with weights and parameters integrated out over their posteriors given the
 * responsibilities: for a Gaussian mixture a mixture of Student's t, which has heavier tails than the fitted one. With noise
 * that is one of its components.
 * Errors: the statistics are none of the mixture's, or give no posterior.
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), section 10.2.3.
 */
export const logPosteriorPredictive: {
  <M extends Conjugate>(
    fitted: NoInfer<Known<StatisticsOf<M>>>,
  ): (model: Given<M>) => E.Either<FitError, (x: ObservationOf<M>) => E.Either<FitError, number>>
  <M extends Conjugate>(
    model: Given<M>,
    fitted: Known<StatisticsOf<M>>,
  ): E.Either<FitError, (x: ObservationOf<M>) => E.Either<FitError, number>>
} = dual((given: Given<AnyConjugate>, known: Known<unknown>) =>
  tried(() =>
    pipe(
      checkConjugate(given),
      E.chain(model => forFit(model, known)),
      E.bindTo('mixture'),
      E.bind('members', ({ mixture }) => updated(mixture, known)),
      E.map(({ mixture, members }) => {
        const { pair, weightsPrior, noise } = mixture
        const alpha = Array.from(weightsPrior.concentration, (a, k) => a + known.expectedCounts[k]!)
        const total = alpha.reduce((a, b) => a + b, 0)
        return (x: unknown): E.Either<FitError, number> =>
          tried(() =>
            pipe(
              E.sequenceArray(members.map(q => logPredictive(pair)(q)(x))),
              E.map(logs => {
                const terms = [...logs, ...(noise === undefined ? [] : [noise])].map(
                  (v, k) => v + Math.log(alpha[k]! / total),
                )
                const highest = Math.max(...terms)
                return highest === Number.NEGATIVE_INFINITY
                  ? highest
                  : highest + Math.log(terms.reduce((sum, v) => sum + Math.exp(v - highest), 0))
              }),
            ),
          )
      }),
    ),
  ),
) as never
