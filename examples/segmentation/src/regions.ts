import { readFile } from 'node:fs/promises'
import { printable, reasonOf } from '@conjugate/command-line'
import {
  type Box,
  foregroundModel,
  type LabelMixture,
  type Segmentation as Regions,
  type SegmentOptions,
  segment,
} from '@conjugate/images'
import { toRows } from '@conjugate/linalg'
import { describeFitError } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import sharp from 'sharp'
import { describe, type MisfitError, type SegmentError } from './errors.js'
import { decodeImage, type Picture } from './image.js'
import type { Settings } from './options.js'
import type { Job, Surroundings } from './run.js'
import type { FitError } from './segmentation.js'

const filesOf = (name: string) => ({
  cutout: `${name}_cutout.png`,
  mask: `${name}_mask.png`,
  summary: `${name}.json`,
})

/** Red, green and blue of a picture without transparent pixels. */
const opaque = ({ data, channels, depth }: Picture, white: number | undefined): E.Either<MisfitError, Uint8Array> => {
  if (white !== undefined && depth.bits === 8) return E.left({ _tag: 'WhiteIsKnown' })
  if (channels === 3) return E.right(data)
  const pixels = data.length / channels
  const rgb = new Uint8Array(3 * pixels)
  let transparent = 0
  for (let n = 0; n < pixels; n++) {
    if (data[4 * n + 3] === 0) transparent++
    for (let c = 0; c < 3; c++) rgb[3 * n + c] = data[4 * n + c]!
  }
  if (transparent === pixels) return E.left({ _tag: 'NothingVisible', pixels })
  return transparent > 0 ? E.left({ _tag: 'TransparentPixels', transparent }) : E.right(rgb)
}

/** A channel of this value or more is white. */
const WHITE = 128

type StrokeOption = 'foreground' | 'background'

/** Which pixels a picture of strokes marks. */
const readStrokes = (
  option: StrokeOption,
  path: string | undefined,
  { width, height }: Picture,
): TE.TaskEither<SegmentError, { readonly [Option in StrokeOption]?: Uint8Array }> =>
  path === undefined
    ? TE.right({})
    : pipe(
        TE.tryCatch(
          () => readFile(path),
          (cause): SegmentError => ({ _tag: 'UnreadableFile', reason: reasonOf(cause) }),
        ),
        TE.chainW(bytes => decodeImage(bytes)),
        TE.mapLeft((error): SegmentError => ({ _tag: 'StrokesUnreadable', option, reason: describe(error) })),
        TE.chainEitherK((picture): E.Either<SegmentError, { readonly [Option in StrokeOption]?: Uint8Array }> => {
          if (picture.width !== width || picture.height !== height)
            return E.left({
              _tag: 'StrokesMisfit',
              option,
              expected: `${width} x ${height}`,
              received: `${picture.width} x ${picture.height}`,
            })
          const marks = new Uint8Array(width * height)
          const { data, channels } = picture
          for (let n = 0; n < marks.length; n++) {
            const at = n * channels
            const isVisible = channels === 3 || data[at + 3] !== 0
            marks[n] = isVisible && Math.max(data[at]!, data[at + 1]!, data[at + 2]!) >= WHITE ? 1 : 0
          }
          return E.right({ [option]: marks })
        }),
      )

const boxOf = ([x, y, width, height]: readonly number[]): Box => ({ x: x!, y: y!, width: width!, height: height! })

const mixtureOf = ({ weights, components }: LabelMixture) =>
  components.map(({ mean, covariance }, k) => ({
    weight: weights[k],
    mean: Array.from(mean),
    covariance: toRows(covariance),
  }))

const foregroundPixels = ({ labels }: Regions): number => labels.reduce((sum, label) => sum + label, 0)

