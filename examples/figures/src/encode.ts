import sharp from 'sharp'

/** How hard PNG tries: beyond it a figure is smaller by a hundredth, and takes a third longer. */
const LEVEL = 3

export interface Pixels {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
}

/** RGBA rows as PNG, compressed in the background; `opaque` ones have no channel for opacity there. */
export const pixelsToPng = ({ data, ...size }: Pixels, opaque = false): Promise<Uint8Array> => {
  const picture = sharp(data, { raw: { ...size, channels: 4 } })
  return (opaque ? picture.removeAlpha() : picture).png({ compressionLevel: LEVEL }).toBuffer()
}
