import { foregroundModel, type SearchOptions, segment, smoothComponents } from '@conjugate/images'
import type { FitError as ModelError } from '@conjugate/models'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Picture } from '../image.js'
import type { Strokes } from './hints.js'
import type { Seen } from './picture.js'
import { boxOf, countsOf, mixedOf, type Named, type RegionSettings, type RegionsResult, tidied } from './result.js'

/** A photo that has been read, and what is asked of it. */
export interface Read {
  readonly job: Named
  readonly settings: RegionSettings
  readonly picture: Picture
  readonly seen: Seen
  readonly strokes: Strokes
}

/** Finds the labels of a photo that has been read: two of them are background and foreground. Errors: the fit fails. */
export const findRegions = (
  { job, settings, picture, seen: { image, transparent }, strokes }: Read,
  search: SearchOptions,
): TE.TaskEither<ModelError, RegionsResult> => {
  const { components, smoothness, box, seed, restarts } = settings
  const field = smoothness === undefined ? {} : { smoothness }
  const began = performance.now()
  const common = (labels: Uint8Array) => ({
    job,
    settings,
    picture,
    image,
    transparent,
    counts: countsOf(labels, image, components),
    seconds: (performance.now() - began) / 1000,
  })
  if (components === 2)
    return pipe(
      segment(foregroundModel(field), image, { ...strokes, ...(box && { box: boxOf(box) }), ...search }),
      TE.map((exact): RegionsResult => {
        const tidy = smoothness === 0 ? { found: exact, inSmallParts: 0 } : tidied(exact, image, strokes)
        const { labels } = tidy.found
        return { _tag: 'Foreground', ...common(labels), ...tidy, mixed: mixedOf(image, labels) }
      }),
    )
  return pipe(
    smoothComponents(image, { components, ...field, seed, restarts: restarts + 1, ...search }),
    TE.map((found): RegionsResult => ({ _tag: 'Components', ...common(found.labels), found })),
  )
}
