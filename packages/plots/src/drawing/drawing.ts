import { axes, BELOW, besideOf, type Domain, type Places } from './axes.js'
import { type LegendEntry, legend } from './legend.js'
import type { DrawingOptions } from './options.js'
import { element, escapeXml, rounded, textAt } from './svg.js'
import { type Theme, themes } from './theme.js'
import { axisTicks } from './ticks.js'

/** What an axis measures. */
export interface Axis {
  readonly domain: Domain
  readonly label: string
  /** Between ticks at least: 1 where there are whole numbers only. */
  readonly leastStep?: number
}

/** What is drawn, before there is a place for it. */
export interface Content {
  /** The accessible name where the caller gives no title. */
  readonly name: string
  readonly description: string
  readonly x: Axis
  readonly y: Axis
  readonly legend: (theme: Theme) => ReadonlyArray<LegendEntry>
  readonly marks: (places: Places, theme: Theme) => ReadonlyArray<string>
  /** Whether a unit of x is as long as one of y. */
  readonly sameScale?: boolean
}

/** They are there on most machines; what draws files has fonts of its own. */
const FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

const RIGHT = 18

/** Units of a drawing from tick to tick, about. */
const [APART_X, APART_Y] = [72, 46]

/** Values with some room beside them; a single one has an axis as well. */
export const padded = (low: number, high: number, share = 0.04): Domain => {
  // Below that, float64 has no numbers for ticks between them.
  const isOne = high - low <= 1e-12 * Math.max(Math.abs(low), Math.abs(high))
  const margin = isOne ? Math.max(0.5, Math.abs(low) * 1e-3) : (high - low) * share
  return [low - margin, high + margin]
}

const stretched = ([low, high]: Domain, length: number, perUnit: number): Domain => {
  const half = length / perUnit / 2
  return [(low + high) / 2 - half, (low + high) / 2 + half]
}

/** Domains of which a unit has one length in both, in a space of some size. */
const inOneScale = (x: Domain, y: Domain, width: number, height: number): readonly [Domain, Domain] => {
  const perUnit = Math.min(width / (x[1] - x[0]), height / (y[1] - y[0]))
  return [stretched(x, width, perUnit), stretched(y, height, perUnit)]
}

const along =
  ([low, high]: Domain, from: number, to: number) =>
  (value: number): number =>
    from + ((value - low) / (high - low)) * (to - from)

const ticked = ({ label, leastStep }: Axis, [low, high]: Domain, length: number, apart: number) => ({
  label,
  ticks: axisTicks(low, high, Math.max(2, Math.round(length / apart)), leastStep),
})

/** The whole drawing as SVG: title, legend, axes and what is in them. */
export const drawn = (content: Content, options: DrawingOptions): string => {
  const { width = 640, height = 420, theme: name = 'page', title = '' } = options
  const theme = themes[name]
  const titleHeight = title === '' ? 8 : 40
  const xLabel = options.xLabel ?? content.x.label
  const yAxis = { ...content.y, label: options.yLabel ?? content.y.label }
  // The labels of y make the place of x, and the legend has that width: so they come first, with about the height there is.
  const about = ticked(yAxis, content.y.domain, height - titleHeight - BELOW - 20, APART_Y)
  const left = besideOf(about)
  const right = Math.max(left + 20, width - RIGHT)
  const entries = legend(content.legend(theme), right - left)
  const top = titleHeight + entries.height
  const bottom = Math.max(top + 20, height - (xLabel === '' ? 30 : BELOW))
  const [x, y] = content.sameScale
    ? inOneScale(content.x.domain, content.y.domain, right - left, bottom - top)
    : [content.x.domain, content.y.domain]
  const places: Places = { left, top, right, bottom, x: along(x, left, right), y: along(y, bottom, top) }
  const down = ticked(yAxis, y, bottom - top, APART_Y)
  const across = ticked({ ...content.x, label: xLabel }, x, right - left, APART_X)
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${rounded(width)} ${rounded(height)}`,
      role: 'img',
      'font-family': FONTS,
      fill: theme.ink,
      ...(theme.background !== undefined && { color: theme.ink }),
    },
    element('title', {}, escapeXml(title === '' ? content.name : title)),
    element('desc', {}, escapeXml(options.description ?? content.description)),
    theme.background === undefined ? '' : element('rect', { width, height, fill: theme.background }),
    title === '' ? '' : textAt(left, 26, title, { size: 16, weight: 600 }),
    entries.drawnAt(left, titleHeight),
    ...axes(places, across, down, theme),
    ...content.marks(places, theme),
  )
}
