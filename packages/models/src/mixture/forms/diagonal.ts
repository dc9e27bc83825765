import {
  type DiagonalNormal,
  type DiagonalStatistics,
  diagonalNormal,
  fromDiagonalDeviations,
  type InverseGamma,
  type IsotropicNormal,
  type IsotropicNormalInverseGamma,
  isotropicNormal,
  type NormalInverseGamma,
} from '@conjugate/distributions'
import type { DiagonalDensities } from '@conjugate/executors'
import { digamma, type RowsLike, tabulate, type Vector } from '@conjugate/linalg'
import type { Form } from './form.js'
import { centredRows } from './quadratic.js'

const LOG_2PI = Math.log(2 * Math.PI)

/** Densities from means and what stands for each column: the root of its precision and its log precision, or of expectations. */
const diagonalDensities = (
  members: ReadonlyArray<{
    readonly mean: Vector
    readonly column: (i: number) => { readonly scale: number; readonly logPrecision: number }
    /** Subtracted from twice the log density of each column. */
    readonly spread: (i: number) => number
  }>,
): DiagonalDensities => {
  const columns = members[0]!.mean.length
  const scale = new Float64Array(members.length * columns)
  const mean = new Float64Array(members.length * columns)
  const logConstant = new Float64Array(members.length)
  for (const [k, member] of members.entries())
    for (let i = 0; i < columns; i++) {
      const column = member.column(i)
      mean[k * columns + i] = member.mean[i]!
      scale[k * columns + i] = column.scale
      logConstant[k]! += 0.5 * (column.logPrecision - LOG_2PI - member.spread(i))
    }
  return { _tag: 'Diagonal', components: members.length, columns, mean, scale, logConstant }
}

// Roots before quotients: the reciprocal of a small variance may be out of range.

const known = (variance: number) => ({ scale: 1 / Math.sqrt(variance), logPrecision: -Math.log(variance) })

/** The root of E 1/sigma^2, and E log 1/sigma^2. */
const expected = ({ shape, scale }: InverseGamma) => ({
  scale: Math.sqrt(shape) / Math.sqrt(scale),
  logPrecision: digamma(shape) - Math.log(scale),
})

const none = (): number => 0

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
const rounding = ({ components, columns }: DiagonalDensities, counts: Vector, spacing: number): number => {
  let total = 0
  for (let k = 0; k < components; k++) total += (Number.EPSILON + spacing) * columns * (counts[k]! + 1)
  return total
}

/** Normals with diagonal covariances. */
export const diagonalForm: Form<
  ReadonlyArray<NormalInverseGamma>,
  DiagonalNormal,
  Vector,
  DiagonalStatistics,
  RowsLike,
  DiagonalDensities
> = {
  tag: 'Diagonal',
  encode: (source, prior, about) => centredRows(source, prior.length, about),
  ofMembers: members =>
    diagonalDensities(members.map(p => ({ mean: p.mean, column: i => known(p.variances[i]!), spread: none }))),
  ofPosteriors: posteriors =>
    diagonalDensities(
      posteriors.map(q => ({
        mean: tabulate(q.length, i => q[i]!.mean),
        column: i => expected(q[i]!.variance),
        spread: i => 1 / q[i]!.meanPrecision,
      })),
    ),
  statistics,
  rounding,
  coordinates: {
    toVector: p => Float64Array.from([...Array.from(p.mean), ...Array.from(p.variances, Math.log)]),
    fromVector: v =>
      diagonalNormal.make({ mean: v.subarray(0, v.length / 2), variances: v.slice(v.length / 2).map(Math.exp) }),
  },
}

/** Normals with one variance for all columns. */
export const isotropicForm: Form<
  IsotropicNormalInverseGamma,
  IsotropicNormal,
  Vector,
  DiagonalStatistics,
  RowsLike,
  DiagonalDensities
> = {
  tag: 'Diagonal',
  encode: (source, prior, about) => centredRows(source, prior.mean.length, about),
  ofMembers: members =>
    diagonalDensities(members.map(p => ({ mean: p.mean, column: () => known(p.variance), spread: none }))),
  ofPosteriors: posteriors =>
    diagonalDensities(
      posteriors.map(q => ({ mean: q.mean, column: () => expected(q.variance), spread: () => 1 / q.meanPrecision })),
    ),
  statistics,
  rounding,
  coordinates: {
    toVector: p => Float64Array.from([...Array.from(p.mean), Math.log(p.variance)]),
    fromVector: v => isotropicNormal.make({ mean: v.subarray(0, -1), variance: Math.exp(v.at(-1)!) }),
  },
}
