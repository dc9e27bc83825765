import { indexOf, statisticLength, toStatistic } from '@conjugate/distributions'
import type { FactorShape, IndexedDensities, IndexedStatistics } from '@conjugate/executors'
import type { Matrix, Vector } from '@conjugate/linalg'
import type { Cells } from '../../observations/cells.js'
import type { Comparable } from '../comparable.js'
import type { CellPair } from './form.js'
import type { Target, Writer } from './statistic-rows.js'

/** A column of categories, which is a digit of an index. */
interface CategoryPlace {
  readonly name: string
  readonly pair: CellPair
  /** How many categories there are: one more digit than these is none. */
  readonly levels: number
  /** How many digits there may be. */
  readonly radix: number
}

/** Columns of categories that are one index: a number whose digits are the categories, the last column's the least. */
export interface Index {
  readonly places: ReadonlyArray<CategoryPlace>
  readonly shape: FactorShape & { readonly levels: number }
}

/** How many categories the cells of a pair have, where its statistic is the indicators of 0, 1, 2 and so on; otherwise 0. */
export const levelsOf = ({ likelihood }: CellPair): number => {
  const expression = likelihood.statisticExpression?.(1)
  return expression !== undefined && indexOf(expression) !== undefined ? statisticLength(expression) : 0
}

/**
 * Columns that are told together have at most so many combinations: with all components they are near to a processor, and a row
 * reads a few lines of logarithms for a whole table.
 */
const MOST = 256

/** Gathers columns of categories, as many as have few combinations. */
export const indicesOf = (
  columns: ReadonlyArray<readonly [name: string, pair: CellPair]>,
  mayMiss: boolean,
): ReadonlyArray<Index> => {
  const indices: Index[] = []
  for (const [name, pair] of columns) {
    const levels = levelsOf(pair)
    const place = { name, pair, levels, radix: mayMiss ? levels + 1 : levels }
    const last = indices.at(-1)
    const joint = (last?.shape.levels ?? MOST) * place.radix
    const isJoint = last !== undefined && joint <= MOST
    if (isJoint) indices.pop()
    indices.push({
      places: isJoint ? [...last.places, place] : [place],
      shape: { _tag: 'Indexed', columns: 1, levels: isJoint ? joint : place.radix },
    })
  }
  return indices
}

/** The log densities of all combinations, from the natural parameters of a cell less its log normaliser. */
export const indexDensities = (
  { places, shape: { levels } }: Index,
  components: number,
  logsOf: (place: CategoryPlace, k: number) => Vector,
): IndexedDensities => {
  const natural = new Float64Array(components * levels)
  for (let k = 0; k < components; k++) {
    const own = natural.subarray(k * levels, (k + 1) * levels)
    let count = 1
    for (const place of places) {
      const logs = logsOf(place, k)
      // From the last on, since they are spread out where they are.
      for (let i = count - 1; i >= 0; i--) {
        const before = own[i]!
        for (let level = 0; level < place.radix; level++)
          own[i * place.radix + level] = before + (level < place.levels ? logs[level]! : 0)
      }
      count *= place.radix
    }
  }
  return { _tag: 'Indexed', components, columns: 1, levels, natural, logConstant: new Float64Array(components) }
}

/** The statistics of component k in each of the columns of an index. */
export const indexStatistics = (
  { places, shape: { levels } }: Index,
  { sum }: IndexedStatistics,
  k: number,
): ReadonlyArray<readonly [name: string, statistics: unknown]> => {
  let inner = levels
  return places.map(place => {
    inner /= place.radix
    const own = new Float64Array(place.radix)
    for (let i = 0; i < levels; i++) own[Math.floor(i / inner) % place.radix]! += sum[k * levels + i]!
    const found = own.subarray(0, place.levels)
    const weight = found.reduce((a, b) => a + b, 0)
    return [place.name, place.pair.fromStatistic(weight, toStatistic(found))]
  })
}

/** A column of categories as it is read. */
interface Digits {
  readonly values: Cells['values']
  readonly levels: number
  readonly radix: number
}

/** How many columns are read at a time. */
const AT_ONCE = 4

/** Digits of columns side by side: of as many as are read at a time, none of which misses a cell, or of one. */
interface Part {
  readonly columns: ReadonlyArray<Digits>
  readonly isFirst: boolean
}

