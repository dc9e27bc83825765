import {
  type ColumnPair,
  fromDeviations,
  type MultivariateNormal,
  type NormalColumn,
  type NormalInverseWishart,
} from '@conjugate/distributions'
import type {
  DiagonalDensities,
  DiagonalStatistics,
  FactorDensities,
  FactorShape,
  QuadraticDensities,
  QuadraticStatistics,
  StatisticsOf,
} from '@conjugate/executors'
import type { Vector } from '@conjugate/linalg'
import { LOG_2PI } from '@conjugate/linalg'
import type * as E from 'fp-ts/lib/Either.js'
import { diagonalDensities, diagonalRounding, knownColumn } from './diagonal.js'
import type { CellPair } from './form.js'
import { gaussianStatistics, quadraticForm, quadraticRounding } from './quadratic.js'

export type Cells = Readonly<Record<string, unknown>>

export const pairOf = (pair: ColumnPair): CellPair => pair as unknown as CellPair

/** A column of a table whose cells are told by deviations from means. */
export interface CellPlace {
  readonly name: string
  readonly pair: CellPair
  /** How many numbers a cell has, next to each other in the rows of the factor. */
  readonly size: number
  /** The column of the linear factor that is 1 where the cell is there, and holds what normalises it. */
  readonly presence: number
}

/** A factor's densities, whose constants are 0, and apart from them what normalises the cells that are there. */
interface Told<D> {
  readonly densities: D
  readonly normaliser: (k: number, place: number) => number
}

/** One factor of a table, of columns that keep their digits as deviations from the means of components. */
export interface TableFactor<D extends FactorDensities = FactorDensities> {
  readonly shape: FactorShape
  readonly places: ReadonlyArray<CellPlace>
  readonly ofMembers: (members: ReadonlyArray<Cells>) => Told<D>
  readonly ofPosteriors: (posteriors: ReadonlyArray<Cells>) => Told<D>
  /** Of each component and place. */
  readonly statistics: (
    densities: D,
    sums: StatisticsOf<D>,
    weight: (k: number, presence: number) => number,
  ) => (k: number, place: number) => unknown
  readonly rounding: (densities: D, counts: Vector, spacing: number) => number
  /** Of a cell's member. */
  readonly coordinates: (place: number) => {
    readonly length: number
    readonly toVector: (member: unknown) => ArrayLike<number>
    readonly fromVector: (vector: Float64Array) => E.Either<unknown, unknown>
  }
}

/** All columns of normals of one number are one diagonal factor. */
export const normalsFactor = (
  places: ReadonlyArray<CellPlace & { readonly normal: NormalColumn<unknown, unknown, unknown> }>,
): TableFactor<DiagonalDensities> => {
  const normalOf = (cells: Cells, i: number) => places[i]!.normal.toNormal(cells[places[i]!.name])
  const bare = (densities: DiagonalDensities): DiagonalDensities => ({
    ...densities,
    logConstant: new Float64Array(densities.components),
  })
  return {
    shape: { _tag: 'Diagonal', columns: places.length },
    places,
    ofMembers: members => ({
      densities: bare(
        diagonalDensities(
          members.map(cells => ({
            mean: places.map((_, i) => normalOf(cells, i).mean),
            column: i => knownColumn(normalOf(cells, i).variance),
          })),
        ),
      ),
      normaliser: (k, place) => -0.5 * (Math.log(normalOf(members[k]!, place).variance) + LOG_2PI),
    }),
    ofPosteriors: posteriors => {
      const expected = posteriors.map(q => places.map(({ name, normal }) => normal.expected(q[name])))
      return {
        densities: bare(diagonalDensities(expected.map(row => ({ mean: row.map(e => e.mean), column: i => row[i]! })))),
        normaliser: (k, place) => {
          const { logPrecision, spread } = expected[k]![place]!
          return 0.5 * (logPrecision - LOG_2PI - spread)
        },
      }
    },
    statistics:
      ({ columns, mean }, sums: DiagonalStatistics, weight) =>
      (k, place) => {
        const at = k * columns + place
        const { normal, presence } = places[place]!
        return normal.statistics(
          fromDeviations([mean[at]!], {
            weight: weight(k, presence),
            sum: [sums.sum[at]!],
            outer: { rows: 1, columns: 1, data: [sums.squares[at]!] },
          }),
        )
      },
    rounding: diagonalRounding,
    coordinates: place => ({
      length: 2,
      toVector: member => {
        const { mean, variance } = places[place]!.normal.toNormal(member)
        return [mean, Math.log(variance)]
      },
      fromVector: ([mean, logVariance]) =>
        places[place]!.normal.fromNormal({ mean: mean!, variance: Math.exp(logVariance!) }),
    }),
  }
}

/** A column of multivariate normals is a quadratic factor of its own. */
export const blockFactor = (place: CellPlace): TableFactor<QuadraticDensities> => {
  const { name, size, presence } = place
  const told = (densities: QuadraticDensities): Told<QuadraticDensities> => ({
    densities: { ...densities, logConstant: new Float64Array(densities.components) },
    normaliser: k => densities.logConstant[k]!,
  })
  const { toVector, fromVector } = quadraticForm.coordinates
  return {
    shape: { _tag: 'Quadratic', columns: size },
    places: [place],
    ofMembers: members => told(quadraticForm.ofMembers(members.map(cells => cells[name] as MultivariateNormal))),
    ofPosteriors: posteriors =>
      told(quadraticForm.ofPosteriors(posteriors.map(cells => cells[name] as NormalInverseWishart))),
    statistics: (densities, sums: QuadraticStatistics, weightOf) => {
      const weight = Float64Array.from({ length: densities.components }, (_, k) => weightOf(k, presence))
      const all = gaussianStatistics(densities, { weight, sum: sums.sum, outer: sums.outer })
      return k => all[k]
    },
    rounding: quadraticRounding,
    coordinates: () => ({
      length: size + (size * (size + 1)) / 2,
      toVector: member => toVector(member as MultivariateNormal),
      fromVector,
    }),
  }
}
