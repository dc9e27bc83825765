import { crc32, createDeflate } from 'node:zlib'
import { chunksBy, headerOf, SIGNATURE } from './png.js'

/** The colour types of PNG, by how many channels pixels have. */
const COLOUR_TYPES = { 1: 0, 3: 2, 4: 6 } as const

/** How hard PNG tries: beyond it a photo is smaller by a tenth, and takes twice as long. */
const LEVEL_OF_PHOTOS = 3

/** Where many pixels are the same, a little more makes half as much of it. */
export const LEVEL_OF_DRAWINGS = 6

/** Bytes that are compressed at a time. */
const STRIP = 2 ** 20

const chunk = chunksBy(crc32)

/** A chunk of PNG by its type. */
export type Chunk = readonly [type: string, data: Uint8Array]

/** A picture that is read row by row. */
export interface PngRows {
  readonly width: number
  readonly height: number
  readonly colourType: number
  /** Bits of each channel; 8 by default. */
  readonly bits?: 8 | 16
  readonly bytesPerRow: number
  /** How hard PNG tries, from 1 to 9; what suits photos by default. */
  readonly level?: number
  /** Chunks that stand before the pixels. */
  readonly chunks?: readonly Chunk[]
  /** Writes the bytes of a row, from a place on. */
  readonly write: (row: number, into: Uint8Array, at: number) => void
}

/** Each row starts with the type of its filter: none. */
const stripOf = ({ bytesPerRow, write }: PngRows, from: number, to: number): Uint8Array => {
  const bytes = new Uint8Array((to - from) * (bytesPerRow + 1))
  for (let row = from; row < to; row++) write(row, bytes, (row - from) * (bytesPerRow + 1) + 1)
  return bytes
}

/** The rows compressed, piece by piece, in the background; a strip is read while the one before is compressed. */
const compressed = async (rows: PngRows): Promise<readonly Uint8Array[]> => {
  const deflate = createDeflate({ level: rows.level ?? LEVEL_OF_PHOTOS, chunkSize: 2 ** 16 })
  const pieces: Uint8Array[] = []
  const done = new Promise<void>((resolve, reject) => {
    deflate.on('data', (bytes: Uint8Array) => pieces.push(bytes))
    deflate.on('end', resolve)
    deflate.on('error', reject)
  })
  const step = Math.max(1, Math.floor(STRIP / (rows.bytesPerRow + 1)))
  let before: Promise<void> | undefined
  for (let row = 0; row < rows.height; row += step) {
    const bytes = stripOf(rows, row, Math.min(rows.height, row + step))
    await before
    before = new Promise((resolve, reject) => {
      deflate.write(bytes, error => (error ? reject(error) : resolve()))
    })
  }
  await before
  deflate.end()
  await done
  return pieces
}

/** Rows as PNG. The encoder is here since libraries of pictures choose palettes themselves, and take long to be loaded. */
export const rowsToPng = async (rows: PngRows): Promise<Uint8Array> => {
  const { width, height, colourType, bits = 8, chunks = [] } = rows
  const pieces = await compressed(rows)
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', headerOf(width, height, colourType, bits)),
    ...chunks.map(([type, data]) => chunk(type, data)),
    ...pieces.map(bytes => chunk('IDAT', bytes)),
    chunk('IEND', new Uint8Array()),
  ])
}

/** Pixels row by row: grey, or red, green and blue, or these with opacity. */
export interface Pixels {
  readonly data: Uint8Array | Uint16Array
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3 | 4
}

/** Writes a row of numbers of 16 bits, the upper eight first. */
const writeDeep = (numbers: Uint8Array | Uint16Array, into: Uint8Array, at: number): void => {
  for (let i = 0, to = at; i < numbers.length; i++, to += 2) {
    into[to] = numbers[i]! >> 8
    into[to + 1] = numbers[i]! & 255
  }
}

/** Writes the red, green and blue of a row that has opacities, too. */
const writeColours = (numbers: Uint8Array | Uint16Array, into: Uint8Array, at: number): void => {
  for (let i = 0, to = at; i < numbers.length; i += 4, to += 3) {
    into[to] = numbers[i]!
    into[to + 1] = numbers[i + 1]!
    into[to + 2] = numbers[i + 2]!
  }
}

/** Pixels as PNG, with as many bits as they have; drawings of eight bits are opaque, and have no channel for that. */
export const pixelsToPng = ({ data, width, height, channels }: Pixels, isDrawing = false): Promise<Uint8Array> => {
  const isDeep = data.BYTES_PER_ELEMENT === 2
  const kept = isDrawing && channels === 4 && !isDeep ? 3 : channels
  const rowOf = (row: number) => data.subarray(row * width * channels, (row + 1) * width * channels)
  return rowsToPng({
    width,
    height,
    colourType: COLOUR_TYPES[kept],
    bits: isDeep ? 16 : 8,
    bytesPerRow: width * kept * data.BYTES_PER_ELEMENT,
    ...(isDrawing && { level: LEVEL_OF_DRAWINGS }),
    write: (row, into, at) => {
      if (isDeep) writeDeep(rowOf(row), into, at)
      else if (kept < channels) writeColours(rowOf(row), into, at)
      else into.set(rowOf(row), at)
    },
  })
}
