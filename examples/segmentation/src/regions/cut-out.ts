import { pixelsToPng } from '@conjugate/figures'
import { cutOutPixels } from './cut-out-pixels.js'
import type { Foreground } from './result.js'

/** The foreground of a photo, all else transparent. */
export const cutoutPng = (result: Foreground): Promise<Uint8Array> => {
  const { width, height } = result.image
  return pixelsToPng({ data: cutOutPixels(result), width, height, channels: 4 })
}

/** 255 where a photo is foreground, 0 elsewhere. */
export const maskPng = ({ image: { width, height }, found: { labels } }: Foreground): Promise<Uint8Array> =>
  pixelsToPng({ data: labels.map(label => 255 * label), width, height, channels: 1 })
