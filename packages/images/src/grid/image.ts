import type { InvalidOption } from '@conjugate/em'
import { invalidOption } from '@conjugate/em'
import { describeValue } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkGrid, checkLength, type Grid } from './field.js'

/** A picture in sRGB. */
export interface RgbImage extends Grid {
  /** N x 3: red, green and blue of every pixel, row by row; 8 or 16 bits each. */
  readonly data: Uint8Array | Uint8ClampedArray | Uint16Array
  /**
   * N: how opaque every pixel is, from 0 to 255 or 65535 as those of `data`; wholly by default. A pixel counts as much as it is
   * opaque: one that is transparent has no colour, and is nobody's neighbour.
   */
  readonly opacity?: Uint8Array | Uint8ClampedArray | Uint16Array
}

/** The largest value of a channel. */
export const whiteOf = ({ data }: RgbImage): number => (data.BYTES_PER_ELEMENT === 1 ? 255 : 65535)

const types = new Set(['Uint8Array', 'Uint8ClampedArray', 'Uint16Array'])

const isChannels = (data: unknown): boolean => {
  const type = Object.prototype.toString.call(data).slice(8, -1)
  return types.has(type)
}

/** How many of its pixels can be seen, from 0 to 1 each. */
export const visibilityOf = (image: RgbImage): Float64Array | undefined => {
  const { opacity } = image
  if (opacity === undefined) return undefined
  const white = whiteOf(image)
  return Float64Array.from(opacity, v => v / white)
}

const checkOpacity = ({ width, height, data, opacity }: RgbImage): E.Either<InvalidOption, unknown> => {
  if (opacity === undefined) return E.right(undefined)
  const name = Object.prototype.toString.call(opacity).slice(8, -1)
  if (!isChannels(opacity) || opacity.BYTES_PER_ELEMENT !== data.BYTES_PER_ELEMENT)
    return invalidOption('image.opacity', 'numbers of as many bits as those of image.data', name)
  const checked = checkLength('image.opacity', opacity as ArrayLike<number>, width * height)
  if (E.isLeft(checked)) return checked
  return opacity.some(v => v > 0) ? checked : invalidOption('image.opacity', 'a pixel that can be seen', 'none')
}

/**
 * Checks a picture. Errors: its sides are none of a grid; its data are no bytes or 16-bit numbers, or not three a pixel; its
 * opacity is none, or nothing of it can be seen.
 */
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
    E.chainFirst(checkOpacity),
  )
