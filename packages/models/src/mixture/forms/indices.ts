import { indexOf, statisticLength, toStatistic } from '@conjugate/distributions'
import type { FactorShape, IndexedDensities, IndexedStatistics } from '@conjugate/executors'
import type { Vector } from '@conjugate/linalg'
import type { Cells } from '../../observations/cells.js'
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
    for (let i = k * levels, end = i + levels; i < end; )
      for (let level = 0; level < place.radix; level++)
        for (const next = i + inner; i < next; i++) own[level]! += sum[i]!
    const found = own.subarray(0, place.levels)
    let weight = 0
    for (let level = 0; level < place.levels; level++) weight += own[level]!
    return [place.name, place.pair.fromStatistic(weight, toStatistic(found))]
  })
}

/** A column of categories as it is read. */
interface Digits {
  readonly values: Cells['values']
  readonly levels: number
  readonly radix: number
  /** The digit of what is missing, -1 where nothing may be. */
  readonly gap: number
}

/** How many columns are read at a time. */
const AT_ONCE = 4

/** Digits of columns side by side, as many as are read at a time. */
interface Part {
  readonly columns: ReadonlyArray<Digits>
  readonly isFirst: boolean
}

/** The digit of a category, or of what is missing; -1 where there is none. */
const digitOf = (value: number, levels: number, ofGap: number): number => {
  const level = value | 0
  if (level === value && level >= 0 && level < levels) return level
  return Number.isNaN(value) ? ofGap : -1
}

/**
 * Puts the digits of a part behind those that some rows of a target have; gives the place of the first row that has none, or `count`. It
 * is no function of the part, which would be compiled anew for each.
 */
const append = (
  { columns, isFirst }: Part,
  start: number,
  count: number,
  target: Float64Array,
  at: number,
  step: number,
): number => {
  const { values: a, levels: ofA, radix: byA, gap: gapA } = columns[0]!
  const { values: b, levels: ofB, radix: byB, gap: gapB } = columns[1]!
  const { values: c, levels: ofC, radix: byC, gap: gapC } = columns[2]!
  const { values: d, levels: ofD, radix: byD, gap: gapD } = columns[3]!
  const before = isFirst ? 0 : byA * byB * byC * byD
  for (let i = start, to = at; i < start + count; i++, to += step) {
    const w = digitOf(a[i]!, ofA, gapA)
    const x = digitOf(b[i]!, ofB, gapB)
    const y = digitOf(c[i]!, ofC, gapC)
    const z = digitOf(d[i]!, ofD, gapD)
    if ((w | x | y | z) < 0) return i - start
    const code = Math.imul(Math.imul(Math.imul(w, byB) + x, byC) + y, byD) + z
    target[to] = before === 0 ? code : target[to]! * before + code
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
  const columns = places.map(
    ({ name, levels, radix }): Digits => ({
      values: cellsOf(name).values,
      levels,
      radix,
      gap: radix > levels ? levels : -1,
    }),
  )
  // A column of one category adds nothing to an index.
  const nothing = { values: new Uint8Array(columns.length % AT_ONCE === 0 ? 0 : rows), levels: 1, radix: 1, gap: -1 }
  while (columns.length % AT_ONCE !== 0) columns.push(nothing)
  const parts = Array.from({ length: columns.length / AT_ONCE }, (_, p) => ({
    columns: columns.slice(p * AT_ONCE, (p + 1) * AT_ONCE),
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
