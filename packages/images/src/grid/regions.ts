import type { InvalidOption } from '@conjugate/em'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkGrid, checkLength, type Grid } from './field.js'

/** The connected parts of equal labels. */
export interface Regions {
  /** N: the number of the region of each place, from 0 on, in the order of their first places. */
  readonly regions: Int32Array
  /** The label of each region. */
  readonly labels: Int32Array
  /** How many places each has. */
  readonly sizes: Int32Array
}

const rootOf = (parents: Int32Array, n: number): number => {
  let root = n
  while (parents[root] !== root) root = parents[root]!
  let p = n
  while (parents[p] !== root) {
    const next = parents[p]!
    parents[p] = root
    p = next
  }
  return root
}

/** Makes two runs one region, named by its first run. */
const join = (parents: Int32Array, m: number, n: number): void => {
  const [a, b] = [rootOf(parents, m), rootOf(parents, n)]
  if (a < b) parents[b] = a
  else parents[a] = b
}

/** Places of one label beside each other in one row. */
interface Runs {
  /** The first place of each run, and behind the last one the number of places. */
  readonly starts: Int32Array
  /** The first run of each row, and behind the last one the number of runs. */
  readonly rows: Int32Array
}

const runsOf = ({ width, height }: Grid, labels: ArrayLike<number>): Runs => {
  const places = width * height
  let count = 0
  for (let n = 0; n < places; n++) if (n % width === 0 || labels[n] !== labels[n - 1]) count++
  const [starts, rows] = [new Int32Array(count + 1), new Int32Array(height + 1)]
  let run = 0
  for (let row = 0, n = 0; row < height; row++) {
    rows[row] = run
    for (let column = 0; column < width; column++, n++)
      if (column === 0 || labels[n] !== labels[n - 1]) starts[run++] = n
  }
  rows[height] = count
  starts[count] = places
  return { starts, rows }
}

/** Joins runs of one label that touch in neighbouring rows, diagonally too; gives the first run of each. */
const joined = ({ width, height }: Grid, labels: ArrayLike<number>, { starts, rows }: Runs): Int32Array => {
  const parents = new Int32Array(starts.length - 1)
  for (let run = 0; run < parents.length; run++) parents[run] = run
  for (let row = 1; row < height; row++) {
    let above = rows[row - 1]!
    for (let run = rows[row]!; run < rows[row + 1]!; run++) {
      // In places of the row above.
      const [from, to] = [starts[run]! - width, starts[run + 1]! - width]
      while (above < rows[row]! && starts[above + 1]! < from) above++
      for (let other = above; other < rows[row]! && starts[other]! <= to; other++)
        if (labels[starts[other]!] === labels[starts[run]!]) join(parents, other, run)
    }
  }
  return parents
}

/** The regions of as many labels as there are places. */
export const regionsOf = (grid: Grid, labels: ArrayLike<number>): Regions => {
  const runs = runsOf(grid, labels)
  const { starts } = runs
  const parents = joined(grid, labels, runs)
  const regions = new Int32Array(grid.width * grid.height)
  const numbers = new Int32Array(parents.length)
  const firsts: number[] = []
  for (let run = 0; run < parents.length; run++) {
    const root = rootOf(parents, run)
    if (root === run) {
      numbers[run] = firsts.length
      firsts.push(starts[run]!)
    } else numbers[run] = numbers[root]!
    regions.fill(numbers[run]!, starts[run], starts[run + 1])
  }
  const sizes = new Int32Array(firsts.length)
  for (let run = 0; run < parents.length; run++) sizes[numbers[run]!]! += starts[run + 1]! - starts[run]!
  return { regions, labels: Int32Array.from(firsts, n => labels[n]!), sizes }
}

/**
 * The regions of the labels of a grid: places of one label that hang together, diagonally too. `connectedRegions(labels, grid)`,
 * or `pipe(labels, connectedRegions(grid))`. Errors: the grid is none; there is not one label for each place.
 */
export const connectedRegions: {
  (grid: Grid): (labels: ArrayLike<number>) => E.Either<InvalidOption, Regions>
  (labels: ArrayLike<number>, grid: Grid): E.Either<InvalidOption, Regions>
} = ((...args: [ArrayLike<number>, Grid] | [Grid]) => {
  const of = (labels: ArrayLike<number>, grid: Grid): E.Either<InvalidOption, Regions> =>
    pipe(
      checkGrid('grid', grid),
      E.chain(() => checkLength('labels', labels, grid.width * grid.height)),
      E.map(() => regionsOf(grid, labels)),
    )
  return args.length === 2 ? of(...args) : (labels: ArrayLike<number>) => of(labels, args[0])
}) as never
