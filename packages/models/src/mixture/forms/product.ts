import {
  type ColumnPair,
  type ConjugatePrior,
  expectedNatural,
  type Natural,
  type Support,
  toStatistic,
} from '@conjugate/distributions'
import type { IndexedStatistics, LinearDensities, LinearStatistics, ProductDensities } from '@conjugate/executors'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { FitError } from '../../errors.js'
import type { Row } from '../../observations/tables.js'
import { withColumns } from '../sizes.js'
import type { CellPair, Form, PairTypes, SourceRows } from './form.js'
import { readCodes, rowsWithCodes } from './index-codes.js'
import { withIndicators } from './indicators.js'
import { type Index, indexDensities, indicesOf, levelsOf, writeIndexStatistics } from './indices.js'
import { LOG_ZERO, linearForm, linearRounding } from './linear.js'
import { isOwnStatistic } from './own-statistic.js'
import { statisticWriter, targetOf } from './statistic-rows.js'
import { blockFactor, type CellPlace, type Cells, normalsFactor, pairOf, type TableFactor } from './table-factors.js'
import { planOfTable } from './table-plan.js'
import { centreOfTable, deviationWriter, type ReadTable, readColumns, writeTable } from './table-rows.js'
import { isToldApart, withNumbers } from './told-numbers.js'
import { withVectors } from './vectors.js'

/** Columns of the linear factor: statistics, then 1 or 0. */
export interface LinearPlace {
  readonly name: string
  readonly pair: CellPair
  /** How many numbers a cell is a list of, where it is not one number. */
  readonly block: number | undefined
  readonly first: number
  readonly presence: number
}

/**
 * Which columns of rows hold what: those of the factors one after the other, then indices, and last those of the linear factor.
 */
interface Arrangement {
  readonly pairs: ReadonlyArray<readonly [name: string, pair: CellPair]>
  readonly factors: ReadonlyArray<TableFactor>
  readonly indices: ReadonlyArray<Index>
  readonly others: ReadonlyArray<LinearPlace>
  /** The number of columns of the linear factor, the last of which holds log h; 0 where all columns are indices. */
  readonly linearColumns: number
}

export const arrange = (
  columns: ReadonlyArray<readonly [name: string, pair: ColumnPair]>,
  support: Support | undefined,
): Arrangement => {
  const normals: Parameters<typeof normalsFactor>[0][number][] = []
  const blocks: CellPlace[] = []
  const categories: (readonly [name: string, pair: CellPair])[] = []
  const others: LinearPlace[] = []
  let end = 0
  for (const [name, { asNormal, block, ...column }] of columns) {
    const pair = pairOf(column)
    if (asNormal) normals.push({ name, pair, size: 1, presence: end++, normal: asNormal })
    else if (block !== undefined && !isOwnStatistic(pair.likelihood, block))
      blocks.push({ name, pair, size: block, presence: end++ })
    else if (block === undefined && levelsOf(pair) > 0) categories.push([name, pair])
    else {
      const first = end
      // All values of a family of numbers have as many statistics.
      end += (block ?? pair.likelihood.statistic(0).length) + 1
      others.push({ name, pair, block, first, presence: end - 1 })
    }
  }
  // The compiler doesn't see that every factor is asked of its own densities.
  const factors = [...(normals.length > 0 ? [normalsFactor(normals)] : []), ...blocks.map(blockFactor)]
  return {
    pairs: columns.map(([name, column]) => [name, pairOf(column)] as const),
    factors: factors as unknown as ReadonlyArray<TableFactor>,
    indices: indicesOf(categories, support?._tag === 'Table' && support.missing),
    others,
    linearColumns: end > 0 ? end + 1 : 0,
  }
}

/** Of what a cell of a column is told by, where it is there. */
interface OfCell {
  readonly natural: Vector
  readonly logNormaliser: number
}

const finite = (v: number): number => (v === Number.NEGATIVE_INFINITY ? LOG_ZERO : v)

