import type { Files } from '@conjugate/command-line'
import type { MultivariateNormal } from '@conjugate/distributions'
import { type FigureError, logProbabilityPlot, type PlanarGaussian, scatterPlot } from '@conjugate/figures'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Experiment } from './experiment.js'
import { matchComponents } from './match.js'

export const FILES = { scatter: 'toy_scatter.png', logProbability: 'toy_log_probability.png' } as const

const planar = ({ mean, covariance: { data } }: MultivariateNormal): PlanarGaussian => ({
  mean: [mean[0] ?? 0, mean[1] ?? 0],
  covariance: [
    [data[0] ?? 0, data[1] ?? 0],
    [data[2] ?? 0, data[3] ?? 0],
  ],
})

/** Draws the figures in memory, the components in the order of the clusters that they found. */
export const figures = (experiment: Experiment): E.Either<FigureError, Files> => {
  const { truth, points, fitted } = experiment
  const order = matchComponents(experiment)
  return pipe(
    E.Do,
    E.bind('scatter', () =>
      scatterPlot({
        title: 'Toy data: fitted mixture and truth',
        points: points.data,
        assignments: fitted.assignments.map(k => order.indexOf(k)),
        components: order.flatMap(k => fitted.components[k] ?? []).map(planar),
        truth: truth.map(planar),
      }),
    ),
    E.bind('logProbability', () =>
      logProbabilityPlot({ title: 'Toy data: log joint probability', values: fitted.objectives }),
    ),
    E.map(({ scatter, logProbability }) => ({ [FILES.scatter]: scatter, [FILES.logProbability]: logProbability })),
  )
}
