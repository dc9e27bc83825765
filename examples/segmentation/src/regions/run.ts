import type { SearchOptions } from '@conjugate/images'
import { describeFitError, type FitError as ModelError } from '@conjugate/models'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { SegmentError } from '../errors.js'
import { decodeImage } from '../image.js'
import type { Settings } from '../options.js'
import type { Job, Surroundings } from '../run.js'
import type { FitError, OnProgress } from '../segmentation.js'
import { regionFiles } from './files.js'
import { findRegions } from './find.js'
import { together } from './hints.js'
import { regionNames } from './names.js'
import { seenOf } from './picture.js'
import { regionReport } from './report.js'
import { readLasso, readStrokes } from './strokes.js'

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
    TE.bindW('lasso', ({ picture }) => TE.fromEither(readLasso(settings.lasso, picture))),
    TE.bindW('result', ({ picture, seen, front, back, lasso }) =>
      pipe(
        findRegions(
          { job, settings, picture, seen, strokes: { ...front, ...together(back, lasso) } },
          searchOf(settings, onProgress),
        ),
        TE.mapLeft(failed),
      ),
    ),
    TE.bindW('files', ({ result }) => regionFiles(result, version)),
    TE.bindW('written', ({ files }) => TE.fromIOEither(folder.write(files))),
    TE.map(({ result, written }) => regionReport(result, written)),
  )
