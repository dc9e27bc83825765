import { readFile } from 'node:fs/promises'
import { reasonOf } from '@conjugate/command-line'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, type SegmentError } from '../errors.js'
import { decodeImage, type Picture } from '../image.js'

/** The option of a stroke. */
export type StrokeOption = 'foreground' | 'background'

/** Which pixels a stroke marks, by the label that it gives them; nothing where there is none. */
export type Strokes = { readonly [Option in StrokeOption]?: Uint8Array }

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

/** A column and a row. */
type Point = readonly [column: number, row: number]

/** Marks the pixels of a line between two points. */
const markLine = (marks: Uint8Array, width: number, [x, y]: Point, [toX, toY]: Point): void => {
  const steps = Math.max(1, Math.abs(toX - x), Math.abs(toY - y))
  for (let i = 0; i <= steps; i++) {
    const [column, row] = [Math.round(x + ((toX - x) * i) / steps), Math.round(y + ((toY - y) * i) / steps)]
    marks[row * width + column] = 1
  }
}

const LINE = /^\d+,\d+(,\d+,\d+)*$/

/** The points of strokes that are written as X,Y,X,Y,... with semicolons between them; nothing where this is something else. */
const linesOf = (text: string): readonly (readonly Point[])[] | undefined => {
  const lines = text.split(';').map(line => line.trim())
  if (!lines.every(line => LINE.test(line))) return undefined
  return lines.map(line => {
    const numbers = line.split(',').map(Number)
    return Array.from({ length: numbers.length / 2 }, (_, i): Point => [numbers[2 * i]!, numbers[2 * i + 1]!])
  })
}

/** Which pixels strokes through points mark. */
const drawn = (
  option: StrokeOption,
  lines: readonly (readonly Point[])[],
  { width, height }: Size,
): E.Either<SegmentError, Strokes> => {
  const outside = lines.flat().find(([x, y]) => x >= width || y >= height)
  if (outside !== undefined)
    return E.left({ _tag: 'StrokeOutside', option, point: outside.join(','), size: `${width} x ${height}` })
  const marks = new Uint8Array(width * height)
  for (const points of lines)
    for (const [i, point] of points.entries()) markLine(marks, width, points[Math.max(0, i - 1)]!, point)
  return E.right({ [option]: marks })
}

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
