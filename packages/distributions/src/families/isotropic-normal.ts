import { itakuraSaito, LOG_2PI, square, tabulate, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import { type ExponentialFamily, type MemberOf, toNatural, toStatistic } from '../family.js'
import { guarded } from '../guarded.js'
import { product, squaredNormOver } from '../math/products.js'
import { aNumber, aVector, members } from '../member.js'
import { finite, meanSquareAbove, positive } from '../requirements.js'
import { momentsOfLength } from '../statistic.js'
import { finiteVectors } from '../support.js'
import { inSpace, type Validated, validator } from '../validation.js'

/** N(mean, variance I) on R^D. Made by `isotropicNormal.make`. */
export interface IsotropicNormal extends MemberOf<'IsotropicNormal'> {
  /** The means of D columns, in units of the data. */
  readonly mean: Vector
  /** The variance of every column, above 0, in squared units of the data. */
  readonly variance: number
}

/** The family of normals with the same variance in every direction. `X` are vectors. */
export interface IsotropicNormalFamily extends ExponentialFamily<IsotropicNormal, Vector> {
  /** Validates and copies the parameters. Errors: a mean that is not finite; a variance that is not positive and finite. */
  readonly make: (parameters: {
    readonly mean: ArrayLike<number>
    readonly variance: number
  }) => Validated<IsotropicNormal>
}

const name = 'IsotropicNormal'
const check = validator(name)

const make: IsotropicNormalFamily['make'] = ({ mean, variance }) =>
  pipe(
    E.Do,
    E.bind('mean', () => check.vector('mean', mean, finite)),
    E.bind('variance', () => check.scalar('variance', variance, positive)),
  )

const squaredNorm = (v: Vector): number => squaredNormOver(1, v)

const logProb = ({ mean, variance }: IsotropicNormal): ((x: Vector) => number) => {
  const constant = -0.5 * mean.length * (LOG_2PI + Math.log(variance))
  return x => (inSpace(x, mean.length) ? constant - 0.5 * squaredNormOver(variance, x, mean) : Number.NEGATIVE_INFINITY)
}

/**
 * The normal with covariance sigma^2 I as an exponential family: t(x) = (x, x'x), eta = (mu/sigma^2, -1/(2 sigma^2)),
 * A = mu'mu/(2 sigma^2) + D log(sigma^2)/2, h = (2 pi)^(-D/2).
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), section 2.4.
 *
 * @support vectors of D numbers
 * @prior `isotropicNormalInverseGamma` (`isotropicNormalPrior`)
 * @example
 * import { isotropicNormal } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const p = isotropicNormal.make({ mean: [0, 0], variance: 1 })
 * if (E.isRight(p)) console.log(isotropicNormal.logProb(p.right)([1, 1]).toFixed(4)) // prints -2.8379
 */
export const isotropicNormal: IsotropicNormalFamily = guarded<IsotropicNormalFamily>({
  name,
  support: finiteVectors,
  make,
  logProb,
  sample: p => random => tabulate(p.mean.length, i => p.mean[i]! + Math.sqrt(p.variance) * random.normal()),
  mean: p => O.some(p.mean),
  variance: p => O.some(new Float64Array(p.mean.length).fill(p.variance)),
  mode: p => O.some(p.mean),
  entropy: p => 0.5 * p.mean.length * (1 + LOG_2PI + Math.log(p.variance)),
  klDivergence: p => q =>
    0.5 * (p.mean.length * itakuraSaito(p.variance, q.variance) + squaredNormOver(q.variance, p.mean, q.mean)),
  statistic: x => toStatistic(x, squaredNorm(x)),
  statisticExpression: momentsOfLength,
  logBaseMeasure: x => -0.5 * x.length * LOG_2PI,
  natural: p =>
    toNatural(
      tabulate(p.mean.length, i => p.mean[i]! / p.variance),
      -0.5 / p.variance,
    ),
  fromNatural: eta => {
    const variance = -0.5 / eta[eta.length - 1]!
    return make({ mean: tabulate(Math.max(0, eta.length - 1), i => eta[i]! * variance), variance })
  },
  logNormaliser: p => 0.5 * (squaredNormOver(p.variance, p.mean) + p.mean.length * Math.log(p.variance)),
  expectedStatistic: p => toStatistic(p.mean, squaredNorm(p.mean) + p.mean.length * p.variance),
  fromExpectedStatistic: t => {
    const mean = tabulate(Math.max(0, t.length - 1), i => t[i]!)
    return pipe(
      check.statistic(t, t.length),
      E.chain(() =>
        check.scalar(`expectedStatistic[${mean.length}]`, t[mean.length]!, meanSquareAbove(squaredNorm(mean))),
      ),
      E.chain(squares => make({ mean, variance: (squares - squaredNorm(mean)) / mean.length })),
    )
  },
  member: members(name, { mean: aVector, variance: aNumber }, make),
  fisherInformation: ({ mean: m, variance: v }) => {
    const d = m.length
    return square(d + 1, (i, j) => {
      if (i < d && j < d) return i === j ? v : 0
      return i === d && j === d ? 4 * product(v, squaredNorm(m)) + 2 * d * v * v : 2 * product(v, m[Math.min(i, j)]!)
    })
  },
})
