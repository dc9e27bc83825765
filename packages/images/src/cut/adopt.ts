import { activate, DIRECTIONS, FREE, NONE, ORPHAN, orphan, ROOT, type Trees, ZERO } from './trees.js'

/** No path to a root. */
const LOST = -1

/** How far a place is from its root; what is found on the way is remembered for as long as no flow changes. */
const depthOf = ({ parent, stamp, depth, offsets, time }: Trees, from: number): number => {
  let steps = 0
  let p = from
  for (;;) {
    if (stamp[p] === time) {
      steps += depth[p]!
      break
    }
    const up = parent[p]!
    if (up === ORPHAN || up === NONE) return LOST
    steps++
    if (up === ROOT) {
      stamp[p] = time
      depth[p] = 1
      break
    }
    p += offsets[up]!
  }
  let left = steps
  for (p = from; stamp[p] !== time; p += offsets[parent[p]!]!) {
    stamp[p] = time
    depth[p] = left--
  }
  return steps
}

/** Finds each orphan the parent that is nearest to a root, or sets it free and makes orphans of its children. */
export const adopt = (trees: Trees): void => {
  const { places, orphans, side, parent, offsets, residual, stamp, depth } = trees
  while (trees.orphanCount > 0) {
    const p = orphans[trees.firstOrphan]!
    trees.firstOrphan = trees.firstOrphan + 1 === places ? 0 : trees.firstOrphan + 1
    trees.orphanCount--
    const own = side[p]!
    let best = NONE
    let least = 2 ** 31
    for (let d = 0; d < DIRECTIONS; d++) {
      const q = p + offsets[d]!
      if (side[q] !== own) continue
      if ((own === ZERO ? residual[(d ^ 1) * places + q]! : residual[d * places + p]!) === 0) continue
      const found = depthOf(trees, q)
      if (found !== LOST && found < least) {
        best = d
        least = found
      }
    }
    if (best !== NONE) {
      parent[p] = best
      stamp[p] = trees.time
      depth[p] = least + 1
      continue
    }
    for (let d = 0; d < DIRECTIONS; d++) {
      const q = p + offsets[d]!
      if (side[q] !== own) continue
      if ((own === ZERO ? residual[(d ^ 1) * places + q]! : residual[d * places + p]!) > 0) activate(trees, q)
      // The directions of a parent and of its child are opposites.
      if (parent[q] === (d ^ 1)) orphan(trees, q)
    }
    side[p] = FREE
    parent[p] = NONE
  }
}