const productOf = (
  { factors, indices, others, linearColumns }: Arrangement,
  members: ReadonlyArray<Cells>,
  tell: 'ofMembers' | 'ofPosteriors',
  ofCell: (pair: CellPair, member: unknown) => OfCell,
): ProductDensities => {
  const components = members.length
  const logConstant = new Float64Array(components)
  const natural = new Float64Array(components * linearColumns)
  const told = factors.map(factor => factor[tell](members))
  for (const [k, member] of members.entries()) {
    const at = k * linearColumns
    // What normalises a cell counts where it is there.
    for (const [f, { places }] of factors.entries())
      for (const [i, { presence }] of places.entries()) natural[at + presence] = told[f]!.normaliser(k, i)
    for (const { name, pair, first, presence } of others) {
      const own = ofCell(pair, member[name])
      // There may be as many as a language has words.
      for (let i = 0; i < own.natural.length; i++) natural[at + first + i] = finite(own.natural[i]!)
      natural[at + presence] = -own.logNormaliser
    }
    if (linearColumns > 0) natural[at + linearColumns - 1] = 1
  }
  const indexed = indices.map(index =>
    indexDensities(index, components, ({ name, pair }, k) => ofCell(pair, members[k]![name])),
  )
  const linear: LinearDensities = { _tag: 'Linear', components, columns: linearColumns, natural, logConstant }
  const densities = [...told.map(factor => factor.densities), ...indexed, ...(linearColumns > 0 ? [linear] : [])]
  return {
    _tag: 'Product',
    components,
    columns: densities.reduce((sum, { columns }) => sum + columns, 0),
    factors: densities,
    logConstant,
  }
}

/**
 * N x (D + I + F) rows of a table about a centre: the D columns of deviations, NaN where a cell is missing, the numbers of I indices,
 * which are written where rows are needed, then those of the linear factor. Errors: see {@link writeTable}.
 */
const rowsOf = (
  { factors, indices, others, linearColumns }: Arrangement,
  table: ReadTable,
  support: Support | undefined,
  centre: Row,
  weights: Vector | undefined,
): E.Either<FitError, SourceRows<Row>> => {
  const cellsOf = (name: string) => table.cells.get(name)!
  const deviating = factors.reduce((sum, { shape }) => sum + shape.columns, 0)
  const target = targetOf(table.rows, deviating + linearColumns, weights)
  let end = 0
  const deviations = factors
    .flatMap(({ places }) => places)
    .map(({ name, size, presence }) => {
      end += size
      const place = { target, first: end - size, presence: deviating + presence }
      return deviationWriter(cellsOf(name), centre[name], place)
    })
  const statistics = others.map(({ name, pair: { likelihood, translation }, block, first, presence }) => {
    const cells = cellsOf(name)
    const { values, size } = cells
    const moved = translation?.toCentred(centre[name]).observation
    const isVector = block !== undefined
    const at = (n: number) => (isVector ? values.subarray(n * size, (n + 1) * size) : values[n]!)
    return statisticWriter(
      { family: likelihood, cells, isVector, at, moved },
      {
        target,
        first: deviating + first,
        length: presence - first,
        logColumn: target.columns - 1,
        presence: deviating + presence,
      },
    )
  })
  const { codes, good } = readCodes(indices, cellsOf, table.rows)
  const columns = target.columns + indices.length
  const features = linearColumns > 0 ? columns - 1 : columns
  return pipe(
    writeTable(table, support, target, [...deviations, ...statistics], good),
    E.map(({ rows, sizes }) => ({
      rows: indices.length > 0 ? rowsWithCodes(rows, deviating, codes) : rows,
      sizes: withColumns(sizes, deviating, indices.length),
      features,
      centre,
      ...((indices.length > 0 || others.some(place => place.block !== undefined || isToldApart(place))) && {
        comparable: () => {
          const linear = features - deviating - indices.length
          const cells = withIndicators(rows, deviating, codes, indices, features)
          return withVectors(withNumbers(cells, linear, others), linear, others, weights)
        },
      }),
      ...(columns > linearColumns && {
        factors: [
          ...factors.map(({ shape }) => shape),
          ...indices.map(({ shape }) => shape),
          ...(linearColumns > 0 ? [{ _tag: 'Linear' as const, columns: linearColumns }] : []),
        ],
      }),
    })),
  )
}

/**
 * A table with columns of normals, of one number or of several: their factors' densities and sums are of deviations from the
 * means, and keep their digits however far apart components are. Columns of categories are indices, which take the memory of one
 * column each, however many categories there are. All other columns are one linear factor. Cells that are
 * missing are left out by columns of 1 and 0, which hold what normalises a cell; an index of none adds nothing. Without normals and
 * categories all is linear.
 */
