import { formatOf, hasWholeFrame, type Picture } from '@conjugate/segmentation/regions'
import * as E from 'fp-ts/lib/Either.js'
import { imagesIn } from './frames.js'

/** As many as a page has the memory for. */
const MOST_PIXELS = 60e6
const MOST_BYTES = 250e6

/** A photo as the page has it. */
export interface Photo {
  readonly name: string
  readonly picture: Picture
  readonly remarks: ReadonlyArray<string>
}

const millions = (count: number): string => (count / 1e6).toFixed(count < 10e6 ? 1 : 0)

const isOpaque = (rgba: Uint8ClampedArray): boolean => {
  for (let at = 3; at < rgba.length; at += 4) if (rgba[at] !== 255) return false
  return true
}

const withoutOpacity = (rgba: Uint8ClampedArray): Uint8Array => {
  const rgb = new Uint8Array((rgba.length / 4) * 3)
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from]!
    rgb[to + 1] = rgba[from + 1]!
    rgb[to + 2] = rgba[from + 2]!
  }
  return rgb
}

/** The pixels of a decoded picture, in sRGB. */
const pixelsOf = (bitmap: ImageBitmap): ImageData => {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
  const context = canvas.getContext('2d', { colorSpace: 'srgb', willReadFrequently: true })!
  context.drawImage(bitmap, 0, 0)
  return context.getImageData(0, 0, bitmap.width, bitmap.height, { colorSpace: 'srgb' })
}

const depthRemark = (format: string, bytes: Uint8Array): ReadonlyArray<string> =>
  format === 'PNG' && bytes[24] === 16
    ? ['The file has 16 bits a channel. The page sees eight of them, pnpm segment all.']
    : []

/** The same picture upright, in the colours that its profile means. */
const decode = async (file: Blob): Promise<ImageBitmap | undefined> => {
  try {
    return await createImageBitmap(file, {
      imageOrientation: 'from-image',
      premultiplyAlpha: 'none',
      colorSpaceConversion: 'default',
    })
  } catch {
    return undefined
  }
}

/**
 * Reads a photo as `pnpm segment` does: the first image of the file, upright, in sRGB. Errors, each in a sentence: it is empty, too
 * large, no picture, of a format that the browser does not read, or damaged.
 */
export const readPhoto = async (file: Blob, name: string): Promise<E.Either<string, Photo>> => {
  if (file.size === 0) return E.left(`${name} is empty: the file has no bytes.`)
  if (file.size > MOST_BYTES)
    return E.left(
      `${name} has ${millions(file.size)} MB, more than the ${millions(MOST_BYTES)} MB that the page reads.`,
    )
  const bytes = new Uint8Array(await file.arrayBuffer())
  const format = formatOf(bytes)
  if (format === undefined)
    return E.left(`${name} is no picture that can be read. Give a PNG, JPEG, WebP, AVIF or GIF file.`)
  if (!format.isRead) return E.left(`${name} is ${format.name}, which cannot be read: ${format.advice}.`)
  const damaged = `${name} is damaged or cut short: its ${format.name} picture cannot be decoded.`
  if (format.name === 'GIF' && !hasWholeFrame(bytes)) return E.left(damaged)
  const bitmap = await decode(file)
  if (bitmap === undefined)
    return E.left(
      format.name === 'TIFF'
        ? `${name} is TIFF, which this browser does not read: convert it to PNG, or use pnpm segment.`
        : damaged,
    )
  const { width, height } = bitmap
  if (width * height > MOST_PIXELS) {
    bitmap.close()
    return E.left(
      `${name} has ${millions(width * height)} million pixels, more than the ${millions(MOST_PIXELS)} million that the page takes: scale it down, or use pnpm segment.`,
    )
  }
  const { data } = pixelsOf(bitmap)
  bitmap.close()
  const images = imagesIn(format.name, bytes)
  const channels = isOpaque(data) ? 3 : 4
  return E.right({
    name,
    picture: {
      width,
      height,
      channels,
      data: channels === 3 ? withoutOpacity(data) : new Uint8Array(data.buffer),
      depth: { bits: 8, used: 8, white: 255 },
      images,
    },
    remarks: [
      ...(images > 1 ? [`This is the first of ${images} images in the file.`] : []),
      ...depthRemark(format.name, bytes),
    ],
  })
}
