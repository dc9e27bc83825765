import type { Files } from '@conjugate/command-line'
import { type FigureError, logProbabilityPlot, scatterPlot } from '@conjugate/figures'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Experiment } from './experiment.js'
import { matchComponents } from './match.js'

export const FILES = { scatter: 'toy_scatter.png', logProbability: 'toy_log_probability.png' } as const

/** Draws the figures in memory, the components in the order of the clusters that they found. */
export const figures = (experiment: Experiment): TE.TaskEither<FigureError, Files> => {
  const { truth, points, fitted } = experiment
  const order = matchComponents(experiment)
  return pipe(
    TE.Do,
    TE.bind('scatter', () =>
      scatterPlot({
        title: 'Toy data: fitted mixture and truth',
        points: points.data,
        assignments: fitted.assignments.map(k => order.indexOf(k)),
        components: order.flatMap(k => fitted.components[k] ?? []),
        truth,
      }),
    ),
    TE.bind('logProbability', () =>
      logProbabilityPlot({ title: 'Toy data: log joint probability', values: fitted.objectives }),
    ),
    TE.map(({ scatter, logProbability }) => ({ [FILES.scatter]: scatter, [FILES.logProbability]: logProbability })),
  )
}
