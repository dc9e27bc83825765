import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import { total } from '../guarded.js'
import type { Validated } from '../validation.js'
import type { ConjugatePrior } from './conjugate-prior.js'

const byBayes =
  <Q, P, X, S>(
    { family, likelihood }: ConjugatePrior<Q, P, X, S>,
    q: Q,
    xs: ReadonlyArray<X>,
    logBaseMeasure: number,
  ): ((after: Q) => number) =>
  after => {
    if (xs.length === 0) return 0
    const at = pipe(
      // Means of the parameters are parameters in all pairs, though families in general may have others.
      family.mean(after) as O.Option<P>,
      O.alt(() => family.mode(after)),
    )
    if (O.isSome(at)) {
      const logProb = likelihood.logProb(at.value)
      let sum = family.logProb(q)(at.value) - family.logProb(after)(at.value)
      for (const x of xs) sum += logProb(x)
      if (Number.isFinite(sum)) return sum
    }
    return family.logNormaliser(after) - family.logNormaliser(q) + logBaseMeasure
  }

const marginal = <Q, P, X, S>(
  prior: ConjugatePrior<Q, P, X, S>,
  q: Q,
  observations: Iterable<X>,
): Validated<number> => {
  const { concat, empty } = prior.monoid(q)
  const observe = prior.observe(q)
  const xs = Array.from(observations)
  let statistics = empty
  let logBaseMeasure = 0
  for (const x of xs) {
    statistics = concat(statistics, observe(x, 1))
    logBaseMeasure += prior.likelihood.logBaseMeasure(x)
  }
  if (logBaseMeasure === Number.NEGATIVE_INFINITY) return E.right(logBaseMeasure)
  return pipe(
    prior.logEvidence === undefined
      ? pipe(prior.update(statistics)(q), E.map(byBayes(prior, q, xs, logBaseMeasure)))
      : pipe(
          prior.logEvidence(statistics)(q),
          E.map(gain => gain + logBaseMeasure),
        ),
    E.map(value => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value)),
  )
}

/**
 * log p(x_1, ..., x_N) with the parameters of the likelihood integrated out: A(posterior) - A(prior) + sum_n log h(x_n). It
 * compares models of the same data, and is -Infinity where one observation is impossible, or so unlikely that float64 does
 * not hold how. The difference of normalisers cancels where the prior is worth many observations, or the data lie far from
 * zero; so it is taken by Bayes' theorem at one parameter, the posterior's mean or mode, if that is a number:
 * sum_n log p(x_n | t) + log prior(t) - log posterior(t).
 * Errors: those of the update, such as an observation that is not finite.
 * Sources: Murphy, Machine Learning (2012), section 9.2.5; Chib, Marginal likelihood from the Gibbs output (1995).
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
