import { checkOptions, invalidOption, tryCall } from '@conjugate/em'
import { anyOf, callable, exactly, list, optional, text, truth, whole } from '@conjugate/em/schema'
import { describeValue, unreadable } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as RA from 'fp-ts/lib/ReadonlyArray.js'
import { type Histogram, histogramOf } from './data/histogram.js'
import { chosen, type PlotData, readColumn, readTable } from './data/table.js'
import { dots } from './drawing/dots.js'
import { drawn } from './drawing/drawing.js'
import { extentOf, line, lineSign } from './drawing/lines.js'
import { componentName, counted, type DrawingOptions, drawingFields } from './drawing/options.js'
import { element, rounded } from './drawing/svg.js'
import { inDigits } from './drawing/ticks.js'
import type { PlotError } from './errors.js'

/** Options of {@link density}. */
export interface DensityOptions extends DrawingOptions {
  /** Which column is drawn, by number from 0 or by name; needed where there are several. */
  readonly column?: number | string
  /**
   * The density of each component at a number, times its weight: `x => weight * Math.exp(logDensity(x))`. Where there are several, their
   * sum is drawn as well.
   */
  readonly components?: ReadonlyArray<(x: number) => number>
  /** What components are called; component 1, 2, ... by default. */
  readonly labels?: ReadonlyArray<string>
  /** How many bins the histogram has; by default as many as their number suits, of a round width. */
  readonly bins?: number
  /** Whether there are whole numbers only, as of counts: densities are asked for at these. false by default. */
  readonly whole?: boolean
}

const options = exactly({
  ...drawingFields,
  column: optional(anyOf('a column by number or name', whole(0), text)),
  components: optional(list(callable)),
  labels: optional(list(text)),
  bins: optional(whole(1, 1000)),
  whole: optional(truth),
})

/** Places at which a curve is computed. */
const STEPS = 400

/** Where densities are asked for: below 0 only where the data is. */
const gridOf = ({ low, width, densities }: Histogram, least: number, isWhole: boolean): Float64Array => {
  const high = low + width * densities.length
  const from = least >= 0 ? Math.max(0, low) : low
  if (!isWhole) return Float64Array.from({ length: STEPS + 1 }, (_, i) => from + ((high - from) * i) / STEPS)
  const first = Math.ceil(from)
  return Float64Array.from({ length: Math.floor(high) - first + 1 }, (_, i) => first + i)
}

const curveOf = (k: number, f: (x: number) => number, grid: Float64Array): E.Either<PlotError, Float64Array> =>
  pipe(
    tryCall(`components[${k}]`, () => grid.map(f)),
    E.chainW(curve => {
      const wrong = curve.findIndex(p => !(Number.isFinite(p) && p >= 0))
      return wrong < 0
        ? E.right(curve)
        : invalidOption(
            `components[${k}](${inDigits(grid[wrong]!)})`,
            'a finite density, which is not below 0',
            describeValue(curve[wrong]),
          )
    }),
  )

const present = (what: string, column: Float64Array): E.Either<PlotError, Float64Array> => {
  const values = column.filter(Number.isFinite)
  return values.length > 0
    ? E.right(values)
    : unreadable({ what, expected: 'at least one number', received: 'missing cells alone' })
}

/**
 * Draws one column of observations as a histogram of area 1, and the densities of components over it; an SVG document as a text.
 * Cells that are missing are left out, which the description says.
 * Errors: the data has no numbers; it has several columns, and none is chosen; a density throws, or is no finite number of at
 * least 0; numbers are not whole that are said to be.
 */
export const density = (data: PlotData, given: DensityOptions = {}): E.Either<PlotError, string> =>
  pipe(
    checkOptions(options)(given),
    E.bindTo('options'),
    E.bindW('table', () => readTable('data', data)),
    E.bindW('at', ({ table }) =>
      pipe(
        chosen(table, given.column === undefined ? undefined : [given.column], 1),
        E.map(([place]) => place!),
      ),
    ),
    E.bindW('column', ({ table, at }) => readColumn(table, at)),
    E.bindW('values', ({ column }) => present('data', column)),
    E.chainFirstW(({ column }) => {
      const wrong = given.whole ? column.findIndex(value => !Number.isNaN(value) && !Number.isInteger(value)) : -1
      return wrong < 0
        ? E.right(undefined)
        : unreadable({ what: 'data', row: wrong, expected: 'a whole number', received: describeValue(column[wrong]) })
    }),
    E.let('histogram', ({ values }) => histogramOf(values, given.whole ?? false, given.bins)),
    E.let('grid', ({ values, histogram }) => gridOf(histogram, extentOf([values])[0], given.whole ?? false)),
    E.bindW('curves', ({ grid }) =>
      pipe(
        given.components ?? [],
        RA.traverseWithIndex(E.Applicative)((k, f) => curveOf(k, f, grid)),
      ),
    ),
    E.map(({ table, at, column, values, histogram, grid, curves }) => {
      const { low, width, densities } = histogram
      const high = low + width * densities.length
      const sum = grid.map((_, i) => curves.reduce((total, curve) => total + curve[i]!, 0))
      const names = curves.map((_, k) => given.labels?.[k] ?? componentName(k))
      const name = table.names[at]!
      const label = typeof name === 'string' ? name : 'x'
      const [least, most] = extentOf([values])
      const missing = column.length - values.length
      return drawn(
        {
          name: `Density of ${label}`,
          description: [
            `${values.length} numbers from ${inDigits(least)} to ${inDigits(most)} in ${densities.length} bins of ${inDigits(width)}`,
            ...(curves.length === 0 ? [] : [`the density of ${counted(curves.length)}`]),
            ...(missing === 0 ? [] : [`not drawn: ${missing} missing`]),
          ].join('; '),
          x: { domain: [low, high], label, ...(given.whole && { leastStep: 1 }) },
          y: { domain: [0, 1.06 * extentOf([densities, sum])[1]], label: given.whole ? 'Probability' : 'Density' },
          legend: theme => [
            ...names.map((text, k) => ({ sign: lineSign(theme.colour(k)), label: text })),
            ...(curves.length < 2 ? [] : [{ sign: lineSign(theme.ink), label: 'sum' }]),
          ],
          marks: (places, theme) => {
            const bars = Array.from(densities, (p, i) => {
              const [left, right] = [places.x(low + i * width), places.x(low + (i + 1) * width)]
              return p === 0
                ? ''
                : `M${rounded(left + 0.5)},${places.bottom}V${rounded(places.y(p))}H${rounded(right - 0.5)}V${places.bottom}Z`
            })
            const curve = (heights: Float64Array, stroke: string, thick: number) => [
              line(grid, heights, places, { stroke, width: thick }),
              given.whole
                ? dots(
                    Array.from(grid, (x, i) => `M${rounded(places.x(x))},${rounded(places.y(heights[i]!))}h0`).join(''),
                    5,
                    stroke,
                    1,
                  )
                : '',
            ]
            return [
              element('path', { d: bars.join(''), fill: theme.ink, 'fill-opacity': 0.16 }),
              ...(curves.length < 2 ? [] : curve(sum, theme.ink, 1.6)),
              ...curves.flatMap((heights, k) => curve(heights, theme.colour(k), 2.2)),
            ]
          },
        },
        given,
      )
    }),
  )
