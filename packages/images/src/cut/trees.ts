import type { Grid } from '../grid/field.js'

/** Directions lie in pairs of opposites: east, west, south, north, south-east, north-west, south-west, north-east. */
export const DIRECTIONS = 8

/** In place of a direction to a parent: what a tree begins at, what has lost its parent, what is in no tree. */
export const ROOT = 8
export const ORPHAN = 9
export const NONE = 10

/** Sides of the cut: places from which flow comes are labelled 0, those that take it up 1. */
export const FREE = 0
export const ZERO = 1
export const ONE = 2

/**
 * A flow through a grid with a border of one place, and the two search trees of it. All arrays have one number for each of P
 * places, or eight: residual capacities lie by direction.
 */
export interface Trees extends Grid {
  /** P, the places with their border. */
  readonly places: number
  /** The width with the border. */
  readonly stride: number
  /** From a place to its neighbour in each direction. */
  readonly offsets: Int32Array
  readonly residual: Int32Array
  /** What a place still has to give, or, below 0, to take up. */
  readonly excess: Int32Array
  readonly parent: Uint8Array
  readonly side: Uint8Array
  /** How far from its root a place was when it was last known, and when that was. */
  readonly depth: Int32Array
  readonly stamp: Int32Array
  /** Places whose neighbours are still to be looked at, in a ring: each at most once. */
  readonly active: Int32Array
  readonly isActive: Uint8Array
  /** Places that have lost their parents, in a ring: each at most once. */
  readonly orphans: Int32Array
  firstActive: number
  activeCount: number
  firstOrphan: number
  orphanCount: number
  time: number
}

/** Room for the flow through a grid. */
export const makeTrees = ({ width, height }: Grid): Trees => {
  const stride = width + 2
  const places = stride * (height + 2)
  return {
    width,
    height,
    places,
    stride,
    offsets: Int32Array.of(1, -1, stride, -stride, stride + 1, -stride - 1, stride - 1, -stride + 1),
    residual: new Int32Array(DIRECTIONS * places),
    excess: new Int32Array(places),
    parent: new Uint8Array(places),
    side: new Uint8Array(places),
    depth: new Int32Array(places),
    stamp: new Int32Array(places),
    active: new Int32Array(places),
    isActive: new Uint8Array(places),
    orphans: new Int32Array(places),
    firstActive: 0,
    activeCount: 0,
    firstOrphan: 0,
    orphanCount: 0,
    time: 0,
  }
}

/** No flow yet: what flows between neighbours, either way, is at most their weight. `weights` are as those of a field. */
export const loadWeights = (trees: Trees, weights: Int32Array): void => {
  const { width, height, stride, places, residual, offsets } = trees
  for (let d = 0, from = 0; d < 4; d++) {
    const [there, back] = [2 * d * places, (2 * d + 1) * places + offsets[2 * d]!]
    for (let row = 0; row < height; row++)
      for (let p = (row + 1) * stride + 1, end = p + width; p < end; p++, from++) {
        const units = weights[from]!
        residual[there + p] = units
        residual[back + p] = units
      }
  }
}

/** Plants a root in each place that has something to give or to take up. */
const plant = (excess: Int32Array, parent: Uint8Array, side: Uint8Array, depth: Int32Array): void => {
  for (let p = 0; p < excess.length; p++) {
    const units = excess[p]!
    if (units === 0) continue
    side[p] = units > 0 ? ZERO : ONE
    parent[p] = ROOT
    depth[p] = 1
  }
}

/**
 * Activates the roots that are next to anything but a root of their own side, and gives how many they are: the others, which are
 * most, have nothing to grow into until a neighbour becomes free, and then they are activated.
 */
const activateRoots = (side: Uint8Array, stride: number, active: Int32Array, isActive: Uint8Array): number => {
  let count = 0
  for (let p = stride + 1, end = side.length - stride - 1; p < end; p++) {
    const own = side[p]!
    if (own === FREE) continue
    const isInside =
      side[p - 1] === own &&
      side[p + 1] === own &&
      side[p - stride] === own &&
      side[p + stride] === own &&
      side[p - stride - 1] === own &&
      side[p - stride + 1] === own &&
      side[p + stride - 1] === own &&
      side[p + stride + 1] === own
    if (isInside) continue
    isActive[p] = 1
    active[count++] = p
  }
  return count
}

/** Trees of roots alone, of whatever flow there is. */
export const plantRoots = (trees: Trees): void => {
  const { stride, excess, parent, side, depth, stamp, active, isActive } = trees
  parent.fill(NONE)
  side.fill(FREE)
  isActive.fill(0)
  stamp.fill(0)
  trees.time = 0
  trees.firstActive = 0
  trees.firstOrphan = 0
  trees.orphanCount = 0
  plant(excess, parent, side, depth)
  trees.activeCount = activateRoots(side, stride, active, isActive)
}

/** Puts a place last among those whose neighbours are to be looked at. */
export const activate = (trees: Trees, p: number): void => {
  if (trees.isActive[p] === 1) return
  trees.isActive[p] = 1
  const at = trees.firstActive + trees.activeCount++
  trees.active[at < trees.places ? at : at - trees.places] = p
}

/** Takes a place from its tree, until another parent is found. */
export const orphan = (trees: Trees, p: number): void => {
  trees.parent[p] = ORPHAN
  const at = trees.firstOrphan + trees.orphanCount++
  trees.orphans[at < trees.places ? at : at - trees.places] = p
}
