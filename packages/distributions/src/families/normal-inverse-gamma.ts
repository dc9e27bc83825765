import { itakuraSaito, LOG_2PI } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import {
  type ExponentialFamily,
  type MemberOf,
  type Natural,
  type Statistic,
  toNatural,
  toStatistic,
} from '../family.js'
import { guarded } from '../guarded.js'
import { heldFinite } from '../math/draws.js'
import { covarianceOfOneColumn } from '../math/normal-gamma-moments.js'
import { orInfinity, product } from '../math/products.js'
import { aMember, aNumber, members } from '../member.js'
import { finite, greaterThan, positive } from '../requirements.js'
import { type Validated, validator } from '../validation.js'
import { type InverseGamma, inverseGamma } from './inverse-gamma.js'
import type { Normal } from './normal.js'

/**
 * NormalInverseGamma(mean, meanPrecision, shape, scale) on the parameters of a normal:
 * sigma^2 ~ InverseGamma(a, b) and mu | sigma^2 ~ N(m, sigma^2 / kappa). Made by `normalInverseGamma.make`.
 */
export interface NormalInverseGamma extends MemberOf<'NormalInverseGamma'> {
  /** m, in units of the data. */
  readonly mean: number
  /** kappa > 0: the number of observations that the prior mean is worth. */
  readonly meanPrecision: number
  /** The law of the variance, with a and b; b is in squared units of the data. */
  readonly variance: InverseGamma
}

/** The family of normal-inverse-gammas. `X` are normals, and so are the shapes of variances, as pairs of numbers. */
export interface NormalInverseGammaFamily extends ExponentialFamily<NormalInverseGamma, Normal> {
  /** Validates the parameters. Errors: a mean that is not finite; another that is not positive and finite. */
  readonly make: (parameters: {
    readonly mean: number
    readonly meanPrecision: number
    readonly shape: number
    readonly scale: number
  }) => Validated<NormalInverseGamma>
}

const name = 'NormalInverseGamma'
const check = validator(name)

const make: NormalInverseGammaFamily['make'] = parameters =>
  pipe(
    E.Do,
    E.bind('mean', () => check.scalar('mean', parameters.mean, finite)),
    E.bind('meanPrecision', () => check.scalar('meanPrecision', parameters.meanPrecision, positive)),
    E.bind('variance', () =>
      pipe(
        inverseGamma.make(parameters),
        E.mapLeft(e => ({ ...e, distribution: name })),
      ),
    ),
  )

const logProb = (p: NormalInverseGamma): ((x: Normal) => number) => {
  const logProbVariance = inverseGamma.logProb(p.variance)
  return x =>
    x.variance > 0 && x.variance < Number.POSITIVE_INFINITY && Number.isFinite(x.mean)
      ? logProbVariance(x.variance) - 0.5 * distanceInSpreads(p, x)
      : Number.NEGATIVE_INFINITY
}

/** -2 log N(mu; m, sigma^2/kappa). */
const distanceInSpreads = ({ mean, meanPrecision }: NormalInverseGamma, x: Normal): number =>
  LOG_2PI +
  (Math.log(x.variance) - Math.log(meanPrecision)) +
  (((x.mean - mean) / Math.sqrt(x.variance)) * Math.sqrt(meanPrecision)) ** 2

const mean = (p: NormalInverseGamma): O.Option<Normal> =>
  pipe(
    inverseGamma.mean(p.variance),
    O.map(variance => ({ mean: p.mean, variance })),
  )

const variance = (p: NormalInverseGamma): O.Option<Normal> =>
  pipe(
    O.Do,
    O.bind('expected', () => inverseGamma.mean(p.variance)),
    O.bind('variance', () => inverseGamma.variance(p.variance)),
    O.map(({ expected, variance }) => ({ mean: expected / p.meanPrecision, variance })),
  )

/** E log sigma^2. */
const expectedLogVariance = (p: NormalInverseGamma): number => inverseGamma.expectedStatistic(p.variance)[0]!

const klDivergence =
  (p: NormalInverseGamma) =>
  (q: NormalInverseGamma): number => {
    // Given sigma^2 two normals in units of sigma; the distance of their means weighs E sigma^-2 = a / b.
    const distance = p.mean - q.mean
    const betweenMeans =
      distance === 0 ? 0 : distance * (distance * (p.variance.shape / p.variance.scale)) * q.meanPrecision
    return (
      inverseGamma.klDivergence(p.variance)(q.variance) +
      0.5 * (itakuraSaito(q.meanPrecision, p.meanPrecision) + orInfinity(betweenMeans))
    )
  }

