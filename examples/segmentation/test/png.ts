import { crc32, deflateSync } from 'node:zlib'

const COLOURS = { grey: 0, rgb: 2, greyAlpha: 4, rgba: 6 } as const

const chunk = (type: string, data: Uint8Array): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

/** A PNG of rows that are given byte by byte, of any depth, which image libraries do not all write as it is told. */
export const png = (image: {
  readonly width: number
  readonly height: number
  readonly colour: keyof typeof COLOURS
  readonly bits: 1 | 8 | 16
  readonly rows: readonly ArrayLike<number>[]
  /** What a tRNS chunk holds. */
  readonly transparent?: readonly number[]
}): Uint8Array => {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(image.width)
  header.writeUInt32BE(image.height, 4)
  header.set([image.bits, COLOURS[image.colour]], 8)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...(image.transparent ? [chunk('tRNS', Buffer.from(image.transparent))] : []),
    chunk('IDAT', deflateSync(Buffer.concat(image.rows.map(row => Buffer.from([0, ...Array.from(row)]))))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** A dark disc with a red one within on a transparent ground that hides black: how many pixels are opaque, and red. */
export const logoPng = () => {
  const [width, height] = [120, 80]
  const pixelOf = (x: number, y: number): readonly number[] => {
    const distance = Math.hypot(x - width / 2, y - height / 2)
    if (distance >= 26) return [0, 0, 0, 0]
    return distance < 12 ? [220, 30, 30, 255] : [40 + ((x + y) % 3), 40, 40, 255]
  }
  const rows = Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => pixelOf(x, y)))
  const count = (is: (pixel: readonly number[]) => boolean): number => rows.flat().filter(is).length
  return {
    bytes: png({ width, height, colour: 'rgba', bits: 8, rows: rows.map(row => row.flat()) }),
    opaque: count(([, , , alpha]) => alpha === 255),
    red: count(([red]) => red === 220),
  }
}
