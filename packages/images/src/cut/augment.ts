import { orphan, ROOT, type Trees } from './trees.js'

/**
 * Sends as much flow as there is room for from the root above `from` through its neighbour in a direction to the root above
 * that. Who loses all room towards a parent becomes an orphan.
 */
export const augment = (trees: Trees, from: number, direction: number): void => {
  const { places, residual, excess, parent, offsets } = trees
  const to = from + offsets[direction]!
  let units = residual[direction * places + from]!
  let p = from
  for (let up = parent[p]!; up !== ROOT; up = parent[p]!) {
    p += offsets[up]!
    const room = residual[(up ^ 1) * places + p]!
    if (room < units) units = room
  }
  if (excess[p]! < units) units = excess[p]!
  p = to
  for (let up = parent[p]!; up !== ROOT; up = parent[p]!) {
    const room = residual[up * places + p]!
    if (room < units) units = room
    p += offsets[up]!
  }
  if (-excess[p]! < units) units = -excess[p]!

  residual[direction * places + from]! -= units
  residual[(direction ^ 1) * places + to]! += units
  p = from
  for (let up = parent[p]!; up !== ROOT; up = parent[p]!) {
    const child = p
    residual[up * places + p]! += units
    p += offsets[up]!
    const at = (up ^ 1) * places + p
    residual[at]! -= units
    if (residual[at] === 0) orphan(trees, child)
  }
  excess[p]! -= units
  if (excess[p] === 0) orphan(trees, p)
  p = to
  for (let up = parent[p]!; up !== ROOT; up = parent[p]!) {
    const child = p
    const at = up * places + p
    p += offsets[up]!
    residual[(up ^ 1) * places + p]! += units
    residual[at]! -= units
    if (residual[at] === 0) orphan(trees, child)
  }
  excess[p]! += units
  if (excess[p] === 0) orphan(trees, p)
}
