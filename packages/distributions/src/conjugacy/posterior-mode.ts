import * as E from 'fp-ts/lib/Either.js'
import type { Validated } from '../validation.js'
import type { ConjugatePrior } from './conjugate-prior.js'

/**
 * The parameters of the greatest posterior density given a prior and the statistics of observations: by the pair's own formula
 * where it has one, which does not lose small statistics in a sum with the prior, or else the joint mode of the posterior.
 * Errors: those of the update, and a posterior without a mode.
 */
export const posteriorMode =
  <Q, P, X, S>(pair: Pick<ConjugatePrior<Q, P, X, S>, 'update' | 'jointMode' | 'posteriorMode'>) =>
  (s: S) =>
  (q: Q): Validated<P> => {
    if (pair.posteriorMode) return pair.posteriorMode(s)(q)
    const posterior = pair.update(s)(q)
    return E.isLeft(posterior) ? posterior : pair.jointMode(posterior.right)
  }
