import type { InvalidOption } from '@conjugate/em'
import { describeValue } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkGrid, checkLength, type Grid } from './field.js'

/** A picture in sRGB, without transparency. */
export interface RgbImage extends Grid {
  /** N x 3: red, green and blue of every pixel, row by row; 8 or 16 bits each. */
  readonly data: Uint8Array | Uint8ClampedArray | Uint16Array
}

/** The largest value of a channel. */
export const whiteOf = ({ data }: RgbImage): number => (data.BYTES_PER_ELEMENT === 1 ? 255 : 65535)

const types = new Set(['Uint8Array', 'Uint8ClampedArray', 'Uint16Array'])

const isChannels = (data: unknown): boolean => {
  const type = Object.prototype.toString.call(data).slice(8, -1)
  return types.has(type)
}

/** Checks a picture. Errors: its sides are none of a grid; its data are no bytes or 16-bit numbers, or not three a pixel. */
export const checkImage = (image: RgbImage): E.Either<InvalidOption, RgbImage> =>
  pipe(
    checkGrid('image', image),
    E.filterOrElse(
      ({ data }) => isChannels(data),
      ({ data }): InvalidOption => ({
        _tag: 'InvalidOption',
        option: 'image.data',
        expected: 'a Uint8Array, a Uint8ClampedArray or a Uint16Array',
        received: describeValue(data),
      }),
    ),
    E.chainFirst(({ width, height, data }) => checkLength('image.data', data as ArrayLike<number>, 3 * width * height)),
  )

/** A picture whose pixels are means of squares of pixels; what is left over at the east and the south is left out. */
export const shrink = ({ width, height, data }: RgbImage, factor: number): RgbImage => {
  if (factor === 1) return { width, height, data }
  const [w, h] = [Math.floor(width / factor), Math.floor(height / factor)]
  const shrunk = data.BYTES_PER_ELEMENT === 1 ? new Uint8Array(3 * w * h) : new Uint16Array(3 * w * h)
  const sums = new Float64Array(3 * w)
  const count = factor * factor
  for (let row = 0; row < h; row++) {
    sums.fill(0)
    for (let y = row * factor; y < (row + 1) * factor; y++)
      for (let column = 0, from = 3 * y * width; column < w; column++)
        for (let x = 0; x < factor; x++, from += 3) {
          sums[3 * column]! += data[from]!
          sums[3 * column + 1]! += data[from + 1]!
          sums[3 * column + 2]! += data[from + 2]!
        }
    for (let i = 0; i < sums.length; i++) shrunk[3 * row * w + i] = Math.round(sums[i]! / count)
  }
  return { width: w, height: h, data: shrunk }
}
