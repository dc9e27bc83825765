import { fromRows, itakuraSaito, LOG_2PI } from '@conjugate/linalg'
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
import { squareOver } from '../math/products.js'
import { aNumber, members } from '../member.js'
import { finite, meanSquareAbove, positive } from '../requirements.js'
import { constantBase, momentsOfColumns } from '../statistic.js'
import { finiteNumbers } from '../support.js'
import { type Validated, validator } from '../validation.js'

/** N(mean, variance) on the real line. Made by `normal.make`. */
export interface Normal extends MemberOf<'Normal'> {
  /** The mean, in units of the data. */
  readonly mean: number
  /** The variance, above 0, in squared units of the data: the square of the standard deviation. */
  readonly variance: number
}

/** The family of normals of one dimension. `X` are numbers. */
export interface NormalFamily extends ExponentialFamily<Normal, number> {
  /** Validates the parameters. Errors: a mean that is not finite; a variance that is not positive and finite. */
  readonly make: (parameters: Normal) => Validated<Normal>
}

const name = 'Normal'
const check = validator(name)

const make: NormalFamily['make'] = ({ mean, variance }) =>
  pipe(
    E.Do,
    E.bind('mean', () => check.scalar('mean', mean, finite)),
    E.bind('variance', () => check.scalar('variance', variance, positive)),
  )

const logProb = ({ mean, variance }: Normal): ((x: number) => number) => {
  const constant = -0.5 * (LOG_2PI + Math.log(variance))
  return x => (Number.isNaN(x) ? Number.NEGATIVE_INFINITY : constant - 0.5 * squareOver(x - mean, variance))
}

const klDivergence =
  (p: Normal) =>
  (q: Normal): number =>
    0.5 * (itakuraSaito(p.variance, q.variance) + squareOver(p.mean - q.mean, q.variance))

const fromNatural = (eta: Natural<Normal>): Validated<Normal> => {
  const variance = -0.5 / eta[1]!
  return make({ mean: eta[0]! * variance, variance })
}

const fromExpectedStatistic = (t: Statistic<Normal>): Validated<Normal> =>
  pipe(
    E.Do,
    E.bind('t', () => check.statistic(t, 2)),
    E.bind('mean', ({ t }) => E.right(t[0]!)),
    E.bind('square', ({ t, mean }) => check.scalar('expectedStatistic[1]', t[1]!, meanSquareAbove(mean ** 2))),
    E.chain(({ mean, square }) => make({ mean, variance: square - mean ** 2 })),
  )

/**
 * The normal of one dimension as an exponential family:
 * t(x) = (x, x^2), eta = (mu/sigma^2, -1/(2 sigma^2)), A = mu^2/(2 sigma^2) + log(sigma^2)/2, h = (2 pi)^(-1/2).
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), section 2.4.
 *
 * @support numbers
 * @prior normal-inverse-gamma (`normalInverseGammaPrior`); of one parameter `normalMeanPrior`, `gammaNormalPrior`, `inverseGammaNormalPrior`
 * @example
 * import { normal, random } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const p = normal.make({ mean: 1, variance: 4 })
 * if (E.isRight(p)) console.log(normal.logProb(p.right)(1).toFixed(4), normal.sample(p.right)(random(1)) < 10) // prints -1.6121 true
 */
export const normal: NormalFamily = guarded<NormalFamily>({
  name,
  support: finiteNumbers,
  make,
  logProb,
  sample: p => random => p.mean + Math.sqrt(p.variance) * random.normal(),
  mean: p => O.some(p.mean),
  variance: p => O.some(p.variance),
  mode: p => O.some(p.mean),
  entropy: p => 0.5 * (1 + LOG_2PI + Math.log(p.variance)),
  klDivergence,
  statistic: x => toStatistic(x, x * x),
  statisticExpression: () => momentsOfColumns(1),
  logBaseMeasure: () => -0.5 * LOG_2PI,
  logBaseExpression: constantBase(-0.5 * LOG_2PI),
  natural: p => toNatural(p.mean / p.variance, -0.5 / p.variance),
  fromNatural,
  logNormaliser: p => 0.5 * (squareOver(p.mean, p.variance) + Math.log(p.variance)),
  expectedStatistic: p => toStatistic(p.mean, p.mean ** 2 + p.variance),
  fromExpectedStatistic,
  member: members(name, { mean: aNumber, variance: aNumber }, make),
  fisherInformation: ({ mean: m, variance: v }) =>
    fromRows([
      [v, 2 * m * v],
      [2 * m * v, 4 * m * (m * v) + 2 * v * v],
    ]),
})
