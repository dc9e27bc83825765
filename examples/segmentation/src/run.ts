import type { OutputFolder } from '@conjugate/command-line'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type Colours, coloursOf } from './colours.js'
import { isCoursePhoto } from './course-photos.js'
import type { MisfitError, SameName, SegmentError } from './errors.js'
import { decodeImage, type Picture } from './image.js'
import { MOST_COMPONENTS, pixelLabels } from './labels.js'
import { outputNames } from './names.js'
import type { Settings } from './options.js'
import type { Result } from './outputs.js'
import { BUNDLED_PHOTO, bundledPhoto, findPhoto, nameOf, type PhotoError, type PhotoSources } from './photos.js'
import type { OnProgress } from './segmentation.js'

/** What a run needs from outside. */
export interface Surroundings {
  readonly folder: OutputFolder
  /** Of the program. */
  readonly version: string
  readonly onProgress: OnProgress
}

/** A photo to segment, and the name of its results. */
export interface Job {
  readonly photo: string
  readonly name: string
  /** Whether it is one of the course's, asked for by its name. */
  readonly isCourse: boolean
  readonly bytes: TE.TaskEither<PhotoError, Uint8Array>
}

const sameName = (jobs: readonly Job[]): SameName | undefined => {
  const first = new Map<string, Job>()
  for (const job of jobs) {
    // Some file systems do not tell capitals from small letters.
    const key = job.name.toLowerCase()
    const earlier = first.get(key)
    if (earlier !== undefined) return { _tag: 'SameName', name: job.name, photos: [earlier.photo, job.photo] }
    first.set(key, job)
  }
  return undefined
}

/** The jobs for the photos asked for, none of which overwrites the results of another. */
export const plan = (photos: readonly string[], sources: PhotoSources): E.Either<SameName, readonly Job[]> => {
  const jobs: readonly Job[] =
    photos.length === 0
      ? [{ photo: BUNDLED_PHOTO, name: BUNDLED_PHOTO, isCourse: false, bytes: bundledPhoto }]
      : photos.map(photo => ({
          photo,
          name: nameOf(photo),
          isCourse: isCoursePhoto(photo),
          bytes: findPhoto(photo, sources),
        }))
  const clash = sameName(jobs)
  return clash === undefined ? E.right(jobs) : E.left(clash)
}

const fitting = (image: Picture, colours: Colours, settings: Settings): E.Either<MisfitError, Colours> => {
  const { components, 'init-pixels': start = [] } = settings
  const pixels = image.width * image.height
  if (settings.white !== undefined && image.depth.bits === 8) return E.left({ _tag: 'WhiteIsKnown' })
  if (colours.transparent === pixels) return E.left({ _tag: 'NothingVisible', pixels })
  const outside = start.find(pixel => pixel >= pixels)
  if (outside !== undefined) return E.left({ _tag: 'PixelOutside', pixel: outside, pixels })
  const blank = start.find(pixel => colours.rowOf(pixel) < 0)
  if (blank !== undefined) return E.left({ _tag: 'PixelTransparent', pixel: blank })
  if (colours.transparent > 0 && components === MOST_COMPONENTS) return E.left({ _tag: 'NoBlankLabel', components })
  const distinct = colours.weights.length
  return distinct < components ? E.left({ _tag: 'TooFewColours', components, colours: distinct }) : E.right(colours)
}

/** Models and figures, which are most of the program. */
const parts = TE.fromTask(async () => {
  const [{ segment }, { outputFiles }] = await Promise.all([import('./segment.js'), import('./outputs.js')])
  return { segment, outputFiles }
})

/** Segments one photo and writes its files. */
export const segmentPhoto = (
  job: Job,
  settings: Settings,
  { folder, onProgress }: Surroundings,
): TE.TaskEither<SegmentError, { readonly result: Result; readonly written: readonly string[] }> =>
  pipe(
    TE.fromIOEither(folder.check(outputNames(job.name))),
    TE.chainW(() => job.bytes),
    TE.chainW(bytes =>
      pipe(
        TE.Do,
        // In the background, where the rest of the program is loaded meanwhile.
        TE.apSW('image', decodeImage(bytes, { white: settings.white })),
        TE.apSW('parts', parts),
      ),
    ),
    TE.bindW('colours', ({ image }) => TE.fromEither(fitting(image, coloursOf(image), settings))),
    TE.bind('started', () => TE.fromIO(() => performance.now())),
    TE.bindW('segmentation', ({ image, parts, colours }) =>
      parts.segment(colours, image.width * image.height, settings, onProgress),
    ),
    TE.map(({ image, parts, colours, started, segmentation }) => {
      const seconds = (performance.now() - started) / 1000
      const result: Result = {
        photo: job.photo,
        name: job.name,
        image,
        segmentation,
        labels: pixelLabels(colours, segmentation.labels, segmentation.components.length),
        transparent: colours.transparent,
        distinctColours: colours.weights.length,
        seconds,
      }
      return { parts, result }
    }),
    TE.bindW('files', ({ parts, result }) => parts.outputFiles(result)),
    TE.bindW('written', ({ files }) => TE.fromIOEither(folder.write(files))),
  )
