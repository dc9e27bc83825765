import { foregroundModel, type SearchOptions, segment, smoothComponents } from '@conjugate/images'
import { describeFitError, type FitError as ModelError } from '@conjugate/models'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { SegmentError } from '../errors.js'
import { decodeImage, type Picture } from '../image.js'
import type { Settings } from '../options.js'
import type { Job, Surroundings } from '../run.js'
import type { FitError, OnProgress } from '../segmentation.js'
import { regionFiles, regionNames } from './files.js'
import { type Seen, seenOf } from './picture.js'
import { regionReport } from './report.js'
import { boxOf, countsOf, mixedOf, type RegionsResult, tidied } from './result.js'
import { readStrokes, type Strokes } from './strokes.js'

/** How labels are to be found, by the settings; progress is in hundredths. */
const searchOf = (settings: Settings, onProgress: OnProgress): SearchOptions => {
  const { iterations, tolerance, acceleration, backend } = settings
  return {
    iterations,
    ...(tolerance !== undefined && { tolerance }),
    acceleration,
    backend,
    onIteration: ({ share }) => onProgress(Math.round(100 * share)),
  }
}

const failed = (error: ModelError): FitError => ({ _tag: 'FitFailed', reason: describeFitError(error) })

interface Read {
  readonly job: Job
  readonly settings: Settings
  readonly picture: Picture
  readonly seen: Seen
  readonly strokes: Strokes
}

/** Finds the labels of a photo that has been read: two of them are background and foreground. */
const regionsOf = (
  { job, settings, picture, seen: { image, transparent }, strokes }: Read,
  onProgress: OnProgress,
): TE.TaskEither<FitError, RegionsResult> => {
  const { components, smoothness, box, seed, restarts } = settings
  const search = searchOf(settings, onProgress)
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
      TE.bimap(failed, exact => {
        const tidy = smoothness === 0 ? { found: exact, inSmallParts: 0 } : tidied(exact, image, strokes)
        const { labels } = tidy.found
        return { _tag: 'Foreground', ...common(labels), ...tidy, mixed: mixedOf(image, labels) }
      }),
    )
  return pipe(
    smoothComponents(image, { components, ...field, seed, restarts: restarts + 1, ...search }),
    TE.bimap(failed, found => ({ _tag: 'Components', ...common(found.labels), found })),
  )
}

/** Separates the regions of one photo, writes its files and says what a person is told. */
export const segmentRegions = (
  job: Job,
  settings: Settings,
  { folder, version, onProgress }: Surroundings,
): TE.TaskEither<SegmentError, string> =>
  pipe(
    TE.fromIOEither(folder.check(regionNames(job.name, settings.components === 2))),
    TE.chainW(() => job.bytes),
    TE.chainW(bytes => decodeImage(bytes, { white: settings.white, isManaged: true, keepsDepth: true })),
    TE.bindTo('picture'),
    TE.bindW('seen', ({ picture }) => TE.fromEither(seenOf(picture, settings))),
    TE.bindW('front', ({ picture }) => readStrokes('foreground', settings.foreground, picture)),
    TE.bindW('back', ({ picture }) => readStrokes('background', settings.background, picture)),
    TE.bindW('result', ({ picture, seen, front, back }) =>
      regionsOf({ job, settings, picture, seen, strokes: { ...front, ...back } }, onProgress),
    ),
    TE.bindW('files', ({ result }) => regionFiles(result, version)),
    TE.bindW('written', ({ files }) => TE.fromIOEither(folder.write(files))),
    TE.map(({ result, written }) => regionReport(result, written)),
  )
