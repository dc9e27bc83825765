import sharp from 'sharp'
import { cutOutPixels } from './cut-out-pixels.js'
import type { Foreground } from './result.js'

type Channels = Uint8Array | Uint16Array

const pngOf = (data: Channels, width: number, height: number, channels: 1 | 4): Promise<Buffer> => {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const raw = { width, height, channels } as const
  const isDeep = data.BYTES_PER_ELEMENT === 2
  return sharp(isDeep ? (data as Uint16Array) : bytes, { raw })
    .toColourspace(channels === 1 ? 'b-w' : isDeep ? 'rgb16' : 'srgb')
    .png()
    .toBuffer()
}

/** The foreground of a photo, all else transparent. */
export const cutoutPng = (result: Foreground): Promise<Buffer> =>
  pngOf(cutOutPixels(result), result.image.width, result.image.height, 4)

/** 255 where a photo is foreground, 0 elsewhere. */
export const maskPng = ({ image: { width, height }, found: { labels } }: Foreground): Promise<Buffer> =>
  pngOf(
    labels.map(label => 255 * label),
    width,
    height,
    1,
  )
