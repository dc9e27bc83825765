import { checkOptions } from '@conjugate/em'
import { exactly, list, oneOf, optional, text } from '@conjugate/em/schema'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { mostProbable, readResponsibilities } from './data/labels.js'
import type { PlotData } from './data/table.js'
import type { Places } from './drawing/axes.js'
import { drawn } from './drawing/drawing.js'
import { componentName, type DrawingOptions, drawingFields } from './drawing/options.js'
import { element, rounded } from './drawing/svg.js'
import { inDigits } from './drawing/ticks.js'
import type { PlotError } from './errors.js'

/** Options of {@link responsibilities}. */
export interface ResponsibilitiesOptions extends DrawingOptions {
  /**
   * `given`, the default, draws rows in their order, as of a sequence; `sorted` by their most probable component and how certain
   * that is.
   */
  readonly order?: 'given' | 'sorted'
  /** What components are called; component 1, 2, ... by default. */
  readonly labels?: ReadonlyArray<string>
}

const options = exactly({ ...drawingFields, order: optional(oneOf('given', 'sorted')), labels: optional(list(text)) })

/** Columns of a drawing at the most: rows beyond are averaged with their neighbours. */
const MOST_COLUMNS = 600

const sortedRows = (columns: ReadonlyArray<Float64Array>): Int32Array => {
  const { of, certainty } = mostProbable(columns)
  return Int32Array.from(of.keys()).sort((a, b) => of[a]! - of[b]! || certainty[b]! - certainty[a]!)
}

/** Sums over the components up to each, (K + 1) lists of the means of equally many rows. */
const stacked = (columns: ReadonlyArray<Float64Array>, order: Int32Array): ReadonlyArray<Float64Array> => {
  const [rows, blocks] = [order.length, Math.min(order.length, MOST_COLUMNS)]
  const sums = Array.from({ length: columns.length + 1 }, () => new Float64Array(blocks))
  for (let block = 0; block < blocks; block++) {
    const [from, to] = [Math.floor((block * rows) / blocks), Math.floor(((block + 1) * rows) / blocks)]
    for (const [k, column] of columns.entries()) {
      let sum = 0
      for (let i = from; i < to; i++) sum += column[order[i]!]!
      sums[k + 1]![block] = sums[k]![block]! + sum / (to - from)
    }
  }
  return sums
}

/** The area between two lines of steps. */
const area = (below: Float64Array, above: Float64Array, rows: number, { x, y }: Places): string => {
  const blocks = below.length
  const at = (block: number) => rounded(x((block * rows) / blocks))
  const up = Array.from(above, (value, i) => `V${rounded(y(value))}H${at(i + 1)}`)
  const down = Array.from({ length: blocks }, (_, i) => blocks - 1 - i).map(i => `V${rounded(y(below[i]!))}H${at(i)}`)
  return `M${at(0)},${rounded(y(below[0]!))}${up.join('')}${down.join('')}Z`
}

/**
 * Draws the responsibilities (N x K) of rows as columns of one height, shared by the components; an SVG document as a text. Above 600 rows
 * neighbours are averaged.
 * Errors: they are no probabilities, or do not sum to 1 in a row.
 */
export const responsibilities = (
  given: PlotData,
  { order = 'given', labels = [], ...rest }: ResponsibilitiesOptions = {},
): E.Either<PlotError, string> =>
  pipe(
    checkOptions(options)({ order, labels, ...rest }),
    E.chainW(() => readResponsibilities(given)),
    E.map(columns => {
      const rows = columns[0]!.length
      const sums = stacked(
        columns,
        order === 'sorted' ? sortedRows(columns) : Int32Array.from({ length: rows }, (_, n) => n),
      )
      const names = columns.map((_, k) => labels[k] ?? componentName(k))
      const counts = columns.map(column => column.reduce((a, b) => a + b, 0))
      return drawn(
        {
          name: 'Responsibilities by row',
          description: `${rows} rows; expected counts ${names
            .map((name, k) => `${inDigits(counts[k]!)} of ${name}`)
            .slice(0, 12)
            .join(', ')}`,
          x: { domain: [0, rows], label: order === 'sorted' ? 'Rows, sorted' : 'Row', leastStep: 1 },
          y: { domain: [0, 1], label: 'Responsibility' },
          legend: theme =>
            names.map((label, k) => ({
              sign: element('rect', { x: -9, y: -6, width: 18, height: 12, fill: theme.colour(k) }),
              label,
            })),
          marks: (places, theme) =>
            names.map((_, k) =>
              element('path', {
                d: area(sums[k]!, sums[k + 1]!, rows, places),
                fill: theme.colour(k),
                'fill-opacity': 0.85,
              }),
            ),
        },
        rest,
      )
    }),
  )
