import {
  fromDeviations,
  type GaussianStatistics,
  type MultivariateNormal,
  multivariateNormal,
  type NormalInverseWishart,
} from '@conjugate/distributions'
import type { Coordinates } from '@conjugate/em'
import type { QuadraticDensities } from '@conjugate/executors'
import {
  columnCentres,
  fromRows,
  LOG_2PI,
  logDeterminant,
  type Matrix,
  multivariateDigamma,
  type RowsLike,
  square,
  type Vector,
  writeInverseOfLower,
} from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { FitError } from '../../errors.js'
import type { ComponentTypes } from '../../model/component-model.js'
import type { NamedColumns } from '../../observations/data.js'
import { readRows } from '../../observations/rows.js'
import type { TensorLike } from '../../observations/tensors.js'
import type { Places } from '../centre.js'
import { spacingOfVariance } from '../rounding.js'
import type { Form, SourceRows } from './form.js'
import { planOfRows } from './row-plan.js'

/** K means and lower Cholesky factors, whose inverses times `scale` whiten, as executors want them. */
export const quadraticDensities = (
  members: ReadonlyArray<{ readonly mean: Vector; readonly cholesky: Matrix }>,
  logConstant: (k: number) => number,
  scale: (k: number) => number = () => 1,
): QuadraticDensities => {
  const columns = members[0]!.mean.length
  const densities: QuadraticDensities = {
    _tag: 'Quadratic',
    components: members.length,
    columns,
    mean: new Float64Array(members.length * columns),
    whitening: new Float64Array(members.length * columns * columns),
    logConstant: new Float64Array(members.length),
  }
  for (const [k, { mean, cholesky }] of members.entries()) {
    densities.mean.set(mean, k * columns)
    writeInverseOfLower(cholesky, densities.whitening, k * columns * columns, scale(k))
    densities.logConstant[k] = logConstant(k)
  }
  return densities
}

/** The densities of normals. */
export const ofNormals = (members: ReadonlyArray<MultivariateNormal>): QuadraticDensities =>
  quadraticDensities(members, k => {
    const { mean, cholesky } = members[k]!
    return -0.5 * (mean.length * LOG_2PI + logDeterminant(cholesky))
  })

/**
 * E log N(x | mu, Sigma) under normal-inverse-Wisharts.
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), equations 10.64 and 10.65.
 */
const ofNormalInverseWisharts = (posteriors: ReadonlyArray<NormalInverseWishart>): QuadraticDensities =>
  quadraticDensities(
    posteriors.map(({ mean, covariance }) => ({ mean, cholesky: covariance.cholesky })),
    k => {
      const { mean, meanPrecision, covariance } = posteriors[k]!
      const d = mean.length
      const expectedLogPrecision =
        multivariateDigamma(d)(0.5 * covariance.degreesOfFreedom) +
        d * Math.log(2) -
        logDeterminant(covariance.cholesky)
      return 0.5 * (expectedLogPrecision - d * LOG_2PI - d / meanPrecision)
    },
    k => Math.sqrt(posteriors[k]!.covariance.degreesOfFreedom),
  )

/** The sums of an E-step, which are about the means it was given, as statistics of each component. */
export const gaussianStatistics = (
  { components, columns, mean }: Pick<QuadraticDensities, 'components' | 'columns' | 'mean'>,
  sums: { readonly weight: Float64Array; readonly sum: Float64Array; readonly outer: Float64Array },
): ReadonlyArray<GaussianStatistics> => {
  const statistics: GaussianStatistics[] = []
  for (let k = 0; k < components; k++) {
    const outer: Matrix = {
      rows: columns,
      columns,
      data: sums.outer.subarray(k * columns * columns, (k + 1) * columns * columns),
    }
    const own = mean.slice(k * columns, (k + 1) * columns)
    const sum = sums.sum.subarray(k * columns, (k + 1) * columns)
    statistics.push(fromDeviations(own, { weight: sums.weight[k]!, sum, outer }))
  }
  return statistics
}

