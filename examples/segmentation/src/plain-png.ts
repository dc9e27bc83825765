import { crc32, inflate } from 'node:zlib'

/** What a plain PNG holds. */
interface PlainPng {
  readonly width: number
  readonly height: number
  readonly channels: 3 | 4
  readonly data: Uint8Array
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

/** Chunks that say nothing of the pixels, or what is looked at here. */
const HARMLESS = new Set(['sRGB', 'gAMA', 'cHRM', 'pHYs', 'tIME', 'bKGD', 'iTXt', 'eXIf'])

/** The channels of the colour types that are read. */
const CHANNELS: Readonly<Record<number, 3 | 4>> = { 2: 3, 6: 4 }

/** Larger ones are no matter of milliseconds. */
const MOST_PIXELS = 2 ** 22

const ORIENTATION = 0x0112

/** Whether a photo's data leave it upright, as far as one can tell at a glance. */
const isUpright = (exif: DataView): boolean => {
  if (exif.byteLength < 14) return false
  const little = exif.getUint16(0) === 0x4949
  if (!little && exif.getUint16(0) !== 0x4d4d) return false
  const directory = exif.getUint32(4, little)
  if (directory + 2 > exif.byteLength) return false
  const entries = exif.getUint16(directory, little)
  if (directory + 2 + 12 * entries > exif.byteLength) return false
  for (let at = directory + 2; at < directory + 2 + 12 * entries; at += 12)
    if (exif.getUint16(at, little) === ORIENTATION && exif.getUint16(at + 8, little) !== 1) return false
  return true
}

/** The header and the compressed pixels of a file that has nothing uncommon in it. */
const partsOf = (
  bytes: Uint8Array,
): { readonly size: Omit<PlainPng, 'data'>; readonly pixels: readonly Uint8Array[] } | undefined => {
  if (bytes.length < 33 || SIGNATURE.some((v, i) => bytes[i] !== v)) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let size: Omit<PlainPng, 'data'> | undefined
  const pixels: Uint8Array[] = []
  let afterPixels = 0
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at)
    const end = at + 8 + length
    if (end + 4 > bytes.length || crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) return undefined
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    if (type === 'IEND') return size && pixels.length > 0 ? { size, pixels } : undefined
    // Nothing may stand between pixels.
    if (type === 'IDAT' && pixels.length > 0 && at !== afterPixels) return undefined
    if (type === 'IHDR') {
      const [width, height] = [view.getUint32(at + 8), view.getUint32(at + 12)]
      const [bits, colourType, ...methods] = bytes.subarray(at + 16, at + 21)
      const channels = CHANNELS[colourType!]
      const isPlain = bits === 8 && methods.every(method => method === 0) && width * height <= MOST_PIXELS
      if (size !== undefined || channels === undefined || !isPlain || width === 0 || height === 0) return undefined
      size = { width, height, channels }
    } else if (type === 'IDAT') {
      pixels.push(bytes.subarray(at + 8, end))
      afterPixels = end + 4
    } else if (!HARMLESS.has(type)) return undefined
    else if (type === 'eXIf' && !isUpright(new DataView(view.buffer, view.byteOffset + at + 8, length)))
      return undefined
    at = end + 4
  }
  return undefined
}

// Each filter is a loop over the bytes of a row, which is compiled after a few rows. The row begins `lead` bytes after where it
// is written, the one above it has been written before, and left of a row is nothing.

type Filter = (bytes: Uint8Array, from: number, to: number, length: number, step: number, above: number) => void

const none: Filter = (bytes, from, to, length) => void bytes.copyWithin(to, from, from + length)

const sub: Filter = (bytes, from, to, length, step) => {
  for (let i = 0; i < length; i++) bytes[to + i] = bytes[from + i]! + (i < step ? 0 : bytes[to + i - step]!)
}

const up: Filter = (bytes, from, to, length, _step, above) => {
  for (let i = 0; i < length; i++) bytes[to + i] = bytes[from + i]! + bytes[above + i]!
}

const average: Filter = (bytes, from, to, length, step, above) => {
  for (let i = 0; i < length; i++)
    bytes[to + i] = bytes[from + i]! + (((i < step ? 0 : bytes[to + i - step]!) + bytes[above + i]!) >> 1)
}

const paeth: Filter = (bytes, from, to, length, step, above) => {
  for (let i = 0; i < step; i++) bytes[to + i] = bytes[from + i]! + bytes[above + i]!
  for (let i = step; i < length; i++) {
    const left = bytes[to + i - step]!
    const over = bytes[above + i]!
    const before = bytes[above + i - step]!
    const a = Math.abs(over - before)
    const b = Math.abs(left - before)
    const c = Math.abs(left + over - 2 * before)
    bytes[to + i] = bytes[from + i]! + (a <= b && a <= c ? left : b <= c ? over : before)
  }
}

const FILTERS: readonly Filter[] = [none, sub, up, average, paeth]

/** The pixels of filtered rows, in the same memory, behind a row of zeros. */
const unfilter = (rows: Uint8Array, lead: number, { width, height, channels }: Omit<PlainPng, 'data'>): boolean => {
  const length = width * channels
  for (let row = 0, from = lead, to = lead; row < height; row++, from += length + 1, to += length) {
    const filter = FILTERS[rows[from]!]
    if (filter === undefined) return false
    filter(rows, from + 1, to, length, channels, to - length)
  }
  return true
}

const inflated = (bytes: Uint8Array, length: number): Promise<Uint8Array | undefined> =>
  new Promise(resolve => {
    // In one piece, and not in smaller ones than zlib takes.
    inflate(bytes, { chunkSize: Math.max(64, length + 1), maxOutputLength: length + 1 }, (error, found) =>
      resolve(error || found.length !== length ? undefined : found),
    )
  })

/**
 * Reads a PNG as most are: of eight bits, without palette, interlacing, profile or animation, and upright; `undefined` is what is
 * not, or is damaged. It does so without the library of pictures, which takes longer to be there than this takes.
 * Source: Portable Network Graphics (PNG) Specification, Third Edition (W3C, 2025), section 9.
 */
export const decodePlainPng = async (bytes: Uint8Array): Promise<PlainPng | undefined> => {
  const parts = partsOf(bytes)
  if (parts === undefined) return undefined
  const { size, pixels } = parts
  const stride = size.width * size.channels
  const rows = await inflated(Buffer.concat(pixels), size.height * (stride + 1))
  if (rows === undefined) return undefined
  const all = Buffer.alloc(stride + rows.length)
  all.set(rows, stride)
  return unfilter(all, stride, size)
    ? { ...size, data: all.subarray(stride, stride + size.height * stride) }
    : undefined
}
