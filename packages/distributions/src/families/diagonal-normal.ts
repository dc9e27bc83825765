import { tabulate, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import type { ExponentialFamily, MemberOf, Natural, Statistic } from '../family.js'
import { guarded } from '../guarded.js'
import { aVector, members } from '../member.js'
import { finite, positive } from '../requirements.js'
import { momentsOfColumns } from '../statistic.js'
import { finiteVectors } from '../support.js'
import { type Validated, validator } from '../validation.js'
import { independent } from './independent.js'
import { type Normal, normal } from './normal.js'

/** N(mean, diag(variances)) on R^D. Made by `diagonalNormal.make`. */
export interface DiagonalNormal extends MemberOf<'DiagonalNormal'> {
  /** The means of D columns, in units of the data. */
  readonly mean: Vector
  /** The variances of D columns, each above 0, in squared units of the data. */
  readonly variances: Vector
}

/** The family of normals with diagonal covariances. `X` are vectors. */
export interface DiagonalNormalFamily extends ExponentialFamily<DiagonalNormal, Vector> {
  /**
   * Validates and copies the parameters. Errors: numbers that are not finite; a variance that is not positive; other than as
   * many variances as means.
   */
  readonly make: (parameters: {
    readonly mean: ArrayLike<number>
    readonly variances: ArrayLike<number>
  }) => Validated<DiagonalNormal>
}

const name = 'DiagonalNormal'
const check = validator(name)

const make: DiagonalNormalFamily['make'] = ({ mean, variances }) =>
  pipe(
    E.Do,
    E.bind('mean', () => check.vector('mean', mean, finite)),
    E.bind('variances', () => check.vector('variances', variances, positive)),
    E.chain(p =>
      p.mean.length === p.variances.length
        ? E.right(p)
        : check.fail('variances', `${p.mean.length} numbers`, `${p.variances.length} numbers`),
    ),
  )

/** One normal for each column. */
export const columnsOfNormal = (p: DiagonalNormal): ReadonlyArray<Normal> =>
  Array.from(p.mean, (mean, i) => ({ mean, variance: p.variances[i]! }))

/** The normal of so many columns. */
export const normalOfColumns = (columns: ReadonlyArray<Normal>): DiagonalNormal => ({
  mean: tabulate(columns.length, i => columns[i]!.mean),
  variances: tabulate(columns.length, i => columns[i]!.variance),
})

const columns = independent(normal, 2)
const toVector = O.map((v: ReadonlyArray<number>): Vector => Float64Array.from(v))
const back = (members: Validated<ReadonlyArray<Normal>>): Validated<DiagonalNormal> =>
  pipe(
    members,
    E.bimap(e => ({ ...e, distribution: name }), normalOfColumns),
  )

/**
 * The normal with a diagonal covariance as an exponential family: column after column
 * t(x) = (x_i, x_i^2), eta = (mu_i/sigma_i^2, -1/(2 sigma_i^2)), A = sum_i mu_i^2/(2 sigma_i^2) + log(sigma_i^2)/2,
 * h = (2 pi)^(-D/2). Source: Bishop, Pattern Recognition and Machine Learning (2006), section 2.4.
 *
 * @support vectors of D numbers
 * @prior normal-inverse-gammas (`diagonalNormalPrior`)
 * @example
 * import { diagonalNormal } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const p = diagonalNormal.make({ mean: [0, 1], variances: [1, 4] })
 * if (E.isRight(p)) console.log(diagonalNormal.logProb(p.right)([0, 1]).toFixed(4)) // prints -2.5310
 */
export const diagonalNormal: DiagonalNormalFamily = guarded<DiagonalNormalFamily>({
  name,
  support: finiteVectors,
  make,
  logProb: p => columns.logProb(columnsOfNormal(p)),
  sample: p => random => Float64Array.from(columns.sample(columnsOfNormal(p))(random) as ReadonlyArray<number>),
  mean: p => O.some(p.mean),
  variance: p => O.some(p.variances),
  mode: p => toVector(columns.mode(columnsOfNormal(p)) as O.Option<ReadonlyArray<number>>),
  entropy: p => columns.entropy(columnsOfNormal(p)),
  klDivergence: p => q => columns.klDivergence(columnsOfNormal(p))(columnsOfNormal(q)),
  statistic: x => columns.statistic(x) as Vector as Statistic<DiagonalNormal>,
  statisticExpression: momentsOfColumns,
  logBaseMeasure: columns.logBaseMeasure,
  natural: p => columns.natural(columnsOfNormal(p)) as Vector as Natural<DiagonalNormal>,
  fromNatural: eta => back(columns.fromNatural(eta as Vector as Natural<ReadonlyArray<Normal>>)),
  logNormaliser: p => columns.logNormaliser(columnsOfNormal(p)),
  expectedStatistic: p => columns.expectedStatistic(columnsOfNormal(p)) as Vector as Statistic<DiagonalNormal>,
  fromExpectedStatistic: t => back(columns.fromExpectedStatistic(t as Vector as Statistic<ReadonlyArray<Normal>>)),
  member: members(name, { mean: aVector, variances: aVector }, make),
  fisherInformation: p => columns.fisherInformation(columnsOfNormal(p)),
})