/**
 * How far rounding may move the objective where covariances are near singular, or where an executor rounds to numbers of a
 * wider spacing. A covariance rounded to float64 changes the log density of a row by up to
 * eps cond(Sigma) (D + |whitened residual|^2) / 2; a factor and residuals rounded to another spacing change it by as much
 * times sqrt(cond(Sigma)). The squared residuals of the N_k rows average D. The diagonals of the whitening factors give a
 * lower bound of the condition number.
 * Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. (2002), sections 3.5 and 10.1.
 */
export const quadraticRounding = (
  { components, columns, whitening }: QuadraticDensities,
  counts: Vector,
  spacing: number,
): number => {
  let total = 0
  for (let k = 0; k < components; k++) {
    let [least, most] = [Number.POSITIVE_INFINITY, 0]
    for (let i = 0; i < columns; i++) {
      const entry = whitening[(k * columns + i) * columns + i]!
      least = Math.min(least, entry)
      most = Math.max(most, entry)
    }
    const condition = (most / least) ** 2
    total += (spacingOfVariance(most) * condition + spacing * Math.sqrt(condition)) * columns * (counts[k]! + 1)
  }
  return total
}

/**
 * The mean and the lower triangle of the Cholesky factor, with logarithms of its diagonal. All of it is unconstrained, so
 * that an extrapolation always stands for a normal; natural parameters leap about as far, but more often into another
 * optimum.
 */
export const logCholesky: Coordinates<MultivariateNormal> = {
  toVector: ({ mean, cholesky }) => {
    const entries = Array.from(mean)
    for (let i = 0; i < mean.length; i++)
      for (let j = 0; j <= i; j++) {
        const entry = cholesky.data[i * mean.length + j]!
        entries.push(i === j ? Math.log(entry) : entry)
      }
    return Float64Array.from(entries)
  },
  fromVector: vector => {
    // D + D (D + 1) / 2 numbers.
    const columns = Math.round(Math.sqrt(2 * vector.length + 2.25) - 1.5)
    const entry = (i: number, j: number): number => {
      const value = vector[columns + (i * (i + 1)) / 2 + j]!
      return i === j ? Math.exp(value) : value
    }
    const covariance = square(columns, (i, j) => {
      let sum = 0
      for (let k = 0; k <= Math.min(i, j); k++) sum += entry(i, k) * entry(j, k)
      return sum
    })
    return multivariateNormal.make({ mean: vector.subarray(0, columns), covariance })
  },
}

/** Rows (N x D) about a centre, so that an offset of the data costs no digits. */
export const centredRows = (
  source: RowsLike,
  expected: number,
  { places, weights }: Places<Vector>,
): E.Either<FitError, SourceRows<Vector>> => {
  const rows = readRows(source, expected)
  if (E.isLeft(rows)) return rows
  const origin = columnCentres(places ? fromRows(places.map(p => Array.from(p))) : rows.right, weights)
  return E.right({ rows: rows.right, origin, centre: origin })
}

/** The types of normals that are given as rows, N x D. */
export interface RowTypes<Q, P, S> extends ComponentTypes {
  readonly data: RowsLike | NamedColumns | TensorLike
  readonly component: P
  readonly posterior: Q
  readonly statistics: S
  readonly observation: Vector
}

/** The types of normals with full covariances. */
export type GaussianTypes = RowTypes<NormalInverseWishart, MultivariateNormal, GaussianStatistics>

/** Multivariate normals with full covariances. */
export const quadraticForm: Form<GaussianTypes, QuadraticDensities> = {
  densityForm: 'Quadratic',
  designMatrix: (source, prior, about) => centredRows(source as RowsLike, prior.mean.length, about),
  plan: (names, prior, centre) => planOfRows('vectors', names, prior.mean.length, centre),
  ofMembers: ofNormals,
  ofPosteriors: ofNormalInverseWisharts,
  statistics: gaussianStatistics,
  rounding: quadraticRounding,
  coordinates: logCholesky,
  componentAt:
    ({ covariance: { scale, cholesky } }) =>
    mean => ({ mean, covariance: scale, cholesky }),
}
