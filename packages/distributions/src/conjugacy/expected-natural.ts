import { innerProduct, type Statistic, toNatural, toStatistic } from '../family.js'
import { random } from '../random.js'
import type { ConjugatePrior, ExpectedNatural } from './conjugate-prior.js'

/**
 * E[eta] and E[A] of a likelihood's parameters under `q`: variational Bayes puts exp(<E eta, t(x)> - E A) h(x) where EM has
 * the density. As the evidence of observations with weight w and sum t is linear in both, and its inner product with the
 * statistic of the parameters is <eta, t> - w A, both follow from the expected statistic of `q`.
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), section 10.4.
 */
export const expectedNatural =
  <Q, P, X, S>(prior: ConjugatePrior<Q, P, X, S>): ((q: Q) => ExpectedNatural<P>) =>
  q => {
    if (prior.expectedNatural !== undefined) return prior.expectedNatural(q)
    const expected = prior.family.expectedStatistic(q)
    // Any member tells how many numbers eta has.
    const size = prior.likelihood.natural(prior.family.sample(q)(random(0))).length
    const at = (sum: Statistic<P>): number => innerProduct(prior.evidence(prior.fromStatistic(1, sum)), expected)
    const unit = (f: number): Statistic<P> =>
      toStatistic(Float64Array.from({ length: size }, (_, i) => (i === f ? 1 : 0)))
    const minusLogNormaliser = at(unit(-1))
    return {
      natural: toNatural(Float64Array.from({ length: size }, (_, f) => at(unit(f)) - minusLogNormaliser)),
      logNormaliser: -minusLogNormaliser,
    }
  }