const natural = ({ mean: m, meanPrecision, variance: { shape, scale } }: NormalInverseGamma) =>
  toNatural<NormalInverseGamma>(
    meanPrecision * m,
    -scale - 0.5 * meanPrecision * m * m,
    -0.5 * meanPrecision,
    -shape - 1.5,
  )

const fromNatural = (eta: Natural<NormalInverseGamma>): Validated<NormalInverseGamma> => {
  const meanPrecision = -2 * eta[2]!
  const m = eta[0]! / meanPrecision
  return make({ mean: m, meanPrecision, shape: -eta[3]! - 1.5, scale: -eta[1]! - 0.5 * meanPrecision * m * m })
}

const expectedStatistic = (p: NormalInverseGamma): Statistic<NormalInverseGamma> => {
  const precision = p.variance.shape / p.variance.scale
  return toStatistic(
    product(p.mean, precision),
    precision,
    1 / p.meanPrecision + p.mean * product(p.mean, precision),
    expectedLogVariance(p),
  )
}

const fromExpectedStatistic = (t: Statistic<NormalInverseGamma>): Validated<NormalInverseGamma> =>
  pipe(
    check.statistic(t, 4),
    E.chain(() => inverseGamma.fromExpectedStatistic(toStatistic(t[3]!, t[1]!))),
    E.mapLeft(e => ({ ...e, distribution: name, parameter: e.parameter.replace('[0]', '[3]') })),
    E.bindTo('variance'),
    E.bind('square', () => check.scalar('expectedStatistic[2]', t[2]!, greaterThan(t[0]! ** 2 / t[1]!))),
    E.chain(({ variance, square }) =>
      make({ mean: t[0]! / t[1]!, meanPrecision: 1 / (square - t[0]! ** 2 / t[1]!), ...variance }),
    ),
  )

/**
 * The normal-inverse-gamma as an exponential family over (mu, sigma^2):
 * t = (mu/sigma^2, 1/sigma^2, mu^2/sigma^2, log sigma^2), eta = (kappa m, -b - kappa m^2/2, -kappa/2, -(a + 3/2)),
 * A = log Gamma(a) - a log b - log(kappa)/2, h = (2 pi)^(-1/2). Its mode is (m, b/(a + 3/2)).
 * Var mu exists for a > 1, and Var sigma^2 is Infinity for 1 < a <= 2.
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), section 2.3.6; Murphy, Machine Learning (2012), 4.6.3.
 *
 * @support normals
 * @prior none in the library
 * @example
 * import { normalInverseGamma } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const p = normalInverseGamma.make({ mean: 0, meanPrecision: 1, shape: 3, scale: 2 })
 * if (E.isRight(p)) console.log(normalInverseGamma.logProb(p.right)({ mean: 0, variance: 1 }).toFixed(4)) // prints -1.5326
 */
export const normalInverseGamma: NormalInverseGammaFamily = guarded<NormalInverseGammaFamily>({
  name,
  make,
  logProb,
  sample: p => random => {
    const drawn = inverseGamma.sample(p.variance)(random)
    return {
      mean: heldFinite(p.mean + (Math.sqrt(drawn) / Math.sqrt(p.meanPrecision)) * random.normal()),
      variance: drawn,
    }
  },
  mean,
  variance,
  mode: p => O.some({ mean: p.mean, variance: p.variance.scale / (p.variance.shape + 1.5) }),
  entropy: p =>
    inverseGamma.entropy(p.variance) + 0.5 * (1 + LOG_2PI - Math.log(p.meanPrecision) + expectedLogVariance(p)),
  klDivergence,
  statistic: x => toStatistic(x.mean / x.variance, 1 / x.variance, x.mean ** 2 / x.variance, Math.log(x.variance)),
  logBaseMeasure: () => -0.5 * LOG_2PI,
  natural,
  fromNatural,
  logNormaliser: p => inverseGamma.logNormaliser(p.variance) - 0.5 * Math.log(p.meanPrecision),
  expectedStatistic,
  fromExpectedStatistic,
  member: members(name, { mean: aNumber, meanPrecision: aNumber, variance: aMember(inverseGamma) }, p =>
    make({ ...p, ...p.variance }),
  ),
  fisherInformation: ({ mean: m, meanPrecision, variance: { shape, scale } }) =>
    covarianceOfOneColumn(m, meanPrecision, shape, scale),
})
