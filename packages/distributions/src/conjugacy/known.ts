import { tabulate } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { toNatural } from '../family.js'
import type { Validated } from '../validation.js'
import type { ConjugatePrior } from './conjugate-prior.js'
import { guardedPair } from './guarded-pair.js'

/**
 * A pair of likelihoods of which something is known, if that is what it has to be. If not, observations are no evidence of
 * anything, and every update and mode says what is wrong.
 */
export const givenKnown = <Q, P, X, S>(
  known: Validated<unknown>,
  pair: ConjugatePrior<Q, P, X, S>,
): ConjugatePrior<Q, P, X, S> =>
  E.isRight(known)
    ? guardedPair(pair)
    : {
        ...pair,
        observe: q => () => pair.monoid(q).empty,
        evidence: s => toNatural(tabulate(pair.evidence(s).length, () => 0)),
        update: () => () => known,
        jointMode: () => known,
        ...(pair.posteriorMode && { posteriorMode: () => () => known }),
      }
