import sharp from 'sharp'
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

/**
 * The foreground with its colours, all else transparent, with as many bits as the photo has. At the boundary a pixel is as opaque
 * as its share of foreground, in the colour of that share.
 */
export const cutoutPng = ({ image, found: { labels }, mixed }: Foreground): Promise<Buffer> => {
  const { width, height, data, opacity } = image
  const white = data.BYTES_PER_ELEMENT === 1 ? 255 : 65535
  const rgba = data.BYTES_PER_ELEMENT === 1 ? new Uint8Array(4 * labels.length) : new Uint16Array(4 * labels.length)
  for (let n = 0; n < labels.length; n++) {
    if (labels[n] === 0) continue
    for (let c = 0; c < 3; c++) rgba[4 * n + c] = data[3 * n + c]!
    rgba[4 * n + 3] = opacity?.[n] ?? white
  }
  for (let i = 0; i < mixed.pixels.length; i++) {
    const [n, share] = [mixed.pixels[i]!, mixed.shares[i]!]
    for (let c = 0; c < 3; c++) rgba[4 * n + c] = share > 0 ? mixed.colours[3 * i + c]! : 0
    rgba[4 * n + 3] = Math.round(share * (opacity?.[n] ?? white))
  }
  return pngOf(rgba, width, height, 4)
}

/** 255 where a photo is foreground, 0 elsewhere. */
export const maskPng = ({ image: { width, height }, found: { labels } }: Foreground): Promise<Buffer> =>
  pngOf(
    labels.map(label => 255 * label),
    width,
    height,
    1,
  )
