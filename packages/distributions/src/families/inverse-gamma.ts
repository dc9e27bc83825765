import { digamma, fromRows, inverseLogMinusDigamma, logGammaLess, logGammaWeight, trigamma } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import { type ExponentialFamily, type MemberOf, type Statistic, toNatural, toStatistic } from '../family.js'
import { guarded } from '../guarded.js'
import { heldPositive, logGammaDraw } from '../math/draws.js'
import { aNumber, members } from '../member.js'
import { greaterThan, positive } from '../requirements.js'
import { concat, constantBase, log } from '../statistic.js'
import { positiveNumbers } from '../support.js'
import { type Validated, validator } from '../validation.js'
import { type Gamma, gamma, gammaEntropyAndLogs } from './gamma.js'

/** InverseGamma(shape, scale) on x > 0: the law of 1/y for y ~ Gamma(shape, rate = scale). Made by `inverseGamma.make`. */
export interface InverseGamma extends MemberOf<'InverseGamma'> {
  /** a > 0, which has no unit. */
  readonly shape: number
  /** b > 0, in units of the data: the mean is b / (a - 1). */
  readonly scale: number
}

/** The family of inverse gammas. `X` are numbers. */
export interface InverseGammaFamily extends ExponentialFamily<InverseGamma, number> {
  /** Validates the parameters. Errors: a shape or a scale that is not positive and finite. */
  readonly make: (parameters: InverseGamma) => Validated<InverseGamma>
}

const name = 'InverseGamma'
const check = validator(name)

const make: InverseGammaFamily['make'] = ({ shape, scale }) =>
  pipe(
    E.Do,
    E.bind('shape', () => check.scalar('shape', shape, positive)),
    E.bind('scale', () => check.scalar('scale', scale, positive)),
  )

/** The law of 1/x. */
const reciprocal = ({ shape, scale }: InverseGamma): Gamma => ({ shape, rate: scale })

const logProb = ({ shape, scale }: InverseGamma): ((x: number) => number) => {
  const logWeight = logGammaWeight(shape)
  return x => (x > 0 && x < Number.POSITIVE_INFINITY ? logWeight(scale, 1, x) - Math.log(x) : Number.NEGATIVE_INFINITY)
}

const mean = ({ shape, scale }: InverseGamma): O.Option<number> => (shape > 1 ? O.some(scale / (shape - 1)) : O.none)

const variance = ({ shape, scale }: InverseGamma): O.Option<number> =>
  shape > 1 ? O.some(shape > 2 ? (scale / (shape - 1)) ** 2 / (shape - 2) : Number.POSITIVE_INFINITY) : O.none

const expectedStatistic = ({ shape, scale }: InverseGamma): Statistic<InverseGamma> =>
  toStatistic(Math.log(scale) - digamma(shape), shape / scale)

/** 1/x is a gamma. */
const fromExpectedStatistic = (t: Statistic<InverseGamma>): Validated<InverseGamma> =>
  pipe(
    check.statistic(t, 2),
    E.chain(() => check.scalar('expectedStatistic[1]', t[1]!, positive)),
    E.bindTo('meanReciprocal'),
    E.bind('meanLog', ({ meanReciprocal }) =>
      check.scalar('expectedStatistic[0]', t[0]!, greaterThan(-Math.log(meanReciprocal))),
    ),
    E.chain(({ meanReciprocal, meanLog }) => {
      const shape = inverseLogMinusDigamma(Math.log(meanReciprocal) + meanLog)
      return make({ shape, scale: shape / meanReciprocal })
    }),
  )

/**
 * The inverse gamma as an exponential family:
 * t(x) = (log x, 1/x), eta = (-(a + 1), -b), A = log Gamma(a) - a log b, h = 1. The mean exists for a > 1; the
 * variance is Infinity for 1 < a <= 2. Source: Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), appendix A.
 *
 * @support x > 0
 * @prior none in the library
 * @example
 * import { inverseGamma } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const p = inverseGamma.make({ shape: 3, scale: 2 })
 * if (E.isRight(p)) console.log(inverseGamma.logProb(p.right)(1).toFixed(4)) // prints -0.6137
 */
export const inverseGamma: InverseGammaFamily = guarded<InverseGammaFamily>({
  name,
  support: positiveNumbers,
  make,
  logProb,
  // By the logarithm, since a gamma of a small shape underflows where the quotient need not be beyond float64.
  sample: p => random =>
    heldPositive(
      p.shape < 1 ? Math.exp(Math.log(p.scale) - logGammaDraw(p.shape)(random)) : p.scale / random.gamma(p.shape),
    ),
  mean,
  variance,
  mode: p => O.some(p.scale / (p.shape + 1)),
  entropy: p => gammaEntropyAndLogs(p.shape, -2) + Math.log(p.scale),
  klDivergence: p => q => gamma.klDivergence(reciprocal(p))(reciprocal(q)),
  statistic: x => toStatistic(Math.log(x), 1 / x),
  statisticExpression: () => concat(log(0), { _tag: 'Reciprocal', column: 0 }),
  logBaseMeasure: () => 0,
  logBaseExpression: constantBase(0),
  natural: p => toNatural(-p.shape - 1, -p.scale),
  fromNatural: eta => make({ shape: -eta[0]! - 1, scale: -eta[1]! }),
  logNormaliser: p => logGammaLess(p.shape, Math.log(p.scale)),
  expectedStatistic,
  fromExpectedStatistic,
  member: members(name, { shape: aNumber, scale: aNumber }, make),
  fisherInformation: ({ shape: a, scale: b }) =>
    fromRows([
      [trigamma(a), -1 / b],
      [-1 / b, a / b / b],
    ]),
})