export const productForm = (
  pair: ConjugatePrior<Cells, Cells, Row, Cells>,
  columns: ReadonlyArray<readonly [name: string, pair: ColumnPair]>,
): Form<PairTypes<Cells, Cells, Row, Cells>> => {
  const { likelihood, translation } = pair
  const arrangement = arrange(columns, likelihood.support)
  const { factors, indices, others, linearColumns } = arrangement
  /** Properties of its own, whatever they are called: `__proto__` would be a prototype. */
  const noCells = (): Record<string, unknown> => Object.fromEntries(columns.map(([name]) => [name, undefined]))
  /** Columns whose coordinates are natural parameters. */
  const natural = [
    ...indices.flatMap(({ places }) => places.map(({ name, pair, levels }) => ({ name, pair, length: levels }))),
    ...others.map(({ name, pair, first, presence }) => ({ name, pair, length: presence - first })),
  ]
  const forEachPlace = (visit: (place: CellPlace, factor: number, i: number) => void): void => {
    for (const [f, { places }] of factors.entries()) for (const [i, place] of places.entries()) visit(place, f, i)
  }
  const designMatrix: Form<PairTypes<Cells, Cells, Row, Cells>>['designMatrix'] = (
    source,
    _prior,
    { places, weights },
  ) =>
    pipe(
      readColumns(likelihood.support, source),
      E.chain(table => {
        const centre = places
          ? (translation?.centre(places, weights) ?? {})
          : centreOfTable(arrangement.pairs, table, weights)
        return rowsOf(arrangement, table, likelihood.support, centre, places ? undefined : weights)
      }),
    )
  const plan: Form<PairTypes<Cells, Cells, Row, Cells>>['plan'] = (_names, _prior, centre) =>
    planOfTable(arrangement, likelihood.support, centre)
  if (factors.length + indices.length === 0)
    return { ...linearForm(pair), isTable: true, columns, designMatrix, plan } as unknown as ReturnType<
      typeof productForm
    >
  const form: Form<PairTypes<Cells, Cells, Row, Cells>, ProductDensities> = {
    densityForm: 'Product',
    isTable: true,
    columns,
    designMatrix,
    plan,
    ofMembers: members =>
      productOf(arrangement, members, 'ofMembers', (pair, member) => ({
        natural: pair.likelihood.natural(member),
        logNormaliser: pair.likelihood.logNormaliser(member),
      })),
    ofPosteriors: posteriors =>
      productOf(arrangement, posteriors, 'ofPosteriors', (pair, q) => expectedNatural(pair)(q)),
    statistics: (densities, sums) => {
      const linear = sums.factors.at(-1)! as LinearStatistics
      const weight = (k: number, presence: number): number => linear.sum[k * linearColumns + presence]!
      const own = factors.map((factor, f) => factor.statistics(densities.factors[f]!, sums.factors[f]!, weight))
      return Array.from({ length: densities.components }, (_, k) => {
        const at = k * linearColumns
        const cells = noCells()
        forEachPlace(({ name }, f, i) => {
          cells[name] = own[f]!(k, i)
        })
        for (const [i, index] of indices.entries())
          writeIndexStatistics(index, sums.factors[factors.length + i]! as IndexedStatistics, k, cells)
        for (const { name, pair, first, presence } of others)
          cells[name] = pair.fromStatistic(
            weight(k, presence),
            toStatistic(linear.sum.subarray(at + first, at + presence)),
          )
        return cells
      })
    },
    rounding: (densities, counts, spacing) => {
      const linear = densities.factors.at(-1) as LinearDensities
      const constants = others.map(({ presence }) => presence)
      forEachPlace(({ presence }) => constants.push(presence))
      const greatest = Float64Array.from(counts, (_, k) =>
        constants.reduce((sum, presence) => sum + Math.abs(linear.natural[k * linearColumns + presence] ?? 0), 0),
      )
      return factors.reduce(
        (sum, factor, f) => sum + factor.rounding(densities.factors[f]!, counts, spacing),
        linearRounding(greatest, counts, spacing),
      )
    },
    coordinates: {
      toVector: p => {
        const entries: number[] = []
        forEachPlace(({ name }, f, i) => entries.push(...Array.from(factors[f]!.coordinates(i).toVector(p[name]))))
        for (const { name, pair } of natural) entries.push(...Array.from(pair.likelihood.natural(p[name])))
        return Float64Array.from(entries)
      },
      fromVector: vector => {
        const cells = noCells()
        let at = 0
        const take = (count: number): Float64Array => {
          at += count
          return vector.slice(at - count, at)
        }
        for (const { places, coordinates } of factors)
          for (const [i, { name }] of places.entries()) {
            const { length, fromVector } = coordinates(i)
            const member = fromVector(take(length))
            if (E.isLeft(member)) return member
            cells[name] = member.right
          }
        for (const { name, pair, length } of natural) {
          const member = pair.likelihood.fromNatural(take(length) as Float64Array & Natural<unknown>)
          if (E.isLeft(member)) return member
          cells[name] = member.right
        }
        return E.right(cells)
      },
    },
  }
  return form as unknown as Form<PairTypes<Cells, Cells, Row, Cells>>
}
