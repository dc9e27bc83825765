import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { total } from '../guarded.js'
import type { Validated } from '../validation.js'
import type { ConjugatePrior } from './conjugate-prior.js'

const marginal = <Q, P, X, S>(
  prior: ConjugatePrior<Q, P, X, S>,
  q: Q,
  observations: Iterable<X>,
): Validated<number> => {
  const { concat, empty } = prior.monoid(q)
  const observe = prior.observe(q)
  let statistics = empty
  let logBaseMeasure = 0
  for (const x of observations) {
    statistics = concat(statistics, observe(x, 1))
    logBaseMeasure += prior.likelihood.logBaseMeasure(x)
  }
  if (logBaseMeasure === Number.NEGATIVE_INFINITY) return E.right(logBaseMeasure)
  return pipe(
    prior.update(statistics)(q),
    E.map(after => prior.family.logNormaliser(after) - prior.family.logNormaliser(q) + logBaseMeasure),
  )
}

/**
 * log p(x_1, ..., x_N) with the parameters of the likelihood integrated out: A(posterior) - A(prior) + sum_n log h(x_n).
 * It compares models of the same data, and is -Infinity where one observation is impossible. Errors: those of the update, such as an observation that is not finite.
 * Source: Murphy, Machine Learning (2012), section 9.2.5.
 */
export const logMarginalLikelihood =
  <Q, P, X, S>(prior: ConjugatePrior<Q, P, X, S>) =>
  (q: Q) =>
  (observations: Iterable<X>): Validated<number> =>
    total<Q, number>(prior.family.name, 'prior', 'a member of the family and observations of it', () =>
      marginal(prior, q, observations),
    )(q)
/**
 * log p(x) of one more observation under a prior, or under a posterior given all observations before: the predictive
 * density, or mass. Errors: those of the update.
 */
export const logPredictive =
  <Q, P, X, S>(prior: ConjugatePrior<Q, P, X, S>) =>
  (q: Q) =>
  (x: X): Validated<number> =>
    logMarginalLikelihood(prior)(q)([x])
