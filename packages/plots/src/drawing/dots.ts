import type { Places } from './axes.js'
import { element } from './svg.js'

/** Points in the plane: the coordinates of the n-th are x[n] and y[n]. */
export interface Points {
  readonly x: Float64Array
  readonly y: Float64Array
}

/** Above this many dots are as large as a pixel, and no two are drawn at the same. */
const MANY = 4000

/**
 * Dots of points as one path for each group, whatever their number: subpaths of no length with round ends. `groupOf` gives the
 * group of a point, or -1 for one that is not drawn.
 */
export const dotPaths = (
  { x, y }: Points,
  groups: number,
  groupOf: (n: number) => number,
  places: Places,
): ReadonlyArray<{ readonly path: string; readonly size: number }> => {
  const size = x.length > MANY ? 2.2 : Math.max(3.4, 6 - x.length / 500)
  const grain = x.length > MANY ? 1 : 10
  const across = Math.ceil((places.right - places.left) * grain) + 1
  const taken = Array.from({ length: groups }, () => new Set<number>())
  const parts = Array.from({ length: groups }, () => [] as string[])
  for (let n = 0; n < x.length; n++) {
    const group = groupOf(n)
    if (group < 0) continue
    const [left, top] = [Math.round(places.x(x[n]!) * grain), Math.round(places.y(y[n]!) * grain)]
    // What lies on another dot of its group cannot be seen.
    const cell = top * 2 * across + left
    if (taken[group]!.has(cell)) continue
    taken[group]!.add(cell)
    parts[group]!.push(`M${left / grain},${top / grain}h0`)
  }
  return parts.map(found => ({ path: found.join(''), size }))
}

/** Dots of one colour. */
export const dots = (path: string, size: number, colour: string, opacity: number): string =>
  path === ''
    ? ''
    : element('path', {
        d: path,
        fill: 'none',
        stroke: colour,
        'stroke-width': size,
        'stroke-linecap': 'round',
        'stroke-opacity': opacity,
      })
