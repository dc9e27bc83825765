import { crc32, createDeflate } from 'node:zlib'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { componentColour } from './colours.js'
import { type FigureError, figureFailed } from './errors.js'
import type { LabelRows } from './label-rows.js'
import { chunksBy, headerOf, SIGNATURE } from './png.js'

export interface LabelMap extends LabelRows {
  /** Whether some pixels have no component. Then there are at most 255 components. */
  readonly hasBlanks?: boolean
}

const chunk = chunksBy(crc32)

/** The colour type of pictures by palette. */
const BY_PALETTE = 3

/** Bytes that are compressed at a time. */
const STRIP = 2 ** 20

// Each row starts with the type of its filter: none, which suits a palette.
const strip = ({ width, read }: LabelMap, from: number, to: number): Uint8Array => {
  const bytes = new Uint8Array((to - from) * (width + 1))
  const labels = new Uint16Array(width)
  for (let row = from; row < to; row++) {
    read(row, labels)
    bytes.set(labels, (row - from) * (width + 1) + 1)
  }
  return bytes
}

/** The rows compressed, chunk by chunk. */
const compressed = async (map: LabelMap): Promise<readonly Uint8Array[]> => {
  const deflate = createDeflate()
  const chunks: Uint8Array[] = []
  const done = new Promise<void>((resolve, reject) => {
    deflate.on('data', (bytes: Uint8Array) => chunks.push(bytes))
    deflate.on('end', resolve)
    deflate.on('error', reject)
  })
  const rows = Math.max(1, Math.floor(STRIP / (map.width + 1)))
  for (let row = 0; row < map.height; row += rows) {
    const bytes = strip(map, row, Math.min(map.height, row + rows))
    await new Promise<void>((resolve, reject) => {
      deflate.write(bytes, error => (error ? reject(error) : resolve()))
    })
  }
  deflate.end()
  await done
  return chunks
}

/**
 * A label map as PNG with a palette: the stored value of a pixel is the index of its component from 0, and
 * the palette gives component k the colour `componentColour(k)`. A program that decodes to palette indices
 * (mode `P` in Pillow, for example) has the labels; one that decodes to RGB finds one colour per component.
 * Pixels without a component have the index K, which is transparent.
 *
 * The encoder is here because image libraries choose the order of a palette themselves.
 */
export const labelMapPng = (map: LabelMap): TE.TaskEither<FigureError, Uint8Array> =>
  TE.tryCatch(async () => {
    const { width, height, components, hasBlanks = false } = map
    const colours = Array.from({ length: components }, (_, k) => componentColour(k)).flat()
    const opacities = new Uint8Array(components + 1).fill(255, 0, components)
    return Buffer.concat([
      SIGNATURE,
      chunk('IHDR', headerOf(width, height, BY_PALETTE)),
      chunk('PLTE', Uint8Array.from(hasBlanks ? [...colours, 0, 0, 0] : colours)),
      ...(hasBlanks ? [chunk('tRNS', opacities)] : []),
      ...(await compressed(map)).map(bytes => chunk('IDAT', bytes)),
      chunk('IEND', new Uint8Array()),
    ])
  }, figureFailed('label map'))
