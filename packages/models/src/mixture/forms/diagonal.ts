import {
  type ConjugatePrior,
  type DiagonalNormal,
  type DiagonalStatistics,
  diagonalNormal,
  fromDiagonalDeviations,
  type InverseGamma,
  type IsotropicNormal,
  type IsotropicNormalInverseGamma,
  isotropicNormal,
  type NormalColumn,
  type NormalInverseGamma,
} from '@conjugate/distributions'
import type { DiagonalDensities } from '@conjugate/executors'
import { digamma, LOG_2PI, type RowsLike, tabulate, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { float64 } from '../../observations/cells.js'
import { readObservations } from '../../observations/observations.js'
import { spacingOfVariance } from '../rounding.js'
import type { Form, PairTypes } from './form.js'
import { centredRows, type RowTypes } from './quadratic.js'
import { planOfRows } from './row-plan.js'

interface ColumnOfMember {
  /** The root of its precision. */
  readonly scale: number
  readonly logPrecision: number
  /** Subtracted from twice the log density. */
  readonly spread?: number
}

/** Densities from means and what stands for each column: the root of its precision and its log precision, or of expectations. */
export const diagonalDensities = (
  members: ReadonlyArray<{
    readonly mean: Vector
    readonly column: (i: number) => ColumnOfMember
  }>,
): DiagonalDensities => {
  const columns = members[0]!.mean.length
  const scale = new Float64Array(members.length * columns)
  const mean = new Float64Array(members.length * columns)
  const logConstant = new Float64Array(members.length)
  for (const [k, member] of members.entries())
    for (let i = 0; i < columns; i++) {
      const { scale: own, logPrecision, spread = 0 } = member.column(i)
      mean[k * columns + i] = member.mean[i]!
      scale[k * columns + i] = own
      logConstant[k]! += 0.5 * (logPrecision - LOG_2PI - spread)
    }
  return { _tag: 'Diagonal', components: members.length, columns, mean, scale, logConstant }
}

// Roots before quotients: the reciprocal of a small variance may be out of range.

export const knownColumn = (variance: number): ColumnOfMember => ({
  scale: 1 / Math.sqrt(variance),
  logPrecision: -Math.log(variance),
})

/** The root of E 1/sigma^2, and E log 1/sigma^2, of a mean of so many observations. */
const expectedColumn = ({ shape, scale }: InverseGamma, meanPrecision: number): ColumnOfMember => ({
  scale: Math.sqrt(shape) / Math.sqrt(scale),
  logPrecision: digamma(shape) - Math.log(scale),
  spread: 1 / meanPrecision,
})

const statistics = (
  { components, columns, mean }: DiagonalDensities,
  sums: { readonly weight: Float64Array; readonly sum: Float64Array; readonly squares: Float64Array },
): ReadonlyArray<DiagonalStatistics> =>
  Array.from({ length: components }, (_, k) => {
    const part = (v: Float64Array): Float64Array => v.slice(k * columns, (k + 1) * columns)
    return fromDiagonalDeviations(part(mean), {
      weight: sums.weight[k]!,
      sum: part(sums.sum),
      squares: part(sums.squares),
    })
  })

/** A variance rounded to float64 changes the log density of a row by that share of its squared residual, which averages D. */
export const diagonalRounding = (
  { components, columns, scale }: DiagonalDensities,
  counts: Vector,
  spacing: number,
): number => {
  let total = 0
  for (let k = 0; k < components; k++)
    for (let i = 0; i < columns; i++) total += (spacingOfVariance(scale[k * columns + i]!) + spacing) * (counts[k]! + 1)
  return total
}

/** The types of normals with diagonal covariances. */
export type DiagonalTypes = RowTypes<ReadonlyArray<NormalInverseGamma>, DiagonalNormal, DiagonalStatistics>

/** The types of normals with one variance for all columns. */
export type SphericalTypes = RowTypes<IsotropicNormalInverseGamma, IsotropicNormal, DiagonalStatistics>

/** Normals with diagonal covariances. */
export const diagonalForm: Form<DiagonalTypes, DiagonalDensities> = {
  densityForm: 'Diagonal',
  designMatrix: (source, prior, about) => centredRows(source as RowsLike, prior.length, about),
  plan: (names, prior, centre) => planOfRows('vectors', names, prior.length, centre),
  ofMembers: members =>
    diagonalDensities(members.map(p => ({ mean: p.mean, column: i => knownColumn(p.variances[i]!) }))),
  ofPosteriors: posteriors =>
    diagonalDensities(
      posteriors.map(q => ({
        mean: tabulate(q.length, i => q[i]!.mean),
        column: i => expectedColumn(q[i]!.variance, q[i]!.meanPrecision),
      })),
    ),
  statistics,
  rounding: diagonalRounding,
  coordinates: {
    toVector: p => Float64Array.from([...Array.from(p.mean), ...Array.from(p.variances, Math.log)]),
    fromVector: v =>
      diagonalNormal.make({ mean: v.subarray(0, v.length / 2), variances: v.slice(v.length / 2).map(Math.exp) }),
  },
}

/** Normals with one variance for all columns. */
export const isotropicForm: Form<SphericalTypes, DiagonalDensities> = {
  densityForm: 'Diagonal',
  designMatrix: (source, prior, about) => centredRows(source as RowsLike, prior.mean.length, about),
  plan: (names, prior, centre) => planOfRows('vectors', names, prior.mean.length, centre),
  ofMembers: members => diagonalDensities(members.map(p => ({ mean: p.mean, column: () => knownColumn(p.variance) }))),
  ofPosteriors: posteriors =>
    diagonalDensities(
      posteriors.map(q => ({ mean: q.mean, column: () => expectedColumn(q.variance, q.meanPrecision) })),
    ),
  statistics,
  rounding: diagonalRounding,
  coordinates: {
    toVector: p => Float64Array.from([...Array.from(p.mean), Math.log(p.variance)]),
    fromVector: v => isotropicNormal.make({ mean: v.subarray(0, -1), variance: Math.exp(v.at(-1)!) }),
  },
}

/** Normals of one number, by their pair's own view of them. */
export const normalForm = <Q, P, S>(
  { likelihood, translation }: ConjugatePrior<Q, P, number, S>,
  { toNormal, fromNormal, expected, statistics: statisticsOf }: NormalColumn<Q, P, S>,
): Form<PairTypes<Q, P, number, S>, DiagonalDensities> => ({
  densityForm: 'Diagonal',
  designMatrix: (source, _prior, { places, weights }) => {
    const read = readObservations<number>(likelihood.support, source)
    if (E.isLeft(read)) return read
    const data = float64(read.right.columns[0]!)
    const rows = { rows: data.length, columns: 1, data }
    if (translation === undefined) return E.right({ rows })
    const centre = translation.centre(places ?? data, weights)
    return E.right({ rows, origin: [centre], centre })
  },
  plan: (names, _prior, centre) => planOfRows('numbers', names, 1, centre === undefined ? undefined : [centre]),
  ofMembers: members =>
    diagonalDensities(
      members.map(toNormal).map(({ mean, variance }) => ({ mean: [mean], column: () => knownColumn(variance) })),
    ),
  ofPosteriors: posteriors =>
    diagonalDensities(posteriors.map(expected).map(({ mean, ...column }) => ({ mean: [mean], column: () => column }))),
  statistics: (densities, sums) =>
    statistics(densities, sums).map(({ weight, mean, squares }) =>
      statisticsOf({ weight, mean, scatter: { rows: 1, columns: 1, data: squares } }),
    ),
  rounding: diagonalRounding,
  coordinates: {
    toVector: p => {
      const { mean, variance } = toNormal(p)
      return Float64Array.of(mean, Math.log(variance))
    },
    fromVector: ([mean, logVariance]) => fromNormal({ mean: mean!, variance: Math.exp(logVariance!) }),
  },
})