const summary = (photo: string, image: Picture, settings: Settings, regions: Regions, seconds: number): string => {
  const { box, foreground, background, smoothness } = settings
  const content = {
    image: photo,
    width: image.width,
    height: image.height,
    model: 'regions',
    hints: { box, foreground, background },
    ...(smoothness !== undefined && { smoothness }),
    foregroundPixels: foregroundPixels(regions),
    // Absent where there are hints.
    certainty: regions.certainty,
    backend: regions.backend,
    fitted: regions.fitted,
    objective: regions.objective,
    objectives: regions.objectives,
    parts: regions.parts,
    colours: 'L/100, (a + 128)/255, (b + 128)/255',
    background: mixtureOf(regions.background),
    foreground: mixtureOf(regions.foreground),
    seconds,
  }
  return `${JSON.stringify(content, undefined, 2)}\n`
}

const png = (data: Uint8Array, { width, height }: Picture, channels: 1 | 4): Promise<Buffer> =>
  sharp(data, { raw: { width, height, channels } })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .png()
    .toBuffer()

/** The foreground with its colours, all else transparent. */
const cutoutOf = (rgb: Uint8Array, labels: Uint8Array): Uint8Array => {
  const rgba = new Uint8Array(4 * labels.length)
  for (let n = 0; n < labels.length; n++) {
    if (labels[n] === 0) continue
    for (let c = 0; c < 3; c++) rgba[4 * n + c] = rgb[3 * n + c]!
    rgba[4 * n + 3] = 255
  }
  return rgba
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

const report = (job: Job, image: Picture, regions: Regions, seconds: number, written: readonly string[]): string => {
  const { certainty, objective, backend, labels } = regions
  return [
    `${job.name}: ${image.width} x ${image.height} pixels in ${seconds.toFixed(2)} s`,
    `backend: ${backend}`,
    `foreground: ${percent(foregroundPixels(regions) / labels.length)} of the pixels`,
    ...(certainty === undefined
      ? []
      : [`nobody said what the foreground is: this is a guess, ${percent(certainty)} sure; --box X,Y,W,H tells it`]),
    `log joint probability with the best labels: ${objective}`,
    ...written.map(file => `wrote ${printable(file)}`),
    '',
  ].join('\n')
}

/** Separates the foreground of one photo, writes its files and says what a person is told. */
export const segmentRegions = (
  job: Job,
  settings: Settings,
  { folder, onProgress }: Surroundings,
): TE.TaskEither<SegmentError, string> => {
  const names = filesOf(job.name)
  const { box, smoothness, acceleration, backend, white } = settings
  return pipe(
    TE.fromIOEither(folder.check(Object.values(names))),
    TE.chainW(() => job.bytes),
    TE.chainW(bytes => decodeImage(bytes, { white })),
    TE.bindTo('image'),
    TE.bindW('rgb', ({ image }) => TE.fromEither(opaque(image, white))),
    TE.bindW('front', ({ image }) => readStrokes('foreground', settings.foreground, image)),
    TE.bindW('back', ({ image }) => readStrokes('background', settings.background, image)),
    TE.bind('started', () => TE.fromIO(() => performance.now())),
    TE.bindW('regions', ({ image: { width, height }, rgb, front, back }) => {
      const options: SegmentOptions = {
        ...front,
        ...back,
        ...(box && { box: boxOf(box) }),
        acceleration,
        backend,
        onIteration: ({ share }) => onProgress(Math.round(100 * share)),
      }
      return pipe(
        segment(foregroundModel(smoothness === undefined ? {} : { smoothness }), { width, height, data: rgb }, options),
        TE.mapLeft((error): FitError => ({ _tag: 'FitFailed', reason: describeFitError(error) })),
      )
    }),
    TE.let('seconds', ({ started }) => (performance.now() - started) / 1000),
    TE.bindW('files', ({ image, rgb, regions, seconds }) =>
      TE.tryCatch(
        async () => ({
          [names.cutout]: await png(cutoutOf(rgb, regions.labels), image, 4),
          [names.mask]: await png(
            regions.labels.map(label => 255 * label),
            image,
            1,
          ),
          [names.summary]: summary(job.photo, image, settings, regions, seconds),
        }),
        (cause): SegmentError => ({ _tag: 'FigureFailed', figure: 'cut-out', reason: reasonOf(cause) }),
      ),
    ),
    TE.bindW('written', ({ files }) => TE.fromIOEither(folder.write(files))),
    TE.map(({ image, regions, seconds, written }) => report(job, image, regions, seconds, written)),
  )
}
