import { readFile } from 'node:fs/promises'
import { reasonOf } from '@conjugate/command-line'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, type SegmentError } from '../errors.js'
import { decodeImage, type Picture } from '../image.js'
import type { StrokeOption, Strokes } from './hints.js'
import { linesOf, marksOfLines, outsideOf, type Point } from './lines.js'

type Size = Pick<Picture, 'width' | 'height'>

/** A channel of this value or more is white. */
const WHITE = 128

/** Which pixels a picture of strokes marks. */
const marksOf = (option: StrokeOption, picture: Picture, { width, height }: Size): E.Either<SegmentError, Strokes> => {
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
}

const readPicture = (option: StrokeOption, path: string, size: Size): TE.TaskEither<SegmentError, Strokes> =>
  pipe(
    TE.tryCatch(
      () => readFile(path),
      (cause): SegmentError => ({ _tag: 'UnreadableFile', reason: reasonOf(cause) }),
    ),
    TE.chainW(bytes => decodeImage(bytes)),
    TE.mapLeft((error): SegmentError => ({ _tag: 'StrokesUnreadable', option, reason: describe(error) })),
    TE.chainEitherK(picture => marksOf(option, picture, size)),
  )

/** Points, all of which are in the photo. */
const inside = (
  option: StrokeOption | 'lasso',
  lines: readonly (readonly Point[])[],
  { width, height }: Size,
): E.Either<SegmentError, readonly (readonly Point[])[]> => {
  const outside = lines.flat().find(([x, y]) => x >= width || y >= height)
  return outside === undefined
    ? E.right(lines)
    : E.left({ _tag: 'StrokeOutside', option, point: outside.join(','), size: `${width} x ${height}` })
}

/** Which pixels strokes through points mark. */
const drawn = (
  option: StrokeOption,
  lines: readonly (readonly Point[])[],
  size: Size,
): E.Either<SegmentError, Strokes> =>
  pipe(
    inside(option, lines, size),
    E.map(all => ({ [option]: marksOfLines(all, size) })),
  )

/** Reads a stroke: points that it goes through, or else a picture that is white where it is. */
export const readStrokes = (
  option: StrokeOption,
  given: string | undefined,
  size: Size,
): TE.TaskEither<SegmentError, Strokes> => {
  if (given === undefined) return TE.right({})
  const lines = linesOf(given)
  return lines === undefined ? readPicture(option, given, size) : TE.fromEither(drawn(option, lines, size))
}

/** Reads a polygon that the foreground is within: all outside of it is background. Errors: a corner is outside of the photo. */
export const readLasso = (given: string | undefined, size: Size): E.Either<SegmentError, Strokes> => {
  const corners = given === undefined ? undefined : linesOf(given)?.[0]
  if (corners === undefined) return E.right({})
  return pipe(
    inside('lasso', [corners], size),
    E.map(() => ({ background: outsideOf(corners, size) })),
  )
}
