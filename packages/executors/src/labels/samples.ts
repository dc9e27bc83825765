/** Rows that beginnings are tried on, of as many as there are. */
export const SAMPLE: number = 2 ** 11

/** A sample between that and all rows has one row in so many, and no more than these: its clusters are nearly those of all. */
const [SHARE, MOST] = [2 ** 4, 2 ** 16]

/** How many rows the larger sample has; 0 where all rows take hardly longer than it would. */
const largerOf = (rows: number): number => {
  const size = Math.min(MOST, Math.floor(rows / SHARE))
  return size < 2 * SAMPLE ? 0 : size
}

/** The most rows of any sample. */
export const largestSample = (rows: number): number => (rows <= SAMPLE ? 0 : Math.max(SAMPLE, largerOf(rows)))

/** Rows, and their weights where they do not all count once. */
interface Counted {
  readonly rows: number
  readonly weights: Float64Array | undefined
}

/** What rows count for together. */
export const totalOf = ({ rows, weights }: Counted): number => {
  if (weights === undefined) return rows
  let total = 0
  for (let n = 0; n < rows; n++) total += weights[n]!
  return total
}

/** What is added to a place between 0 and 1 so that no two come near each other, however many follow. */
const GOLDEN = (Math.sqrt(5) - 1) / 2

/** Places of rows, one from each of as many parts of them of the same weight, so that each counts once. */
const thinned = ({ rows, weights }: Counted, size: number, uniform: number): Int32Array => {
  const places = new Int32Array(size)
  const total = totalOf({ rows, weights })
  let [n, sum, within] = [-1, 0, uniform]
  for (let i = 0; i < size; i++) {
    const at = ((i + within) / size) * total
    if (weights) while (sum <= at && n < rows - 1) sum += weights[++n]!
    else n = Math.min(rows - 1, Math.floor(at))
    places[i] = n
    within = (within + GOLDEN) % 1
  }
  return places
}

/** Some rows by their places among all. */
export interface Sample {
  readonly places: Int32Array
  /** The weights of these, where they do not all count once. */
  readonly weights: Float64Array | undefined
}

/** What beginnings are tried on. */
export const smallSample = ({ rows, weights }: Counted, uniform: () => number): Sample => {
  const places = Int32Array.from({ length: SAMPLE }, () => Math.floor(uniform() * rows))
  return { places, weights: weights && Float64Array.from(places, n => weights[n]!) }
}

/** A larger one, where there are many more rows: each of its own counts once, however they are weighted. */
export const largerSample = (all: Counted, uniform: () => number): Sample | undefined => {
  const size = largerOf(all.rows)
  return size === 0 ? undefined : { places: thinned(all, size, uniform()), weights: undefined }
}

/** Copies rows of so many numbers by their places. */
export const copyRows = (
  from: Float64Array,
  width: number,
  places: ArrayLike<number>,
  target: Float64Array,
): Float64Array => {
  for (let i = 0, to = 0; i < places.length; i++)
    for (let at = places[i]! * width, end = at + width; at < end; at++, to++) target[to] = from[at]!
  return target
}
