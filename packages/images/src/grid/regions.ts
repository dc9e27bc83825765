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

/** Makes two places one region, named by its first place. */
const join = (parents: Int32Array, m: number, n: number): void => {
  const [a, b] = [rootOf(parents, m), rootOf(parents, n)]
  if (a < b) parents[b] = a
  else parents[a] = b
}

/** The regions of as many labels as there are places. */
export const regionsOf = ({ width, height }: Grid, labels: ArrayLike<number>): Regions => {
  const places = width * height
  const parents = new Int32Array(places)
  for (let row = 0, n = 0; row < height; row++)
    for (let column = 0; column < width; column++, n++) {
      parents[n] = n
      const label = labels[n]
      if (column > 0 && labels[n - 1] === label) join(parents, n - 1, n)
      if (row === 0) continue
      if (labels[n - width] === label) join(parents, n - width, n)
      if (column > 0 && labels[n - width - 1] === label) join(parents, n - width - 1, n)
      if (column + 1 < width && labels[n - width + 1] === label) join(parents, n - width + 1, n)
    }
  const regions = new Int32Array(places)
  const firsts: number[] = []
  for (let n = 0; n < places; n++) {
    const root = rootOf(parents, n)
    if (root === n) {
      regions[n] = firsts.length
      firsts.push(n)
    } else regions[n] = regions[root]!
  }
  const sizes = new Int32Array(firsts.length)
  for (let n = 0; n < places; n++) sizes[regions[n]!]!++
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
