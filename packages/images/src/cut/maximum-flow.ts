import { adopt } from './adopt.js'
import { augment } from './augment.js'
import { activate, DIRECTIONS, FREE, plantRoots, type Trees, ZERO } from './trees.js'

const NOTHING = -1

/**
 * Looks at the neighbours of a place: free ones join its tree. Gives the direction in which the other tree was met, or -1 where
 * all have been looked at.
 */
const grow = (trees: Trees, p: number): number => {
  const { places, side, parent, offsets, residual, stamp, depth } = trees
  const own = side[p]!
  for (let d = 0; d < DIRECTIONS; d++) {
    const q = p + offsets[d]!
    if ((own === ZERO ? residual[d * places + p]! : residual[(d ^ 1) * places + q]!) === 0) continue
    const other = side[q]!
    if (other === FREE) {
      side[q] = own
      parent[q] = d ^ 1
      stamp[q] = stamp[p]!
      depth[q] = depth[p]! + 1
      activate(trees, q)
    } else if (other !== own) {
      return d
    } else if (stamp[q]! <= stamp[p]! && depth[q]! > depth[p]!) {
      // A shorter way to a root.
      parent[q] = d ^ 1
      stamp[q] = stamp[p]!
      depth[q] = depth[p]! + 1
    }
  }
  return NOTHING
}

/**
 * Sends what neighbours have room for that have something to give and to take up: most of all flow goes no further, and needs no
 * trees.
 */
const settleNeighbours = (
  residual: Int32Array,
  excess: Int32Array,
  places: number,
  offset: number,
  d: number,
): void => {
  const [there, back] = [d * places, (d + 1) * places + offset]
  for (let p = 0, end = places - offset; p < end; p++) {
    const a = excess[p]!
    if (a === 0) continue
    const b = excess[p + offset]!
    if (a > 0) {
      if (b >= 0) continue
      const units = Math.min(a, -b, residual[there + p]!)
      residual[there + p]! -= units
      residual[back + p]! += units
      excess[p] = a - units
      excess[p + offset] = b + units
    } else if (b > 0) {
      const units = Math.min(-a, b, residual[back + p]!)
      residual[back + p]! -= units
      residual[there + p]! += units
      excess[p] = a + units
      excess[p + offset] = b - units
    }
  }
}

/**
 * Sends all flow that there is room for, from where it stands: afterwards a place is on the side of ones if it still reaches
 * something that takes up flow, which is the same for every maximum flow.
 * Source: Boykov and Kolmogorov, An experimental comparison of min-cut/max-flow algorithms for energy minimization in vision
 * (2004).
 */
export const maximumFlow = (trees: Trees): void => {
  const { places, active, isActive, side, offsets, residual, excess } = trees
  for (let d = 0; d < DIRECTIONS; d += 2) settleNeighbours(residual, excess, places, offsets[d]!, d)
  plantRoots(trees)
  while (trees.activeCount > 0) {
    const p = active[trees.firstActive]!
    if (side[p] !== FREE) {
      const met = grow(trees, p)
      if (met !== NOTHING) {
        trees.time++
        if (side[p] === ZERO) augment(trees, p, met)
        else augment(trees, p + offsets[met]!, met ^ 1)
        adopt(trees)
        // It stays first: there may be more to meet.
        continue
      }
    }
    isActive[p] = 0
    trees.firstActive = trees.firstActive + 1 === places ? 0 : trees.firstActive + 1
    trees.activeCount--
  }
}
