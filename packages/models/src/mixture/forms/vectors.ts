import type { Vector } from '@conjugate/linalg'
import { type Comparable, comparedRows } from '../comparable.js'
import type { CellPair } from './form.js'

/** Columns of the linear factor that hold a vector: see `LinearPlace`. */
interface Place {
  readonly pair: CellPair
  readonly block: number | undefined
  readonly first: number
}

/** What the entries of vectors and the numbers that tell these apart are in size, over the rows that count. */
export interface VectorSizes {
  entries: number
  squares: number
}

/** Adds a row that counts so often. */
export const addSizes = (sizes: VectorSizes, entries: Vector, numbers: Vector, weight = 1): void => {
  if (!(weight > 0)) return
  for (let i = 0; i < entries.length; i++) {
    sizes.entries += weight * Math.abs(entries[i]!)
    sizes.squares += weight * numbers[i]! ** 2
  }
}

/**
 * The unit of numbers that tell vectors apart beside columns that are told apart in units of their standard deviations. The roots of counts have
 * the standard deviation 1/2 whatever the counts, and so have these numbers where their squares sum up to the counts.
 */
export const unitOf = ({ entries, squares }: VectorSizes): number =>
  squares > 0 && entries > 0 ? 2 * Math.sqrt(entries / squares) : 1

/**
 * Rows in which the vectors of places, whose entries are compared with each other, come last, as numbers that have a unit in common with
 * all else. The last `linear` columns that tell rows apart are those of the linear factor. A vector that is missing is as an empty one.
 */
export const withVectors = (
  base: Comparable,
  linear: number,
  places: ReadonlyArray<Place>,
  weights: Vector | undefined,
): Comparable => {
  const vectors = places.filter(({ pair, block }) => block !== undefined && pair.likelihood.compared)
  if (vectors.length === 0) return base
  const { rows, columns } = base.rows
  const from = base.rows.data as Float64Array
  const { features } = base
  const data = new Float64Array(rows * features)
  const begin = features - linear
  const taken = new Uint8Array(features)
  for (const { first, block } of vectors) taken.fill(1, begin + first, begin + first + block!)
  let to = 0
  for (let c = 0; c < features; c++) {
    if (taken[c] === 1) continue
    for (let n = 0; n < rows; n++) data[n * features + to] = from[n * columns + c]!
    to++
  }
  const ownUnits = to
  for (const { pair, block, first } of vectors) {
    const length = block!
    const numbers = comparedRows(base.rows, length, pair.likelihood.compared!, begin + first).rows.data
    const sizes: VectorSizes = { entries: 0, squares: 0 }
    for (let n = 0; n < rows; n++) {
      const at = n * columns + begin + first
      addSizes(sizes, from.subarray(at, at + length), numbers.subarray(n * length, (n + 1) * length), weights?.[n])
    }
    const unit = unitOf(sizes)
    for (let n = 0, i = 0; n < rows; n++)
      for (let c = n * features + to, end = c + length; c < end; c++, i++) data[c] = unit * numbers[i]!
    to += length
  }
  return { ...base, rows: { rows, columns: features, data }, ownUnits }
}
