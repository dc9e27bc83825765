import {
  type ColumnPair,
  type ConjugatePrior,
  expectedNatural,
  fromDeviations,
  type Natural,
  type NormalColumn,
  toStatistic,
} from '@conjugate/distributions'
import type {
  DiagonalDensities,
  DiagonalStatistics,
  LinearDensities,
  LinearStatistics,
  ProductDensities,
} from '@conjugate/executors'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { FitError } from '../../errors.js'
import { impossibleObservation, readObservations } from '../../observations.js'
import { columnSizesOf } from '../sizes.js'
import { diagonalDensities, diagonalRounding, knownColumn, LOG_2PI } from './diagonal.js'
import type { Form, SourceRows } from './form.js'
import { LOG_ZERO, linearRounding, saturated } from './linear.js'

type Cells = Readonly<Record<string, unknown>>
type Table = Readonly<Record<string, number | null>>

interface Column {
  readonly name: string
  readonly pair: ColumnPair
}

/** A column of the diagonal factor, with a column of 1 and 0 in the linear one. */
interface NormalPlace extends Column {
  readonly normal: NormalColumn<unknown, unknown, unknown>
  readonly presence: number
}

/** Columns of the linear factor: statistics, then 1 or 0. */
interface OtherPlace extends Column {
  readonly first: number
  readonly presence: number
}

/** Which columns of rows hold what. */
interface Arrangement {
  readonly normals: ReadonlyArray<NormalPlace>
  readonly others: ReadonlyArray<OtherPlace>
  /** The number of columns of the linear factor, the last of which holds log h. */
  readonly linearColumns: number
}

const arrange = (columns: ReadonlyArray<readonly [name: string, pair: ColumnPair]>): Arrangement => {
  const normals: NormalPlace[] = []
  const others: OtherPlace[] = []
  let end = 0
  for (const [name, pair] of columns)
    if (pair.asNormal) normals.push({ name, pair, normal: pair.asNormal, presence: end++ })
    else {
      const first = end
      // All values of a family of numbers have as many statistics.
      end += pair.likelihood.statistic(0).length + 1
      others.push({ name, pair, first, presence: end - 1 })
    }
  return { normals, others, linearColumns: end + 1 }
}

/** Of what a cell of a column is told by, where it is there. */
interface OfCell {
  readonly natural: Vector
  readonly logNormaliser: number
}

const finite = (v: number): number => (v === Number.NEGATIVE_INFINITY ? LOG_ZERO : v)

const linearOf = (
  { normals, others, linearColumns }: Arrangement,
  members: ReadonlyArray<Cells>,
  normaliserOf: (place: NormalPlace, member: unknown) => number,
  ofCell: (pair: ColumnPair, member: unknown) => OfCell,
): LinearDensities => {
  const natural = new Float64Array(members.length * linearColumns)
  for (const [k, member] of members.entries()) {
    const at = k * linearColumns
    for (const place of normals) natural[at + place.presence] = normaliserOf(place, member[place.name])
    for (const { name, pair, first, presence } of others) {
      const own = ofCell(pair, member[name])
      natural.set(Float64Array.from(own.natural, finite), at + first)
      natural[at + presence] = -own.logNormaliser
    }
    natural[at + linearColumns - 1] = 1
  }
  return {
    _tag: 'Linear',
    components: members.length,
    columns: linearColumns,
    natural,
    logConstant: new Float64Array(members.length),
  }
}

const productOf = (diagonal: DiagonalDensities, linear: LinearDensities): ProductDensities => ({
  _tag: 'Product',
  components: linear.components,
  columns: diagonal.columns + linear.columns,
  // What normalises a cell counts where it is there.
  factors: [{ ...diagonal, logConstant: new Float64Array(linear.components) }, linear],
  logConstant: new Float64Array(linear.components),
})

/**
 * N x (D + F) rows of observations that have been read, about a centre: the D normal columns, NaN where a cell is missing, then
 * those of the linear factor. Errors: a cell outside the support, or whose statistic is not finite, if the row counts.
 */
const rowsOf = (
  { normals, others, linearColumns }: Arrangement,
  xs: ReadonlyArray<Table>,
  centre: Table,
  impossible: (n: number) => FitError,
  weights: Vector | undefined,
): E.Either<FitError, SourceRows<Table>> => {
  const columns = normals.length + linearColumns
  const data = new Float64Array(xs.length * columns)
  const inRange = (value: number, n: number): number => (weights?.[n] === 0 ? saturated(value) : value)
  for (const [d, { name, presence }] of normals.entries()) {
    const origin = centre[name] ?? 0
    for (let n = 0, at = 0; n < xs.length; n++, at += columns) {
      const cell = xs[n]![name] ?? null
      if (cell === null) data[at + d] = Number.NaN
      else {
        const value = inRange(cell - origin, n)
        if (!Number.isFinite(value)) return E.left(impossible(n))
        data[at + d] = value
        data[at + normals.length + presence] = 1
      }
    }
  }
  for (const { name, pair, first, presence } of others) {
    const { likelihood, translation } = pair
    const moved = translation?.by(translation.opposite(centre[name] ?? 0)).observation
    for (let n = 0, at = normals.length; n < xs.length; n++, at += columns) {
      const cell = xs[n]![name] ?? null
      if (cell === null) continue
      const log = likelihood.logBaseMeasure(cell)
      // Written so that NaN fails it too.
      if (!(log > Number.NEGATIVE_INFINITY)) return E.left(impossible(n))
      data[at + linearColumns - 1]! += log
      const t = likelihood.statistic(moved ? moved(cell) : cell)
      for (let f = 0; f < t.length; f++) {
        const value = inRange(t[f]!, n)
        if (!Number.isFinite(value)) return E.left(impossible(n))
        data[at + first + f] = value
      }
      data[at + presence] = 1
    }
  }
  const rows = { rows: xs.length, columns, data }
  return E.right({
    rows,
    sizes: columnSizesOf(rows, weights),
    factors: [
      { _tag: 'Diagonal', columns: normals.length },
      { _tag: 'Linear', columns: linearColumns },
    ],
    centre,
    features: columns - 1,
  })
}

