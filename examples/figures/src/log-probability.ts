import * as E from 'fp-ts/lib/Either.js'
import { componentColour, toHex } from './colours.js'
import { type FigureError, figureFailed } from './errors.js'
import { pathThrough, titledPlot } from './plot.js'
import { svgToPng } from './render.js'
import { axisTicks } from './ticks.js'

export interface LogProbabilityPlot {
  readonly title: string
  /** One value per iteration, the first of them before any update of the parameters. */
  readonly values: ArrayLike<number>
}

// A constant trace has no extent: half a unit either way gives it an axis.
const padded = (low: number, high: number): [number, number] => {
  const margin = (high - low) * 0.04 || 0.5
  return [low - margin, high + margin]
}

interface Recorded {
  readonly iteration: number
  readonly value: number
}

/** Above this many values their dots would merge into a thick line. */
const MOST_DOTS = 120

const drawing = (title: string, traces: ReadonlyArray<ReadonlyArray<Recorded>>): string => {
  const all = traces.flat()
  const [low, high] = all.reduce(([l, h], { value }) => [Math.min(l, value), Math.max(h, value)], [Infinity, -Infinity])
  const last = all.reduce((m, { iteration }) => Math.max(m, iteration), 0)
  const domain = padded(low, high)
  const x = axisTicks(0, last, 10, 1)
  const y = axisTicks(...domain, 9)
  const labelWidth = 9 * Math.max(...y.values.map(value => y.label(value).length))
  const stroke = toHex(componentColour(0))
  const frame = {
    width: 640,
    height: 380,
    marginLeft: labelWidth + 40,
    marginRight: 24,
    marginTop: 8,
    marginBottom: 52,
    x: { domain: [0, last], ticks: x, label: 'Iteration', labelOffset: 44 },
    y: { domain, ticks: y, label: 'Log joint probability', labelOffset: labelWidth + 30 },
  } as const
  return titledPlot(title, frame, place => {
    const lines = traces.map(trace => trace.map(({ iteration, value }) => place({ x: iteration, y: value })))
    const dots = all.length > MOST_DOTS ? [] : lines.flat()
    return [
      ...lines.map(line => pathThrough(line, { stroke, width: traces.length > 1 ? 1.2 : 2 })),
      ...dots.map(({ x, y }) => `<circle cx="${x}" cy="${y}" r="2.5" fill="${stroke}"/>`),
    ]
  })
}

/**
 * The log joint probability by iteration as PNG, from the second recorded value on: the first, of the
 * random start, lies so far below the rest that it would flatten the curve.
 */
export const logProbabilityPlot = (plot: LogProbabilityPlot): E.Either<FigureError, Uint8Array> => {
  const failed = figureFailed('log probability plot')
  return plot.values.length < 2
    ? E.left(failed('there is no second value to plot from'))
    : E.tryCatch(() => {
        const trace = Array.from(plot.values, (value, iteration) => ({ iteration, value })).slice(1)
        return svgToPng(drawing(plot.title, [trace]), 2.5)
      }, failed)
}

export interface TracesPlot {
  readonly title: string
  /** One trace for each start. */
  readonly traces: ReadonlyArray<ArrayLike<number>>
}

/** The log joint probabilities of several starts by iteration as PNG. */
export const tracesPlot = ({ title, traces }: TracesPlot): E.Either<FigureError, Uint8Array> => {
  const failed = figureFailed('plot of several log probabilities')
  return traces.every(trace => trace.length < 2)
    ? E.left(failed('there is no second value to plot from'))
    : E.tryCatch(
        () =>
          svgToPng(
            drawing(
              title,
              traces.map(trace => Array.from(trace, (value, iteration) => ({ iteration, value }))),
            ),
            2.5,
          ),
        failed,
      )
}
