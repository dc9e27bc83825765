import { alignColumns } from '@conjugate/command-line'
import { labelMapPng, labelRows } from '@conjugate/figures'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { studyImagePrior } from './image-priors.js'
import { scene } from './scene.js'
import type { Study } from './study.js'

const [TRUTH, WITHOUT, WITH] = ['image_priors_truth.png', 'image_priors_without.png', 'image_priors_with.png'] as const

const NOISE = [0.08, 0.12, 0.15]
const COUPLINGS = [0, 0.5, 1, 2]

const run: Study['run'] = pipe(
  NOISE,
  TE.traverseSeqArray(noise =>
    pipe(
      studyImagePrior(scene(noise, 1), COUPLINGS),
      TE.map(found => ({ noise, found })),
    ),
  ),
  TE.chainW(rows => {
    const shown = rows[2]!.found
    const { width, height, truth } = scene(0, 1)
    const map = (labels: ArrayLike<number>) => labelMapPng(labelRows(labels, { width, height, components: 4 }))
    return pipe(
      TE.Do,
      TE.bindW('truth', () => map(truth)),
      TE.bindW('without', () => map(shown[0]!.labels)),
      TE.bindW('coupled', () => map(shown[2]!.labels)),
      TE.map(maps => ({
        files: {
          [TRUTH]: maps.truth,
          [WITHOUT]: maps.without,
          [WITH]: maps.coupled,
        },
        found: alignColumns(
          [
            ['noise', 'coupling', 'pixels wrong', 'masts found', 'boundary / true'],
            ...rows.flatMap(({ noise, found }) =>
              found.map(f => [
                noise.toFixed(2),
                f.coupling.toFixed(1),
                `${(100 * f.errorRate).toFixed(1)} %`,
                `${(100 * f.mastsFound).toFixed(0)} %`,
                f.boundary.toFixed(1),
              ]),
            ),
          ],
          'right',
        ),
      })),
    )
  }),
)

/** What labels that depend on those beside them gain in a noisy picture. */
export const imagePriors: Study = { files: [TRUTH, WITHOUT, WITH], run }
