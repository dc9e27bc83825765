import { indexOf, statisticLength, toStatistic } from '@conjugate/distributions'
import type { FactorShape, IndexedDensities, IndexedStatistics } from '@conjugate/executors'
import type { Vector } from '@conjugate/linalg'
import type { CellPair } from './form.js'

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

/** The log densities of all combinations, which are natural parameters of cells less what normalises them. */
export const indexDensities = (
  { places, shape: { levels } }: Index,
  components: number,
  ofCell: (place: CategoryPlace, k: number) => { readonly natural: Vector; readonly logNormaliser: number },
): IndexedDensities => {
  const natural = new Float64Array(components * levels)
  for (let k = 0; k < components; k++) {
    const own = natural.subarray(k * levels, (k + 1) * levels)
    let count = 1
    for (const place of places) {
      const { natural: logs, logNormaliser } = ofCell(place, k)
      // From the last on, since they are spread out where they are.
      for (let i = count - 1; i >= 0; i--) {
        const before = own[i]!
        for (let level = 0; level < place.radix; level++)
          own[i * place.radix + level] = before + (level < place.levels ? logs[level]! - logNormaliser : 0)
      }
      count *= place.radix
    }
  }
  return { _tag: 'Indexed', components, columns: 1, levels, natural, logConstant: new Float64Array(components) }
}

/** The sum of each digit, of which each is that of `inner` codes next to each other, from those of codes from `start` to before `end`. */
const sumsOfDigits = (sum: Float64Array, start: number, end: number, inner: number, radix: number): Float64Array => {
  const own = new Float64Array(radix)
  for (let i = start; i < end; )
    for (let level = 0; level < radix; level++) for (const next = i + inner; i < next; i++) own[level]! += sum[i]!
  return own
}

/** Tells the statistics of component k in each of the columns of an index. */
export const writeIndexStatistics = (
  { places, shape: { levels } }: Index,
  { sum }: IndexedStatistics,
  k: number,
  cells: Record<string, unknown>,
): void => {
  let inner = levels
  for (const { name, pair, levels: count, radix } of places) {
    inner /= radix
    const own = sumsOfDigits(sum, k * levels, (k + 1) * levels, inner, radix)
    let weight = 0
    for (let level = 0; level < count; level++) weight += own[level]!
    cells[name] = pair.fromStatistic(weight, toStatistic(own.subarray(0, count)))
  }
}
