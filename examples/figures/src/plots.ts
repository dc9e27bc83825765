import { describePlotError, objective, type PlotComponent, type PlotError, scatter } from '@conjugate/plots'
import type * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type FigureError, figureFailed } from './errors.js'
import { svgToPng } from './render.js'

/** Pixels for each unit of a drawing. */
const SCALE = 2.5

const png = (figure: string, drawing: E.Either<PlotError, string>): TE.TaskEither<FigureError, Uint8Array> => {
  const failed = figureFailed(figure)
  return pipe(
    TE.fromEither(drawing),
    TE.mapLeft(error => failed(describePlotError(error))),
    TE.chain(svg => TE.tryCatch(async () => svgToPng(svg, SCALE), failed)),
  )
}

export interface ScatterPlot {
  readonly title: string
  /** N x 2, row-major. */
  readonly points: ArrayLike<number>
  /** The component of each point. */
  readonly assignments: ArrayLike<number>
  readonly components: ReadonlyArray<PlotComponent>
  /** What the points were drawn from, where that is known. */
  readonly truth?: ReadonlyArray<PlotComponent>
}

/** Points in the plane by component, with each component's mean and ellipses, as PNG; both axes have one scale. */
export const scatterPlot = ({ points, ...options }: ScatterPlot): TE.TaskEither<FigureError, Uint8Array> =>
  png(
    'scatter plot',
    scatter(
      { rows: points.length / 2, columns: 2, data: points },
      { ...options, theme: 'light', sameScale: true, width: 680, height: 720 },
    ),
  )

export interface TracesPlot {
  readonly title: string
  /** One trace for each start: one value per iteration, the first of them before any update of the parameters. */
  readonly traces: ReadonlyArray<ArrayLike<number>>
}

const traces = (figure: string, { title, traces: values }: TracesPlot, from: number) =>
  values.every(({ length }) => length < 2)
    ? TE.left(figureFailed(figure)('there is no second value to plot from'))
    : png(
        figure,
        objective(values, { title, from, yLabel: 'Log joint probability', theme: 'light', width: 720, height: 480 }),
      )

/** The log joint probabilities of several starts by iteration as PNG. */
export const tracesPlot = (plot: TracesPlot): TE.TaskEither<FigureError, Uint8Array> =>
  traces('plot of several log probabilities', plot, 0)

export interface LogProbabilityPlot {
  readonly title: string
  /** One value per iteration, the first of them before any update of the parameters. */
  readonly values: ArrayLike<number>
}

/**
 * The log joint probability by iteration as PNG, from the second recorded value on: the first, of the
 * random start, lies so far below the rest that it would flatten the curve.
 */
export const logProbabilityPlot = ({ title, values }: LogProbabilityPlot): TE.TaskEither<FigureError, Uint8Array> =>
  traces('log probability plot', { title, traces: [values] }, 1)