/**
 * A table with normal columns: these are a diagonal factor, whose densities and sums are of deviations from the means, and
 * keep their digits however far apart components are; all other columns are one linear factor. Cells that are missing are
 * left out by columns of 1 and 0, which hold what normalises a cell.
 */
export const productForm = (
  { likelihood, translation }: ConjugatePrior<Cells, Cells, Table, Cells>,
  columns: ReadonlyArray<readonly [name: string, pair: ColumnPair]>,
): Form<Cells, Cells, Table, Cells, Iterable<Table>, ProductDensities> => {
  const arrangement = arrange(columns)
  const { normals, others, linearColumns } = arrangement
  return {
    tag: 'Product',
    encode: (source, _prior, { places, weights }) => {
      const read = readObservations(likelihood.support, source)
      if (E.isLeft(read)) return read
      const xs = read.right
      const centre = translation?.centre(places ?? xs, weights) ?? {}
      const impossible = (n: number) => impossibleObservation(likelihood.support, n, xs[n]!)
      return rowsOf(arrangement, xs, centre, impossible, places ? undefined : weights)
    },
    ofMembers: members => {
      const normal = (k: number, i: number) => normals[i]!.normal.toNormal(members[k]![normals[i]!.name])
      return productOf(
        diagonalDensities(
          members.map((_, k) => ({
            mean: normals.map((_, i) => normal(k, i).mean),
            column: i => knownColumn(normal(k, i).variance),
          })),
        ),
        linearOf(
          arrangement,
          members,
          (place, member) => -0.5 * (Math.log(place.normal.toNormal(member).variance) + LOG_2PI),
          (pair, member) => ({
            natural: pair.likelihood.natural(member),
            logNormaliser: pair.likelihood.logNormaliser(member),
          }),
        ),
      )
    },
    ofPosteriors: posteriors => {
      const expected = posteriors.map(q => normals.map(({ name, normal }) => normal.expected(q[name])))
      return productOf(
        diagonalDensities(expected.map(row => ({ mean: row.map(e => e.mean), column: i => row[i]! }))),
        linearOf(
          arrangement,
          posteriors,
          (place, q) => {
            const { logPrecision, spread } = place.normal.expected(q)
            return 0.5 * (logPrecision - LOG_2PI - spread)
          },
          (pair, q) => expectedNatural(pair)(q),
        ),
      )
    },
    statistics: ({ components, factors }, sums) => {
      const { mean } = factors[0] as DiagonalDensities
      const [own, linear] = sums.factors as readonly [DiagonalStatistics, LinearStatistics]
      return Array.from({ length: components }, (_, k) => {
        const at = k * linearColumns
        const cells: Record<string, unknown> = {}
        for (const [d, { name, normal, presence }] of normals.entries()) {
          const i = k * normals.length + d
          cells[name] = normal.statistics(
            fromDeviations([mean[i]!], {
              weight: linear.sum[at + presence]!,
              sum: [own.sum[i]!],
              outer: { rows: 1, columns: 1, data: [own.squares[i]!] },
            }),
          )
        }
        for (const { name, pair, first, presence } of others)
          cells[name] = pair.fromStatistic(
            linear.sum[at + presence]!,
            toStatistic(linear.sum.subarray(at + first, at + presence)),
          )
        return cells
      })
    },
    rounding: ({ factors }, counts, spacing) => {
      const [diagonal, linear] = factors as readonly [DiagonalDensities, LinearDensities]
      const constants = [...normals, ...others].map(({ presence }) => presence)
      const greatest = Float64Array.from(counts, (_, k) =>
        constants.reduce((sum, presence) => sum + Math.abs(linear.natural[k * linearColumns + presence] ?? 0), 0),
      )
      return diagonalRounding(diagonal, counts, spacing) + linearRounding(greatest, counts, spacing)
    },
    coordinates: {
      toVector: p =>
        Float64Array.from([
          ...normals.flatMap(({ name, normal }) => {
            const { mean, variance } = normal.toNormal(p[name])
            return [mean, Math.log(variance)]
          }),
          ...others.flatMap(({ name, pair }) => Array.from(pair.likelihood.natural(p[name]))),
        ]),
      fromVector: vector => {
        const cells: Record<string, unknown> = {}
        let at = 0
        const take = (count: number): Float64Array => {
          at += count
          return vector.slice(at - count, at)
        }
        for (const { name, normal } of normals) {
          const [mean, logVariance] = take(2)
          const member = normal.fromNormal({ mean: mean!, variance: Math.exp(logVariance!) })
          if (E.isLeft(member)) return member
          cells[name] = member.right
        }
        for (const { name, pair, first, presence } of others) {
          const member = pair.likelihood.fromNatural(take(presence - first) as Float64Array & Natural<unknown>)
          if (E.isLeft(member)) return member
          cells[name] = member.right
        }
        return E.right(cells)
      },
    },
  }
}
