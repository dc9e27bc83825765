import { reasonOf } from '@conjugate/command-line'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import sharp, { type Metadata } from 'sharp'
import { type Depth, EIGHT_BITS, toEightBits } from './depth.js'
import { formatOf } from './formats.js'
import { hasWholeFrame } from './gif.js'

/** A picture of eight bits per channel, upright. */
export interface Picture {
  readonly width: number
  readonly height: number
  /** 3: red, green and blue; 4: opacity as well. */
  readonly channels: 3 | 4
  /** The channels of each pixel, row by row. */
  readonly data: Uint8Array
  readonly depth: Depth
  /** Images in the file, of which this is the first. */
  readonly images: number
}

export type ImageError =
  | { readonly _tag: 'NotAnImage' }
  | { readonly _tag: 'UnsupportedFormat'; readonly format: string; readonly advice: string }
  | { readonly _tag: 'UnsupportedChannels'; readonly channels: string }
  | { readonly _tag: 'TooManyPixels'; readonly pixels: number; readonly most: number }
  | { readonly _tag: 'DamagedImage'; readonly format: string; readonly reason: string }

/** The most that the decoder takes: 16383 x 16383. */
const MOST_PIXELS = 0x3fff ** 2

// Each photo is decoded once.
sharp.cache(false)

// Colour profiles are ignored: what is clustered are the numbers that the file holds.
const open = (bytes: Uint8Array) => sharp(bytes, { failOn: 'error', ignoreIcc: true, limitInputPixels: false })

const isSupported = ({ depth, channels }: Metadata): boolean =>
  (depth === 'uchar' || depth === 'ushort') && channels <= 5

const checkedHeader = (bytes: Uint8Array, format: string): TE.TaskEither<ImageError, Metadata> =>
  pipe(
    TE.tryCatch(
      () => open(bytes).metadata(),
      (cause): ImageError => ({ _tag: 'DamagedImage', format, reason: reasonOf(cause) }),
    ),
    TE.chainEitherK((header): E.Either<ImageError, Metadata> => {
      const pixels = header.width * header.height
      if (pixels > MOST_PIXELS) return E.left({ _tag: 'TooManyPixels', pixels, most: MOST_PIXELS })
      return isSupported(header)
        ? E.right(header)
        : E.left({ _tag: 'UnsupportedChannels', channels: `${header.channels} of type ${header.depth}` })
    }),
  )

const readableFormat = (bytes: Uint8Array): E.Either<ImageError, string> => {
  const format = formatOf(bytes)
  if (format === undefined) return E.left({ _tag: 'NotAnImage' })
  const { name, isRead, advice = '' } = format
  if (!isRead) return E.left({ _tag: 'UnsupportedFormat', format: name, advice })
  return name === 'GIF' && !hasWholeFrame(bytes)
    ? E.left({ _tag: 'DamagedImage', format: name, reason: 'the end of the picture is missing' })
    : E.right(name)
}

/** Eight bits of each channel, whatever the file holds. */
const pixelsOf = async (bytes: Uint8Array, deep: boolean, white: number | undefined) => {
  const { data, info } = await open(bytes)
    .autoOrient()
    .toColourspace(deep ? 'rgb16' : 'srgb')
    .raw({ depth: deep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true })
  const channels = info.channels === 4 ? 4 : 3
  if (info.channels !== channels) throw new Error(`it has ${info.channels} channels`)
  const size = { width: info.width, height: info.height, channels } as const
  if (!deep) return { ...size, data, depth: EIGHT_BITS }
  return { ...size, ...toEightBits(new Uint16Array(data.buffer, data.byteOffset, data.length / 2), channels, white) }
}

/**
 * Decodes a PNG, JPEG, WebP, AVIF, GIF or TIFF to the colours it stores, upright: the first image where there are more.
 * Grey becomes equal red, green and blue; of sixteen bits those that are used count, and of them the upper eight, unless
 * `white` says which number is white.
 */
export const decodeImage = (
  bytes: Uint8Array,
  { white }: { readonly white?: number | undefined } = {},
): TE.TaskEither<ImageError, Picture> =>
  pipe(
    TE.fromEither(readableFormat(bytes)),
    TE.chain(format =>
      pipe(
        checkedHeader(bytes, format),
        TE.chain(({ depth, pages = 1 }) =>
          TE.tryCatch(
            async () => ({ ...(await pixelsOf(bytes, depth === 'ushort', white)), images: pages }),
            (cause): ImageError => ({ _tag: 'DamagedImage', format, reason: reasonOf(cause) }),
          ),
        ),
      ),
    ),
  )
