import type { Point } from './ellipse.js'
import { svgDocument, textAt } from './svg.js'
import type { Ticks } from './ticks.js'

export interface Axis {
  readonly domain: readonly [number, number]
  readonly ticks: Ticks
  readonly label: string
  /** From the frame to the label. */
  readonly labelOffset: number
}

/** A frame of some size with margins around it, and what its sides measure. */
export interface PlotFrame {
  readonly width: number
  readonly height: number
  readonly marginLeft: number
  readonly marginRight: number
  readonly marginTop: number
  readonly marginBottom: number
  readonly x: Axis
  readonly y: Axis
}

/** Where a point of the data lies in the drawing. */
export type Place = (point: Point) => Point

/** Height that a figure's title takes above its plot. */
const TITLE_HEIGHT = 40

const FONT_SIZE = 13

const TICK_LENGTH = 6

/** In units of the drawing, to a thousandth: what is smaller cannot be seen. */
const written = (length: number): number => Math.round(length * 1000) / 1000

const interpolate = (value: number, [low, high]: Axis['domain'], from: number, to: number): number =>
  written(from + ((value - low) / (high - low)) * (to - from))

const line = (from: Point, to: Point, opacity = 1): string =>
  `<line x1="${from.x}" y1="${from.y}" x2="${to.x}" y2="${to.y}" stroke="currentColor" stroke-opacity="${opacity}"/>`

/** The grid of both axes, their ticks with labels, the labels of the axes, and the frame. */
const axes = (
  { width, height, marginLeft: left, marginTop: top, x, y }: PlotFrame,
  place: Place,
): readonly string[] => {
  const [right, bottom] = [left + width, top + height]
  const acrossAt = x.ticks.values.map(value => ({ value, at: place({ x: value, y: y.domain[0] }).x }))
  const upAt = y.ticks.values.map(value => ({ value, at: place({ x: x.domain[0], y: value }).y }))
  const size = FONT_SIZE
  // Digits are this high above their baseline, in parts of the size of the font.
  const [middle, below] = [0.32 * size, 0.71 * size]
  const [centre, beside] = [left + width / 2, left - y.labelOffset]
  return [
    ...acrossAt.map(({ at }) => line({ x: at, y: top }, { x: at, y: bottom }, 0.1)),
    ...upAt.map(({ at }) => line({ x: left, y: at }, { x: right, y: at }, 0.1)),
    ...acrossAt.flatMap(({ value, at }) => [
      line({ x: at, y: bottom }, { x: at, y: bottom + TICK_LENGTH }),
      textAt(at, written(bottom + TICK_LENGTH + 3 + below), x.ticks.label(value), { size, anchor: 'middle' }),
    ]),
    ...upAt.flatMap(({ value, at }) => [
      line({ x: left, y: at }, { x: left - TICK_LENGTH, y: at }),
      textAt(left - TICK_LENGTH - 3, written(at + middle), y.ticks.label(value), { size, anchor: 'end' }),
    ]),
    textAt(centre, bottom + x.labelOffset, x.label, { size, anchor: 'middle' }),
    `<g transform="translate(${beside},${top + height / 2}) rotate(-90)">${textAt(0, below, y.label, { size, anchor: 'middle' })}</g>`,
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="none" stroke="#888888"/>`,
  ]
}

/** A line through points. */
export const pathThrough = (
  points: readonly Point[],
  { stroke, width, dash = 'none' }: { readonly stroke: string; readonly width: number; readonly dash?: string },
): string =>
  `<path d="M${points.map(({ x, y }) => `${x},${y}`).join('L')}" fill="none" stroke="${stroke}" stroke-width="${width}" ` +
  `stroke-dasharray="${dash}" stroke-linecap="round" stroke-linejoin="round"/>`

/** Draws a plot with a title above it and further elements, such as a legend, to its right. */
export const titledPlot = (
  title: string,
  frame: PlotFrame,
  elements: (place: Place) => readonly string[],
  beside: { readonly width: number; readonly elements: readonly string[] } = { width: 0, elements: [] },
): string => {
  const { width, height, marginLeft, marginTop, x, y } = frame
  const place: Place = point => ({
    x: interpolate(point.x, x.domain, marginLeft, marginLeft + width),
    y: interpolate(point.y, y.domain, marginTop + height, marginTop),
  })
  const outerWidth = marginLeft + width + frame.marginRight
  const outerHeight = TITLE_HEIGHT + marginTop + height + frame.marginBottom
  return svgDocument(outerWidth + beside.width, outerHeight, [
    textAt(marginLeft, 28, title, { size: 17, bold: true }),
    `<g transform="translate(0,${TITLE_HEIGHT})">${[...axes(frame, place), ...elements(place)].join('')}</g>`,
    `<g transform="translate(${outerWidth},${TITLE_HEIGHT})">${beside.elements.join('')}</g>`,
  ])
}
