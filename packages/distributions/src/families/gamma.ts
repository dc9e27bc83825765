import {
  digamma,
  fromRows,
  inverseLogMinusDigamma,
  LOG_2PI,
  logGammaLess,
  logGammaWeight,
  logMinusDigamma,
  poissonDivergence,
  stirlingError,
  trigamma,
  trigammaMinusReciprocal,
} from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import { type ExponentialFamily, type MemberOf, type Statistic, toNatural, toStatistic } from '../family.js'
import { guarded } from '../guarded.js'
import { integrateUnit } from '../math/gauss.js'
import { product } from '../math/products.js'
import { aNumber, members } from '../member.js'
import { lessThan, positive } from '../requirements.js'
import { column, concat, constantBase, log } from '../statistic.js'
import { positiveNumbers } from '../support.js'
import { type Validated, validator } from '../validation.js'

/** Gamma(shape, rate) on x >= 0. Made by `gamma.make`. */
export interface Gamma extends MemberOf<'Gamma'> {
  /** a > 0, which has no unit. */
  readonly shape: number
  /** b > 0, in one over the units of the data: the mean is a / b. */
  readonly rate: number
}

/** The family of gammas. `X` are numbers. */
export interface GammaFamily extends ExponentialFamily<Gamma, number> {
  /** Validates the parameters. Errors: a shape or a rate that is not positive and finite. */
  readonly make: (parameters: Gamma) => Validated<Gamma>
}

const name = 'Gamma'
const check = validator(name)

const make: GammaFamily['make'] = ({ shape, rate }) =>
  pipe(
    E.Do,
    E.bind('shape', () => check.scalar('shape', shape, positive)),
    E.bind('rate', () => check.scalar('rate', rate, positive)),
  )

/** The limit of (a - 1) log x at x = 0, with 0 log 0 = 0. */
export const logPowerAtZero = (exponent: number): number =>
  exponent === 0 ? 0 : exponent > 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY

const logProb = ({ shape, rate }: Gamma): ((x: number) => number) => {
  const logWeight = logGammaWeight(shape)
  return x => {
    if (!(x >= 0 && x < Number.POSITIVE_INFINITY)) return Number.NEGATIVE_INFINITY
    return x === 0 ? logPowerAtZero(shape - 1) + Math.log(rate) : logWeight(x, rate) - Math.log(x)
  }
}

/**
 * The entropy of x ~ Gamma(shape, 1) and so many times E log x: a + log Gamma(a) + (1 - a + times) digamma(a), in which terms
 * of the size of a log a, and of 1/a for a small a, have been cancelled by hand.
 */
export const gammaEntropyAndLogs = (shape: number, times: number): number =>
  0.5 * (LOG_2PI + Math.log(shape)) +
  stirlingError(shape) +
  product(shape - 1 - times, logMinusDigamma(shape)) +
  times * Math.log(shape)

/** Below this, log a - digamma(a) is 1/a to the last digit. */
const SMALL = 1e-290

/**
 * What of the divergence of gammas depends on their shapes alone: log Gamma(b) - log Gamma(a) + (a - b) digamma(a) less what
 * Stirling's formula says of its large terms. It is that of g(a) = log Gamma(a) - a log a + a as a Bregman divergence: for
 * shapes close to each other, in which it vanishes as their square, h^2 int_0^1 (1 - u) g''(a + u h) du for h = b - a.
 */
export const divergenceOfShapes = (a: number, b: number): number => {
  const h = b - a
  if (h === 0) return 0
  if (Math.abs(h) < 0.5 * a) return h * (h * integrateUnit(u => (1 - u) * trigammaMinusReciprocal(a + u * h)))
  const ofDigamma = a < SMALL ? h / a : h * logMinusDigamma(a)
  return 0.5 * (Math.log(a) - Math.log(b)) + ofDigamma + stirlingError(b) - stirlingError(a)
}

/** With log Gamma and digamma by Stirling's formula and its error, so that no large terms cancel. */
const klDivergence =
  (p: Gamma) =>
  (q: Gamma): number =>
    poissonDivergence(q.shape, p.shape, q.rate, p.rate) + divergenceOfShapes(p.shape, q.shape)

const expectedStatistic = (p: Gamma): Statistic<Gamma> =>
  toStatistic(digamma(p.shape) - Math.log(p.rate), p.shape / p.rate)

/** log E x - E log x tells the shape, whatever the rate. */
const fromExpectedStatistic = (t: Statistic<Gamma>): Validated<Gamma> =>
  pipe(
    check.statistic(t, 2),
    E.chain(() => check.scalar('expectedStatistic[1]', t[1]!, positive)),
    E.bindTo('mean'),
    E.bind('meanLog', ({ mean }) => check.scalar('expectedStatistic[0]', t[0]!, lessThan(Math.log(mean)))),
    E.chain(({ mean, meanLog }) => {
      const shape = inverseLogMinusDigamma(Math.log(mean) - meanLog)
      return make({ shape, rate: shape / mean })
    }),
  )

/**
 * The gamma as an exponential family: t(x) = (log x, x), eta = (a - 1, -b), A = log Gamma(a) - a log b, h = 1.
 * Its mode is (a - 1)/b where a >= 1; below, the density is unbounded at 0.
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), appendix B.
 *
 * @support x >= 0
 * @prior gamma of the rate, for a known shape (`gammaRatePrior(shape)`)
 * @example
 * import { gamma } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const p = gamma.make({ shape: 3, rate: 2 })
 * if (E.isRight(p)) console.log(gamma.logProb(p.right)(1).toFixed(4)) // prints -0.6137
 */
export const gamma: GammaFamily = guarded<GammaFamily>({
  name,
  support: positiveNumbers,
  make,
  logProb,
  sample: p => random => Math.min(random.gamma(p.shape) / p.rate, Number.MAX_VALUE),
  mean: p => O.some(p.shape / p.rate),
  variance: p => O.some(p.shape / p.rate / p.rate),
  mode: p => (p.shape >= 1 ? O.some((p.shape - 1) / p.rate) : O.none),
  entropy: p => gammaEntropyAndLogs(p.shape, 0) - Math.log(p.rate),
  klDivergence,
  statistic: x => toStatistic(Math.log(x), x),
  statisticExpression: () => concat(log(0), column(0)),
  logBaseMeasure: () => 0,
  logBaseExpression: constantBase(0),
  natural: p => toNatural(p.shape - 1, -p.rate),
  fromNatural: eta => make({ shape: eta[0]! + 1, rate: -eta[1]! }),
  logNormaliser: p => logGammaLess(p.shape, Math.log(p.rate)),
  expectedStatistic,
  fromExpectedStatistic,
  member: members(name, { shape: aNumber, rate: aNumber }, make),
  fisherInformation: ({ shape: a, rate: b }) =>
    fromRows([
      [trigamma(a), 1 / b],
      [1 / b, a / b / b],
    ]),
})
