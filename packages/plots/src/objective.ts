import { checkOptions, invalidOption } from '@conjugate/em'
import { exactly, list, optional, text, whole } from '@conjugate/em/schema'
import { isList, unreadable } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as RA from 'fp-ts/lib/ReadonlyArray.js'
import { type Cells, readColumn, readTable } from './data/table.js'
import { dots } from './drawing/dots.js'
import { drawn, padded } from './drawing/drawing.js'
import { extentOf, line, lineSign } from './drawing/lines.js'
import { type DrawingOptions, drawingFields } from './drawing/options.js'
import { inDigits } from './drawing/ticks.js'
import type { PlotError } from './errors.js'

/** Options of {@link objective}. */
export interface ObjectiveOptions extends DrawingOptions {
  /**
   * The first iteration that is drawn; 1 by default where there are more, since the objective of a random start, at 0, is mostly so
   * far below the others that it would flatten them.
   */
  readonly from?: number
  /** What the traces are called, one for each, for a legend. */
  readonly labels?: ReadonlyArray<string>
}

const options = exactly({ ...drawingFields, from: optional(whole(0)), labels: optional(list(text)) })

/** Above this many values their dots would merge into a thick line. */
const MOST_DOTS = 60

const readTrace = (what: string, values: unknown): E.Either<PlotError, Float64Array> =>
  pipe(
    readTable(what, values),
    E.chain(table =>
      table.names.length === 1
        ? readColumn(table, 0)
        : unreadable({ what, expected: 'a list of numbers', received: `${table.names.length} columns` }),
    ),
    E.chain(numbers => {
      const missing = numbers.findIndex(Number.isNaN)
      return missing < 0 ? E.right(numbers) : unreadable({ what, row: missing, expected: 'a number', received: 'none' })
    }),
  )

/** One trace, or several. */
const readTraces = (traces: unknown): E.Either<PlotError, ReadonlyArray<Float64Array>> => {
  if (!isList(traces) || !isList(traces[0])) return pipe(readTrace('objectives', traces), E.map(RA.of))
  return pipe(
    Array.from(traces),
    RA.traverseWithIndex(E.Applicative)((i, trace) => readTrace(`objectives[${i}]`, trace)),
  )
}

/**
 * Draws the objectives of a fit by iteration, or those of several; an SVG document as a text. The first value of a trace is that of the
 * start, before any update.
 * Errors: there are no values from the first iteration that is drawn on; a value is not finite.
 */
export const objective = (
  objectives: Cells | ReadonlyArray<Cells>,
  given: ObjectiveOptions = {},
): E.Either<PlotError, string> =>
  pipe(
    checkOptions(options)(given),
    E.chainW(() => readTraces(objectives)),
    E.bindTo('traces'),
    E.bindW('from', ({ traces }): E.Either<PlotError, number> => {
      const longest = traces.reduce((most, { length }) => Math.max(most, length), 0)
      const from = given.from ?? (longest > 2 ? 1 : 0)
      return from < longest
        ? E.right(from)
        : invalidOption('from', `at most ${longest - 1}, the last iteration of all`, String(from))
    }),
    E.map(({ traces, from }) => {
      const shown = traces.map(trace => trace.subarray(from))
      const steps = shown.map(trace => trace.map((_, i) => from + i))
      const last = traces.reduce((most, { length }) => Math.max(most, length - 1), 0)
      const longest = traces.find(({ length }) => length === last + 1)!
      const count = shown.reduce((sum, { length }) => sum + length, 0)
      const names = given.labels ?? []
      const isNamed = names.length > 0
      return drawn(
        {
          name: 'Objective by iteration',
          description:
            traces.length === 1
              ? `From ${inDigits(longest[from]!)} at iteration ${from} to ${inDigits(longest[last]!)} at iteration ${last}`
              : `${traces.length} traces of up to ${last} iterations, which end from ${extentOf([
                  traces.flatMap(t => t.at(-1) ?? []),
                ])
                  .map(inDigits)
                  .join(' to ')}`,
          x: { domain: from === last ? padded(from, from) : [from, last], label: 'Iteration', leastStep: 1 },
          y: { domain: padded(...extentOf(shown)), label: 'Objective (nats)' },
          legend: theme =>
            names.slice(0, traces.length).map((label, i) => ({ sign: lineSign(theme.colour(i)), label })),
          marks: (places, theme) =>
            shown.flatMap((trace, i) => {
              const stroke = theme.colour(isNamed ? i : 0)
              const alone = Array.from(trace, (value, n) => `M${places.x(from + n)},${places.y(value)}h0`)
              return [
                line(steps[i]!, trace, places, { stroke, width: traces.length > 4 ? 1.2 : 2 }),
                count > MOST_DOTS ? '' : dots(alone.join(''), 5, stroke, 1),
              ]
            }),
        },
        given,
      )
    }),
  )
