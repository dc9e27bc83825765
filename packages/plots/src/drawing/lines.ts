import type { Places } from './axes.js'
import { element, lineThrough } from './svg.js'

/** Lines are of at most so many points: more cannot be told apart. */
const MOST = 2000

/** Every so many of some points, the first and the last among them, so that a line through them looks the same. */
const thinned = (length: number): ReadonlyArray<number> => {
  const step = Math.max(1, (length - 1) / (MOST - 1))
  return Array.from({ length: Math.min(length, MOST) }, (_, i) => Math.min(length - 1, Math.round(i * step)))
}

/** How a line is drawn. */
export interface LineStyle {
  readonly stroke: string
  readonly width: number
  readonly dash?: string | undefined
}

/** A line through points in order. */
export const line = (x: ArrayLike<number>, y: ArrayLike<number>, places: Places, style: LineStyle): string =>
  element('path', {
    d: lineThrough(thinned(x.length).flatMap(i => [places.x(x[i]!), places.y(y[i]!)])),
    fill: 'none',
    stroke: style.stroke,
    'stroke-width': style.width,
    'stroke-dasharray': style.dash,
    'stroke-linejoin': 'round',
    'stroke-linecap': 'round',
  })

/** The sign of a line in a legend. */
export const lineSign = (stroke: string, width = 2, dash?: string): string =>
  element('path', { d: 'M-11,0H11', stroke, 'stroke-width': width, 'stroke-dasharray': dash })

/** The least and the greatest of some lists of numbers. */
export const extentOf = (lists: ReadonlyArray<ArrayLike<number>>): readonly [number, number] => {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const values of lists)
    for (let i = 0; i < values.length; i++) {
      if (values[i]! < low) low = values[i]!
      if (values[i]! > high) high = values[i]!
    }
  return [low, high]
}
