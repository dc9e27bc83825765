import { fromRows } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import { type ExponentialFamily, type MemberOf, toNatural, toStatistic } from '../family.js'
import { guarded } from '../guarded.js'
import { isCount } from '../math/is-count.js'
import { divergenceOfProbabilities, entropyOfTrial, logistic, logit, ofTrial } from '../math/probabilities.js'
import { aNumber, members } from '../member.js'
import { fraction } from '../requirements.js'
import { column, constantBase } from '../statistic.js'
import { zeroOrOne } from '../support.js'
import { type Validated, validator } from '../validation.js'

/** One trial, whose success is 1 and failure 0. Made by `bernoulli.make`. */
export interface Bernoulli extends MemberOf<'Bernoulli'> {
  /** The probability of success, from 0 to 1. */
  readonly probability: number
}

/** The family of Bernoullis. `X` are 0 and 1. */
export interface BernoulliFamily extends ExponentialFamily<Bernoulli, number> {
  /** Validates the parameters. Errors: a probability that is not in 0 to 1. */
  readonly make: (parameters: Bernoulli) => Validated<Bernoulli>
}

const name = 'Bernoulli'
const check = validator(name)

const make: BernoulliFamily['make'] = parameters =>
  pipe(
    check.scalar('probability', parameters.probability, fraction),
    E.map(probability => ({ probability })),
  )

const logProb = ({ probability: p }: Bernoulli): ((x: number) => number) => {
  const [success, failure] = [Math.log(p), Math.log1p(-p)]
  return x => (x === 1 ? success : x === 0 ? failure : Number.NEGATIVE_INFINITY)
}

const mode = ({ probability: p }: Bernoulli): O.Option<number> => (p === 0.5 ? O.none : O.some(p > 0.5 ? 1 : 0))

/**
 * The Bernoulli as an exponential family: t(x) = x, eta = log(p/(1 - p)), A = log(1 + e^eta) = -log(1 - p), h = 1. The
 * certain ones are limits, at eta = -Infinity and Infinity.
 * Source: Wainwright and Jordan, Graphical Models, Exponential Families, and Variational Inference (2008), table 3.1.
 *
 * @support 0 and 1
 * @prior beta (`betaBernoulliPrior`; of lists of D zeros and ones `betaBernoulliPriorOf(D)`)
 * @example
 * import { bernoulli } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const p = bernoulli.make({ probability: 0.3 })
 * if (E.isRight(p)) console.log(bernoulli.logProb(p.right)(1).toFixed(4)) // prints -1.2040
 */
export const bernoulli: BernoulliFamily = guarded<BernoulliFamily>({
  name,
  support: zeroOrOne,
  make,
  logProb,
  sample: p => random => (random.uniform() < p.probability ? 1 : 0),
  mean: p => O.some(p.probability),
  variance: p => O.some(p.probability * (1 - p.probability)),
  mode,
  entropy: p => entropyOfTrial(p.probability),
  klDivergence: p => q => divergenceOfProbabilities(ofTrial(p.probability), ofTrial(q.probability)),
  statistic: x => toStatistic(x),
  statisticExpression: () => column(0),
  logBaseMeasure: x => (isCount(x, 1) ? 0 : Number.NEGATIVE_INFINITY),
  logBaseExpression: constantBase(0),
  natural: p => toNatural(logit(p.probability)),
  fromNatural: eta => make({ probability: logistic(eta[0]!) }),
  logNormaliser: p => -Math.log1p(-p.probability),
  expectedStatistic: p => toStatistic(p.probability),
  fromExpectedStatistic: t =>
    pipe(
      check.statistic(t, 1),
      E.chain(() => check.scalar('expectedStatistic[0]', t[0]!, fraction)),
      E.chain(probability => make({ probability })),
    ),
  member: members(name, { probability: aNumber }, make),
  fisherInformation: p => fromRows([[p.probability * (1 - p.probability)]]),
})