/**
 * Puts the digits of a part behind those that some rows of a target have; gives the place of the first row that has none, or `count`. It
 * is no function of the part, which would be compiled anew for each.
 */
type Append = (part: Part, start: number, count: number, target: Float64Array, first: number, step: number) => number

const appendDigits: Append = ({ columns, isFirst }, start, count, target, at, step) => {
  const { values: a, levels: ofA, radix: byA } = columns[0]!
  const { values: b, levels: ofB, radix: byB } = columns[1]!
  const { values: c, levels: ofC, radix: byC } = columns[2]!
  const { values: d, levels: ofD, radix: byD } = columns[3]!
  const before = isFirst ? 0 : byA * byB * byC * byD
  for (let i = start, to = at; i < start + count; i++, to += step) {
    const w = a[i]! >>> 0
    const x = b[i]! >>> 0
    const y = c[i]! >>> 0
    const z = d[i]! >>> 0
    if (w >= ofA || x >= ofB || y >= ofC || z >= ofD || w !== a[i] || x !== b[i] || y !== c[i] || z !== d[i])
      return i - start
    const code = ((w * byB + x) * byC + y) * byD + z
    target[to] = before === 0 ? code : target[to]! * before + code
  }
  return count
}

/** One digit, of which one more is what is missing. */
const appendWithGaps: Append = ({ columns, isFirst }, start, count, target, at, step) => {
  const { values, levels, radix } = columns[0]!
  const before = isFirst ? 0 : radix
  for (let i = start, to = at; i < start + count; i++, to += step) {
    const level = values[i]!
    const isDigit = level >= 0 && level < levels && Math.floor(level) === level
    if (!isDigit && !(Number.isNaN(level) && radix > levels)) return i - start
    target[to] = target[to]! * before + Math.abs(isDigit ? level : levels)
  }
  return count
}

/** Writes the digits of columns of categories as one number. */
export const indexWriter = (
  { places }: Index,
  cellsOf: (name: string) => Cells,
  { rows, columns: width, data, sizes }: Target,
  column: number,
): Writer => {
  const hasGaps = places.some(({ name }) => cellsOf(name).hasGaps)
  const columns = places.map(({ name, levels, radix }): Digits => ({ values: cellsOf(name).values, levels, radix }))
  // A column of one category adds nothing to an index.
  while (!hasGaps && columns.length % AT_ONCE !== 0) columns.push({ values: new Uint8Array(rows), levels: 1, radix: 1 })
  const [append, size] = hasGaps ? [appendWithGaps, 1] : [appendDigits, AT_ONCE]
  const parts = Array.from({ length: columns.length / size }, (_, p) => ({
    columns: columns.slice(p * size, (p + 1) * size),
    isFirst: p === 0,
  }))
  // The size of an index is of no account.
  sizes.told[column] = 1
  return (start, count) => {
    let good = count
    for (const part of parts) good = append(part, start, good, data, start * width + column, width)
    return good
  }
}

/**
 * Rows in which indices, from column `first` on, are columns of 1 and 0 for their categories, so that they are as far from each other
 * as these differ. What is missing is 0 in all of these. The first `features` columns tell rows apart.
 */
export const withIndicators = (
  rows: Matrix,
  indices: ReadonlyArray<Index>,
  first: number,
  features: number,
): Comparable => {
  const digits = indices.flatMap(({ places, shape }, i) => {
    let inner = shape.levels
    return places.map(({ levels, radix }) => {
      inner /= radix
      return { column: first + i, inner, levels, radix }
    })
  })
  const more = digits.reduce((sum, { levels }) => sum + levels, 0) - indices.length
  const { rows: count, columns } = rows
  const width = columns + more
  const data = new Float64Array(count * width)
  for (let n = 0; n < count; n++) {
    const [from, to] = [n * columns, n * width]
    for (let c = 0; c < first; c++) data[to + c] = rows.data[from + c]!
    for (let c = first + indices.length; c < columns; c++) data[to + more + c] = rows.data[from + c]!
  }
  let place = first
  for (const { column, inner, levels, radix } of digits) {
    for (let n = 0; n < count; n++) {
      const level = Math.floor(rows.data[n * columns + column]! / inner) % radix
      if (level < levels) data[n * width + place + level] = 1
    }
    place += levels
  }
  return { rows: { rows: count, columns: width, data }, features: features + more }
}
