import { alignColumns } from '@conjugate/command-line'
import { type RasterImage, tilesPng } from '@conjugate/figures'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { boxLabels, studyIngredients } from './image-priors.js'
import { type Meadow, meadow, overlap } from './meadow.js'
import type { Study } from './study.js'

const [INGREDIENTS, FAILURES] = ['image_priors_ingredients.png', 'image_priors_failures.png'] as const

/** What fails, from left to right. */
const FAILING = [
  { name: 'a rock that is nowhere else', picture: meadow('a rock that is nowhere else'), smoothness: 0.05 },
  { name: 'its own colours about it', picture: meadow('its own colours about it'), smoothness: 0.05 },
  { name: 'a smoothness of 0.4', picture: meadow(), smoothness: 0.4 },
] as const

const tile = ({ image }: Meadow): RasterImage => ({
  width: image.width,
  height: image.height,
  channels: 3,
  data: image.data as Uint8Array,
})

/** What is labelled 1 of a picture, all else white. */
const cut = ({ image }: Meadow, labels: ArrayLike<number>): RasterImage => ({
  ...tile({ image } as Meadow),
  data: Uint8Array.from(image.data, (v, i) => (labels[Math.floor(i / 3)] === 1 ? v : 255)),
})

const run: Study['run'] = pipe(
  TE.Do,
  TE.bind('found', () => studyIngredients(meadow())),
  TE.bind('failures', () =>
    pipe(
      FAILING,
      TE.traverseSeqArray(({ name, picture, smoothness }) =>
        pipe(
          boxLabels(picture, smoothness),
          TE.map(labels => ({ name, picture, labels, overlap: overlap(labels, picture.mask) })),
        ),
      ),
    ),
  ),
  TE.chainW(({ found, failures }) => {
    const picture = meadow()
    const of = (i: number): RasterImage => cut(picture, found[i]!.labels)
    return pipe(
      TE.Do,
      TE.bindW('ingredients', () =>
        tilesPng([
          [tile(picture), of(0), of(2)],
          [of(4), of(6), of(7)],
        ]),
      ),
      TE.bindW('fails', () =>
        tilesPng([failures.map(f => tile(f.picture)), failures.map(f => cut(f.picture, f.labels))]),
      ),
      TE.map(({ ingredients, fails }) => ({
        files: { [INGREDIENTS]: ingredients, [FAILURES]: fails },
        found: alignColumns(
          [
            ['labels by', 'overlap'],
            ...[...found, ...failures.map(f => ({ ...f, name: `the model: ${f.name}` }))].map(f => [
              f.name,
              f.overlap.toFixed(3),
            ]),
          ],
          'right',
        ),
      })),
    )
  }),
)

/** What a prior on labels gains, part by part, and where it fails. */
export const imagePriors: Study = { files: [INGREDIENTS, FAILURES], run }
