import { alignColumns } from '@conjugate/command-line'
import { labelRows, segmentationPanels, tracesPlot } from '@conjugate/figures'
import type { GaussianMixtureFit } from '@conjugate/models'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { restartsNeeded, studyRestarts } from './restarts.js'
import { type Scene, scene } from './scene.js'
import type { Study } from './study.js'

const [TRACES, BEST, FAILED] = ['restarts_traces.png', 'restarts_best.png', 'restarts_failed.png'] as const

const panels = ({ width, height, rgb }: Scene, { assignments, weights }: GaussianMixtureFit) =>
  segmentationPanels({
    image: { width, height, channels: 3, data: rgb },
    labels: labelRows(assignments, { width, height, components: weights.length }),
    weights: Array.from(weights),
  })

const run: Study['run'] = pipe(
  TE.Do,
  TE.let('picture', () => scene(0.05, 1)),
  TE.bindW('wide', ({ picture }) =>
    studyRestarts(picture.colours, { components: 2, starts: 20, iterations: 150, width: 1, seed: 0 }),
  ),
  TE.bindW('narrow', ({ picture }) =>
    studyRestarts(picture.colours, { components: 2, starts: 20, iterations: 150, width: 0.01, seed: 0 }),
  ),
  TE.bindW('figures', ({ picture, narrow }) => {
    const ends = narrow.fits.map(f => f.objectives.at(-1)!)
    const [best, failed] = [ends.indexOf(Math.max(...ends)), ends.indexOf(Math.min(...ends))]
    return pipe(
      TE.Do,
      TE.bind('traces', () =>
        tracesPlot({
          title: 'Twenty starts with narrow covariances',
          traces: narrow.fits.map(f => f.objectives.slice(2)),
        }),
      ),
      TE.bind('bestPanels', () => panels(picture, narrow.fits[best]!)),
      TE.bind('failedPanels', () => panels(picture, narrow.fits[failed]!)),
    )
  }),
  TE.map(({ wide, narrow, figures }) => ({
    files: {
      [TRACES]: figures.traces,
      [BEST]: figures.bestPanels,
      [FAILED]: figures.failedPanels,
    },
    found: alignColumns(
      [
        ['starting covariance', 'best log probability', 'starts at it', 'worst below it by', 'restarts for 99 %'],
        ...[['1 I', wide] as const, ['0.01 I', narrow] as const].map(([name, { best, atBest, fits }]) => [
          name,
          best.toFixed(1),
          `${atBest} of ${fits.length}`,
          (best - Math.min(...fits.map(f => f.objectives.at(-1)!))).toFixed(1),
          String(restartsNeeded(atBest / fits.length, 0.99)),
        ]),
      ],
      'right',
    ),
  })),
)

/** How often EM from random starts finds the best maximum, by how wide the starting covariances are. */
export const restarts: Study = { files: [TRACES, BEST, FAILED], run }
