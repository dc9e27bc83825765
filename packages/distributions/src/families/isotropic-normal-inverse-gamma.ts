import { itakuraSaito, LOG_2PI, subtract, tabulate, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import { type ExponentialFamily, type MemberOf, type Statistic, toNatural, toStatistic } from '../family.js'
import { guarded } from '../guarded.js'
import { heldFinite } from '../math/draws.js'
import { covarianceOfNormalGamma } from '../math/normal-gamma-moments.js'
import { orInfinity, product, squaredNormOver } from '../math/products.js'
import { aMember, aNumber, aVector, members } from '../member.js'
import { finite, greaterThan, positive } from '../requirements.js'
import { type Validated, validator } from '../validation.js'
import { type InverseGamma, inverseGamma } from './inverse-gamma.js'
import type { IsotropicNormal } from './isotropic-normal.js'

/**
 * The law of the parameters of an isotropic normal on D columns: sigma^2 ~ InverseGamma(a, b) and
 * mu | sigma^2 ~ N(m, sigma^2/kappa I). Made by `isotropicNormalInverseGamma.make`.
 */
export interface IsotropicNormalInverseGamma extends MemberOf<'IsotropicNormalInverseGamma'> {
  /** m, of D numbers, in units of the data. */
  readonly mean: Vector
  /** kappa > 0: the number of observations that the prior mean is worth. */
  readonly meanPrecision: number
  /** The law of the variance, with a and b; b is in squared units of the data. */
  readonly variance: InverseGamma
}

/** The family of these laws. `X` are isotropic normals, and so are the shapes of means and variances. */
export interface IsotropicNormalInverseGammaFamily
  extends ExponentialFamily<IsotropicNormalInverseGamma, IsotropicNormal> {
  /** Validates the parameters. Errors: a mean that is not finite; another that is not positive and finite. */
  readonly make: (parameters: {
    readonly mean: ArrayLike<number>
    readonly meanPrecision: number
    readonly shape: number
    readonly scale: number
  }) => Validated<IsotropicNormalInverseGamma>
}

const name = 'IsotropicNormalInverseGamma'
const check = validator(name)

const make: IsotropicNormalInverseGammaFamily['make'] = parameters =>
  pipe(
    E.Do,
    E.bind('mean', () => check.vector('mean', parameters.mean, finite)),
    E.bind('meanPrecision', () => check.scalar('meanPrecision', parameters.meanPrecision, positive)),
    E.bind('variance', () =>
      pipe(
        inverseGamma.make(parameters),
        E.mapLeft(e => ({ ...e, distribution: name })),
      ),
    ),
  )

const squaredNorm = (v: Vector): number => squaredNormOver(1, v)

/** -2 log N(mu; m, sigma^2/kappa I). */
const distanceInSpreads = ({ mean, meanPrecision }: IsotropicNormalInverseGamma, x: IsotropicNormal): number => {
  let sum = mean.length * (LOG_2PI + (Math.log(x.variance) - Math.log(meanPrecision)))
  for (let i = 0; i < mean.length; i++)
    sum += (((x.mean[i]! - mean[i]!) / Math.sqrt(x.variance)) * Math.sqrt(meanPrecision)) ** 2
  return sum
}

/** x^2 w of every entry, in sum. */
const weightedSquares = (x: Vector, w: number): number => {
  let sum = 0
  for (const v of x) sum += v * product(v, w)
  return sum
}

/** kappa m'm / 2, of which a factor may be beyond float64. */
const halfSquare = (kappa: number, m: Vector): number => {
  const half = 0.5 * kappa * squaredNorm(m)
  return Number.isFinite(half) ? half : 0.5 * weightedSquares(m, kappa)
}

const fill = (length: number, value: number): Float64Array => new Float64Array(length).fill(value)

const expectedLogVariance = (p: IsotropicNormalInverseGamma): number => inverseGamma.expectedStatistic(p.variance)[0]!

const expectedStatistic = (p: IsotropicNormalInverseGamma): Statistic<IsotropicNormalInverseGamma> => {
  const precision = p.variance.shape / p.variance.scale
  return toStatistic(
    tabulate(p.mean.length, i => product(p.mean[i]!, precision)),
    precision,
    p.mean.length / p.meanPrecision + weightedSquares(p.mean, precision),
    expectedLogVariance(p),
  )
}

const fromExpectedStatistic = (t: Statistic<IsotropicNormalInverseGamma>): Validated<IsotropicNormalInverseGamma> => {
  const d = t.length - 3
  const products = tabulate(Math.max(0, d), i => t[i]!)
  return pipe(
    d >= 1 ? check.statistic(t, d + 3) : check.fail('expectedStatistic', 'at least 4 numbers', t.length),
    E.chain(() => inverseGamma.fromExpectedStatistic(toStatistic(t[d + 2]!, t[d]!))),
    E.mapLeft(e => ({ ...e, distribution: name })),
    E.bindTo('variance'),
    E.bind('square', () =>
      check.scalar(`expectedStatistic[${d + 1}]`, t[d + 1]!, greaterThan(squaredNorm(products) / t[d]!)),
    ),
    E.chain(({ variance, square: e }) =>
      make({
        mean: products.map(v => v / t[d]!),
        meanPrecision: d / (e - squaredNorm(products) / t[d]!),
        ...variance,
      }),
    ),
  )
}

/**
 * The normal-inverse-gamma of D columns with one variance as an exponential family over (mu, sigma^2):
 * t = (mu/sigma^2, 1/sigma^2, mu'mu/sigma^2, log sigma^2), eta = (kappa m, -b - kappa m'm/2, -kappa/2, -(a + D/2 + 1)),
 * A = log Gamma(a) - a log b - D log(kappa)/2, h = (2 pi)^(-D/2). Its mode is (m, b/(a + D/2 + 1)).
 * Var mu exists for a > 1, and Var sigma^2 is Infinity for 1 < a <= 2.
 * Source: Murphy, Machine Learning (2012), section 4.6.3, with the D columns of one variance as observations of one.
 *
 * @support isotropic normals
 * @prior none in the library
 * @example
 * import { isotropicNormalInverseGamma } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const p = isotropicNormalInverseGamma.make({ mean: [0, 0], meanPrecision: 1, shape: 3, scale: 2 })
 * if (E.isRight(p)) console.log(isotropicNormalInverseGamma.logProb(p.right)({ mean: [0, 0], variance: 1 }).toFixed(4)) // prints -2.4516
 */
export const isotropicNormalInverseGamma: IsotropicNormalInverseGammaFamily =
  guarded<IsotropicNormalInverseGammaFamily>({
    name,
    make,
    logProb: p => {
      const logProbVariance = inverseGamma.logProb(p.variance)
      return x =>
        x.variance > 0 && x.variance < Number.POSITIVE_INFINITY && Array.from(x.mean).every(Number.isFinite)
          ? logProbVariance(x.variance) - 0.5 * distanceInSpreads(p, x)
          : Number.NEGATIVE_INFINITY
    },
    sample: p => random => {
      const variance = inverseGamma.sample(p.variance)(random)
      const spread = Math.sqrt(variance) / Math.sqrt(p.meanPrecision)
      return { mean: tabulate(p.mean.length, i => heldFinite(p.mean[i]! + spread * random.normal())), variance }
    },
    mean: p =>
      pipe(
        inverseGamma.mean(p.variance),
        O.map(variance => ({ mean: p.mean, variance })),
      ),
    variance: p =>
      pipe(
        O.Do,
        O.bind('expected', () => inverseGamma.mean(p.variance)),
        O.bind('variance', () => inverseGamma.variance(p.variance)),
        O.map(({ expected, variance }) => ({ mean: fill(p.mean.length, expected / p.meanPrecision), variance })),
      ),
    mode: p => O.some({ mean: p.mean, variance: p.variance.scale / (p.variance.shape + 0.5 * p.mean.length + 1) }),
    entropy: p =>
      inverseGamma.entropy(p.variance) +
      0.5 * p.mean.length * (1 + LOG_2PI - Math.log(p.meanPrecision) + expectedLogVariance(p)),
    klDivergence: p => q => {
      // Given sigma^2 two normals in units of sigma; the distance of their means weighs E sigma^-2 = a / b.
      const distance = weightedSquares(subtract(q.mean)(p.mean), p.variance.shape / p.variance.scale)
      return (
        inverseGamma.klDivergence(p.variance)(q.variance) +
        0.5 * (p.mean.length * itakuraSaito(q.meanPrecision, p.meanPrecision) + orInfinity(q.meanPrecision * distance))
      )
    },
    statistic: x =>
      toStatistic(
        tabulate(x.mean.length, i => x.mean[i]! / x.variance),
        1 / x.variance,
        squaredNorm(x.mean) / x.variance,
        Math.log(x.variance),
      ),
    logBaseMeasure: x => -0.5 * x.mean.length * LOG_2PI,
    natural: ({ mean: m, meanPrecision: kappa, variance: { shape, scale } }) =>
      toNatural(
        tabulate(m.length, i => kappa * m[i]!),
        -scale - halfSquare(kappa, m),
        -0.5 * kappa,
        -shape - 0.5 * m.length - 1,
      ),
    fromNatural: eta => {
      const d = eta.length - 3
      const meanPrecision = -2 * eta[d + 1]!
      const mean = tabulate(Math.max(0, d), i => eta[i]! / meanPrecision)
      return make({
        mean,
        meanPrecision,
        shape: -eta[d + 2]! - 0.5 * d - 1,
        scale: -eta[d]! - 0.5 * meanPrecision * squaredNorm(mean),
      })
    },
    logNormaliser: p => inverseGamma.logNormaliser(p.variance) - 0.5 * p.mean.length * Math.log(p.meanPrecision),
    expectedStatistic,
    fromExpectedStatistic,
    member: members(name, { mean: aVector, meanPrecision: aNumber, variance: aMember(inverseGamma) }, p =>
      make({ ...p, ...p.variance }),
    ),
    fisherInformation: p => covarianceOfNormalGamma(p.mean, p.meanPrecision, p.variance.shape, p.variance.scale),
  })
