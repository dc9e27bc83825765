import { chunksBy, headerOf, SIGNATURE } from '@conjugate/figures/drawing'
import { crc32 } from './crc32.js'

const chunk = chunksBy(crc32)

const KINDS = { grey: { type: 0, bytes: 1 }, palette: { type: 3, bytes: 1 }, rgba: { type: 6, bytes: 4 } } as const

export interface Pixels {
  readonly width: number
  readonly height: number
  readonly kind: keyof typeof KINDS
  readonly data: Uint8Array
  /** The colours of a palette, three numbers each. */
  readonly palette?: Uint8Array
  /** The opacities of its first colours. */
  readonly opacities?: Uint8Array
}

/** Each row after the type of its filter: of four channels what it differs by from the row above, else the row itself. */
const filtered = ({ width, height, kind, data }: Pixels): Uint8Array<ArrayBuffer> => {
  const row = width * KINDS[kind].bytes
  const bytes = new Uint8Array(height * (row + 1))
  const isUp = kind === 'rgba'
  for (let y = 0, to = 0; y < height; y++) {
    bytes[to++] = isUp ? 2 : 0
    for (let from = y * row, end = from + row; from < end; from++)
      bytes[to++] = isUp && y > 0 ? data[from]! - data[from - row]! : data[from]!
  }
  return bytes
}

/**
 * Pixels as PNG, every number as it is: a canvas would multiply colours by opacities, and round what it divides by them again.
 */
export const pngOf = async (pixels: Pixels): Promise<Blob> => {
  const { width, height, kind, palette, opacities } = pixels
  const stream = new Blob([filtered(pixels)]).stream().pipeThrough(new CompressionStream('deflate'))
  const compressed = new Uint8Array(await new Response(stream).arrayBuffer())
  const parts = [
    SIGNATURE,
    chunk('IHDR', headerOf(width, height, KINDS[kind].type)),
    ...(palette ? [chunk('PLTE', palette)] : []),
    ...(opacities ? [chunk('tRNS', opacities)] : []),
    chunk('IDAT', compressed),
    chunk('IEND', new Uint8Array()),
  ]
  return new Blob(parts, { type: 'image/png' })
}
