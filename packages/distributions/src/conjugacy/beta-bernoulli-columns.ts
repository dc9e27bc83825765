import { digammaDifference, type Vector } from '@conjugate/linalg'
import { type Beta, beta } from '../families/beta.js'
import type { MemberOf } from '../family.js'
import { logistic, logit, rootsOfShares } from '../math/probabilities.js'
import { fraction } from '../requirements.js'
import { constantBase } from '../statistic.js'
import { vectors, wholeFrom0To } from '../support.js'
import { betaBernoulliPrior } from './beta-prior.js'
import { ofIndependentColumns } from './columns-prior.js'
import type { ConjugatePrior } from './conjugate-prior.js'
import type { WeightedSums } from './derived-pair.js'

/** Trials in D columns that are independent. */
export interface IndependentBernoullis extends MemberOf<'IndependentBernoullis'> {
  /** The probability of success in each column, from 0 to 1. */
  readonly probabilities: Vector
}

/**
 * D betas as the prior of the probabilities of independent trials in D columns, one for each; observations are lists of D zeros and ones, of
 * which a column of a table may be, and rows may be sparse. The posterior of each column is that of {@link betaBernoulliPrior}. Errors:
 * updates and modes say where the number of columns is not whole and positive, there are other than D priors, and which column has no
 * posterior.
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), section 9.3.3.
 */
export const betaBernoulliPriorOf = (
  columns: number,
): ConjugatePrior<ReadonlyArray<Beta>, IndependentBernoullis, Vector, WeightedSums> & { readonly block: number } =>
  ofIndependentColumns(columns, {
    name: 'IndependentBernoullis',
    parameter: 'probabilities',
    membersOf: probabilities => ({ probabilities }),
    parametersOf: p => p.probabilities,
    pair: betaBernoulliPrior,
    prior: beta,
    requirement: fraction,
    memberOf: probability => ({ probability }),
    parameterOf: p => p.probability,
    support: vectors('zeros and ones', wholeFrom0To(1)),
    natural: logit,
    fromNatural: logistic,
    logNormaliser: p => -Math.log1p(-p),
    logBase: x => (x === 1 ? 0 : Number.NEGATIVE_INFINITY),
    logBaseExpression: constantBase(0),
    // As rows of counts are: by how many answers differ, a row of many ones would be far from all others.
    compared: rootsOfShares,
    priorStatistic: [Math.log, p => Math.log1p(-p)],
    evidence: [(_weight, sum) => sum, (weight, sum) => weight - sum],
    // Not through the posterior: 1 + 1e-17 is 1. Where nothing is known, all probabilities are modes, and this is the middle.
    mode: ({ a, b }, weight, sum) => {
      const [successes, failures] = [a - 1 + sum, b - 1 + (weight - sum)]
      if (!(successes >= 0 && failures >= 0)) return Number.NaN
      return successes + failures > 0 ? successes / (successes + failures) : 0.5
    },
    // E log p - E log(1 - p) by one difference, in which nothing cancels.
    expectedNatural: ({ a, b }) => (a < b ? -digammaDifference(a, b - a) : digammaDifference(b, a - b)),
    expectedLogNormaliser: ({ a, b }) => digammaDifference(b, a),
  })
