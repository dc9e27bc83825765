import { reasonOf } from '@conjugate/command-line'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import sharp, { type Metadata } from 'sharp'
import { type Depth, EIGHT_BITS, toEightBits, toSixteenBits } from './depth.js'
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
  /** All bits of a file of sixteen, where they were asked for: the channels of each pixel, of which white is 65535. */
  readonly deep?: Uint16Array
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

/** What is made of the numbers in a file. */
export interface Decoding {
  /** The number that is white in a file of sixteen bits a channel. */
  readonly white?: number | undefined
  /** Whether colours are those that a profile in the file means, in sRGB, and not the numbers themselves. */
  readonly isManaged?: boolean
  /** Whether all bits of files of sixteen are kept as well. */
  readonly keepsDepth?: boolean
}

const open = (bytes: Uint8Array, { isManaged = false }: Decoding = {}) =>
  sharp(bytes, { failOn: 'error', ignoreIcc: !isManaged, limitInputPixels: false })

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
const pixelsOf = async (bytes: Uint8Array, deep: boolean, decoding: Decoding) => {
  const { data, info } = await open(bytes, decoding)
    .autoOrient()
    .toColourspace(deep ? 'rgb16' : 'srgb')
    .raw({ depth: deep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true })
  const channels = info.channels === 4 ? 4 : 3
  if (info.channels !== channels) throw new Error(`it has ${info.channels} channels`)
  const size = { width: info.width, height: info.height, channels } as const
  if (!deep) return { ...size, data, depth: EIGHT_BITS }
  const words = new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
  if (!decoding.keepsDepth) return { ...size, ...toEightBits(words, channels, decoding.white) }
  const depth = toSixteenBits(words, channels, decoding.white)
  return { ...size, data: Uint8Array.from(words, v => v >> 8), depth, deep: words }
}

/**
 * Decodes a PNG, JPEG, WebP, AVIF, GIF or TIFF to the colours it stores, or those that its profile means, upright: the first image
 * where there are more. Grey becomes equal red, green and blue; of sixteen bits those that are used count, and of them the upper
 * eight, unless `white` says which number is white.
 */
export const decodeImage = (bytes: Uint8Array, decoding: Decoding = {}): TE.TaskEither<ImageError, Picture> =>
  pipe(
    TE.fromEither(readableFormat(bytes)),
    TE.chain(format =>
      pipe(
        checkedHeader(bytes, format),
        TE.chain(({ depth, pages = 1 }) =>
          TE.tryCatch(
            async () => ({ ...(await pixelsOf(bytes, depth === 'ushort', decoding)), images: pages }),
            (cause): ImageError => ({ _tag: 'DamagedImage', format, reason: reasonOf(cause) }),
          ),
        ),
      ),
    ),
  )
