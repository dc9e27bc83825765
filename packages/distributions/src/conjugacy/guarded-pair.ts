import { total } from '../guarded.js'
import type { Validated } from '../validation.js'
import type { ConjugatePrior } from './conjugate-prior.js'

/** The same pair, whose posteriors and modes are errors where they would throw, whatever they are asked of. */
export const guardedPair = <Q, P, X, S>(pair: ConjugatePrior<Q, P, X, S>): ConjugatePrior<Q, P, X, S> => {
  const { family, update, jointMode, posteriorMode } = pair
  const ofPrior = <A>(check: (q: Q) => Validated<A>): ((q: Q) => Validated<A>) =>
    total(family.name, 'prior', `a member made by the ${family.name}'s make`, check)
  return {
    ...pair,
    update: s => ofPrior(q => update(s)(q)),
    jointMode: ofPrior(jointMode),
    ...(posteriorMode && { posteriorMode: (s: S) => ofPrior((q: Q) => posteriorMode(s)(q)) }),
  }
}
