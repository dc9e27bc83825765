import { innerProduct, type Natural, type Statistic, toNatural, toStatistic } from '../family.js'
import { random } from '../random.js'
import type { ConjugatePrior, ExpectedNatural } from './conjugate-prior.js'

/**
 * E[eta] and E[A] of a likelihood's parameters under `q`: variational Bayes puts exp(<E eta, t(x)> - E A) h(x) where EM has
 * the density. As the evidence of observations with weight w and sum t is linear in both, and its inner product with the
 * statistic of the parameters is <eta, t> - w A, both follow from the expected statistic of `q`: each by its own
 * coefficients, so that nothing cancels.
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), section 10.4.
 */
export const expectedNatural =
  <Q, P, X, S>(prior: ConjugatePrior<Q, P, X, S>): ((q: Q) => ExpectedNatural<P>) =>
  q => {
    if (prior.expectedNatural !== undefined) return prior.expectedNatural(q)
    const expected = prior.family.expectedStatistic(q)
    // Any member tells how many numbers eta has.
    const size = prior.likelihood.natural(prior.family.sample(q)(random(0))).length
    const evidenceOf = (f: number): Natural<Q> => {
      const sum: Statistic<P> = toStatistic(Float64Array.from({ length: size }, (_, i) => (i === f ? 1 : 0)))
      return prior.evidence(prior.fromStatistic(1, sum))
    }
    const ofWeight = evidenceOf(-1)
    return {
      natural: toNatural(
        Float64Array.from({ length: size }, (_, f) =>
          innerProduct(
            toNatural<Q>(Float64Array.from(evidenceOf(f), (v, i) => (v === ofWeight[i] ? 0 : v - ofWeight[i]!))),
            expected,
          ),
        ),
      ),
      logNormaliser: -innerProduct(ofWeight, expected),
    }
  }
