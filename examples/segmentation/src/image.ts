import { reasonOf } from '@conjugate/command-line'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import sharp from 'sharp'

/** An image of eight bits per channel. */
export interface RgbImage {
  readonly width: number
  readonly height: number
  /** Red, green and blue of each pixel, row by row. */
  readonly rgb: Uint8Array
}

export type ImageError =
  | { readonly _tag: 'NotAnImage' }
  | { readonly _tag: 'UnsupportedFormat'; readonly format: string }
  | { readonly _tag: 'ManyFrames'; readonly frames: number }
  | { readonly _tag: 'DamagedImage'; readonly reason: string }

const FORMATS: readonly string[] = ['png', 'jpeg', 'webp']

// Colour profiles are ignored: what is clustered are the numbers that the file holds.
const open = (bytes: Uint8Array) => sharp(bytes, { failOn: 'error', ignoreIcc: true })

const checkedHeader = (bytes: Uint8Array): TE.TaskEither<ImageError, void> =>
  pipe(
    TE.tryCatch(
      () => open(bytes).metadata(),
      (): ImageError => ({ _tag: 'NotAnImage' }),
    ),
    TE.chain(({ format, pages = 1 }): TE.TaskEither<ImageError, void> => {
      if (!FORMATS.includes(format)) return TE.left({ _tag: 'UnsupportedFormat', format })
      return pages > 1 ? TE.left({ _tag: 'ManyFrames', frames: pages }) : TE.right(undefined)
    }),
  )

/**
 * Decodes a PNG, JPEG or WebP to the colours it stores, upright. An alpha channel is dropped: a transparent pixel
 * keeps the colour underneath. Grey becomes equal red, green and blue; of sixteen bits the upper eight are kept.
 */
export const decodeImage = (bytes: Uint8Array): TE.TaskEither<ImageError, RgbImage> =>
  pipe(
    checkedHeader(bytes),
    TE.chain(() =>
      TE.tryCatch(
        () => open(bytes).autoOrient().removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true }),
        (cause): ImageError => ({ _tag: 'DamagedImage', reason: reasonOf(cause) }),
      ),
    ),
    TE.map(({ data, info }) => ({ width: info.width, height: info.height, rgb: data })),
  )

/** The number of different colours in an image, counted no further than `enough`. */
export const distinctColours = ({ rgb }: RgbImage, enough: number): number => {
  const seen = new Set<number>()
  for (let at = 0; at < rgb.length && seen.size < enough; at += 3) {
    seen.add(((rgb[at] ?? 0) << 16) | ((rgb[at + 1] ?? 0) << 8) | (rgb[at + 2] ?? 0))
  }
  return seen.size
}
