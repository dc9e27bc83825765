import { crc32, deflateSync } from 'node:zlib'
import { componentColour } from './colours.js'

export interface LabelMap {
  readonly width: number
  readonly height: number
  /** The component of each pixel, from 0 to 255, row by row. */
  readonly labels: ArrayLike<number>
  readonly components: number
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

const chunk = (type: string, data: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(data.length + 12)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, data.length)
  bytes.set(new TextEncoder().encode(type), 4)
  bytes.set(data, 8)
  view.setUint32(data.length + 8, crc32(bytes.subarray(4, data.length + 8)))
  return bytes
}

const header = (width: number, height: number): Uint8Array => {
  const bytes = new Uint8Array(13)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  // Eight bits, by palette, one compression and filter method, not interlaced.
  bytes.set([8, 3, 0, 0, 0], 8)
  return bytes
}

// Each row starts with the type of its filter: none, which suits a palette.
const rows = ({ width, height, labels }: LabelMap): Uint8Array => {
  const bytes = new Uint8Array(height * (width + 1))
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      bytes[row * (width + 1) + column + 1] = labels[row * width + column] ?? 0
    }
  }
  return bytes
}

/**
 * A label map as PNG with a palette: the stored value of a pixel is the index of its component from 0, and
 * the palette gives component k the colour `componentColour(k)`. A program that decodes to palette indices
 * (mode `P` in Pillow, for example) has the labels; one that decodes to RGB finds one colour per component.
 *
 * The encoder is here because image libraries choose the order of a palette themselves.
 */
export const labelMapPng = (map: LabelMap): Uint8Array => {
  const palette = Uint8Array.from(Array.from({ length: map.components }, (_, k) => componentColour(k)).flat())
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header(map.width, map.height)),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows(map))),
    chunk('IEND', new Uint8Array()),
  ])
}
