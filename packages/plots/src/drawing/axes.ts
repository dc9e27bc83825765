import { element, rounded, textAt, widthOf } from './svg.js'
import type { Theme } from './theme.js'
import type { Ticks } from './ticks.js'

export type Domain = readonly [low: number, high: number]

/** Where numbers lie in a drawing. */
export interface Places {
  readonly x: (value: number) => number
  readonly y: (value: number) => number
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

export interface TickedAxis {
  readonly label: string
  readonly ticks: Ticks
}

const [SIZE, TICK, GAP] = [12.5, 5, 4]

/** Below the axes, and to the left of them: ticks, their labels and the label of the axis. */
export const BELOW = 52
export const besideOf = ({ label, ticks }: TickedAxis): number => {
  const widest = Math.max(14, ...ticks.values.map(value => widthOf(ticks.label(value), SIZE)))
  return Math.ceil(widest + TICK + GAP + (label === '' ? 6 : 28))
}

/** The grid of both axes, their ticks with labels, and their own labels. */
export const axes = (places: Places, x: TickedAxis, y: TickedAxis, { ink }: Theme): ReadonlyArray<string> => {
  const { left, top, right, bottom } = places
  const acrossAt = x.ticks.values.map(value => rounded(places.x(value)))
  const upAt = y.ticks.values.map(value => rounded(places.y(value)))
  const grid = [...acrossAt.map(at => `M${at},${top}V${bottom}`), ...upAt.map(at => `M${left},${at}H${right}`)]
  const ticks = [...acrossAt.map(at => `M${at},${bottom}v${TICK}`), ...upAt.map(at => `M${left},${at}h${-TICK}`)]
  const stroke = { fill: 'none', stroke: ink }
  const small = { size: SIZE, opacity: 0.8 }
  const own = { size: SIZE + 0.5, anchor: 'middle' } as const
  return [
    ...(grid.length === 0 ? [] : [element('path', { d: grid.join(''), ...stroke, 'stroke-opacity': 0.1 })]),
    element('path', { d: `M${left},${top}V${bottom}H${right}${ticks.join('')}`, ...stroke, 'stroke-opacity': 0.55 }),
    ...x.ticks.values.map((value, i) =>
      textAt(acrossAt[i]!, bottom + TICK + 14, x.ticks.label(value), { ...small, anchor: 'middle' }),
    ),
    ...y.ticks.values.map((value, i) =>
      textAt(left - TICK - GAP, upAt[i]! + 0.34 * SIZE, y.ticks.label(value), { ...small, anchor: 'end' }),
    ),
    ...(x.label === '' ? [] : [textAt((left + right) / 2, bottom + 41, x.label, own)]),
    ...(y.label === '' ? [] : [textAt(left - besideOf(y) + 15, (top + bottom) / 2, y.label, { ...own, turned: -90 })]),
  ]
}
