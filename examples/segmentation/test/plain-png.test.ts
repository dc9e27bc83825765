import { deflateSync } from 'node:zlib'
import { decodePlainPng } from '@conjugate/segmentation/plain-png'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, it } from 'vitest'
import { chunk, png, SIGNATURE } from './png.js'

const [WIDTH, HEIGHT] = [37, 23]

/** Numbers that are smooth with some noise, so that each filter has something to do. */
const numbers = (channels: number): Uint8Array =>
  Uint8Array.from({ length: WIDTH * HEIGHT * channels }, (_, i) => 3 * i + ((i * i * 7) % 41) + 90 * (i % channels))

const paeth = (a: number, b: number, c: number): number => {
  const [da, db, dc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)] as const
  return da <= db && da <= dc ? a : db <= dc ? b : c
}

/** What each filter predicts of a byte from the one to the left, the one above and the one between. */
const PREDICTIONS = [
  () => 0,
  (a: number) => a,
  (_: number, b: number) => b,
  (a: number, b: number) => (a + b) >> 1,
  paeth,
] as const

/** Rows by filters that take turns. */
const filtered = (data: Uint8Array, channels: number, filters: readonly number[]): Buffer => {
  const stride = WIDTH * channels
  return Buffer.concat(
    Array.from({ length: HEIGHT }, (_, row) => {
      const filter = filters[row % filters.length]!
      const at = (column: number, line: number): number =>
        column < 0 || line < 0 ? 0 : (data[line * stride + column] ?? 0)
      return Buffer.from([
        filter,
        ...Array.from({ length: stride }, (_b, i) => {
          const predicted = PREDICTIONS[filter]?.(at(i - channels, row), at(i, row - 1), at(i - channels, row - 1))
          return at(i, row) - (predicted ?? 0)
        }),
      ])
    }),
  )
}

interface Parts {
  readonly channels?: 3 | 4
  readonly rows?: Uint8Array
  /** Of the header: bits, colour type, compression, filter, interlacing. */
  readonly kind?: readonly number[]
  readonly before?: readonly Buffer[]
  /** What stands between the two halves of the pixels. */
  readonly between?: readonly Buffer[]
}

const file = ({
  channels = 3,
  rows = filtered(numbers(channels), channels, [0, 1, 2, 3, 4]),
  kind = [8, channels === 3 ? 2 : 6, 0, 0, 0],
  before = [],
  between = [],
}: Parts): Buffer => {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(WIDTH)
  header.writeUInt32BE(HEIGHT, 4)
  header.set(kind, 8)
  const pixels = deflateSync(rows)
  const half = pixels.length >> 1
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    ...before,
    chunk('IDAT', pixels.subarray(0, half)),
    ...between,
    chunk('IDAT', pixels.subarray(half)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** Data of a photo with one entry, of 16 bits, with the bytes in either order. */
const exif = (tag: number, value: number, order: 'II' | 'MM' = 'MM'): Buffer => {
  const bytes = Buffer.alloc(26)
  bytes.write(order, 'latin1')
  const write = (v: number, at: number): unknown =>
    order === 'II' ? bytes.writeUInt16LE(v, at) : bytes.writeUInt16BE(v, at)
  const words = [
    [42, 2],
    [order === 'II' ? 8 : 0, 4],
    [order === 'II' ? 0 : 8, 6],
    [1, 8],
    [tag, 10],
    [3, 12],
    [value, 18],
  ] as const
  for (const [v, at] of words) write(v, at)
  return chunk('eXIf', bytes)
}

const library = (bytes: Uint8Array): Promise<Buffer> => sharp(bytes, { failOn: 'error' }).autoOrient().raw().toBuffer()

describe('decodePlainPng', () => {
  for (const channels of [3, 4] as const)
    it.each([[[0]], [[1]], [[2]], [[3]], [[4]], [[4, 3, 2, 1, 0]], [[2, 2, 1, 4]]])(
      `reads ${channels} channels by filters %j as the library does`,
      async filters => {
        const data = numbers(channels)
        const bytes = file({ channels, rows: filtered(data, channels, filters) })
        const found = await decodePlainPng(bytes)
        expect(found).toMatchObject({ width: WIDTH, height: HEIGHT, channels })
        expect(Buffer.compare(Buffer.from(found!.data), Buffer.from(data))).toBe(0)
        expect(Buffer.compare(await library(bytes), Buffer.from(data))).toBe(0)
      },
    )

  it.each([
    ['what is upright', exif(0x0112, 1)],
    ['the bytes the other way round', exif(0x0112, 1, 'II')],
    ['nothing of what is up', exif(0x010f, 6)],
  ])('reads one with data that say %s', async (_, before) => {
    const bytes = file({ before: [chunk('sRGB', Buffer.of(0)), before] })
    const found = await decodePlainPng(bytes)
    expect(Buffer.compare(Buffer.from(found!.data), await library(bytes))).toBe(0)
  })

  const data = filtered(numbers(3), 3, [1])
  it.each([
    ['that has to be turned', file({ before: [exif(0x0112, 6)] })],
    ['that has to be turned, the bytes the other way round', file({ before: [exif(0x0112, 3, 'II')] })],
    [
      'with data that lead nowhere',
      file({ before: [chunk('eXIf', Buffer.from('MM\0*\xff\xff\xff\xff\0\0\0\0\0\0', 'latin1'))] }),
    ],
    ['with a profile', file({ before: [chunk('iCCP', Buffer.alloc(9))] })],
    ['with a transparent colour', file({ before: [chunk('tRNS', Buffer.alloc(6))] })],
    ['of which more is said than is known here', file({ before: [chunk('abcd', Buffer.alloc(6))] })],
    ['that is interlaced', file({ kind: [8, 2, 0, 0, 1] })],
    ['by another method', file({ kind: [8, 2, 0, 1, 0] })],
    ['of sixteen bits', png({ width: 1, height: 1, colour: 'rgb', bits: 16, rows: [[0, 1, 2, 3, 4, 5]] })],
    ['of grey', png({ width: 2, height: 1, colour: 'grey', bits: 8, rows: [[5, 6]] })],
    ['of too few rows', file({ rows: data.subarray(0, -1) })],
    ['of too many rows', file({ rows: Buffer.concat([data, Buffer.of(0)]) })],
    ['by a filter that is none', file({ rows: filtered(numbers(3), 3, [1, 5]) })],
    ['with something between its pixels', file({ between: [chunk('tIME', Buffer.alloc(7))] })],
    ['that is cut short', file({}).subarray(0, -1)],
    ['with another check sum', Buffer.from(file({}).map((v, i) => (i === 60 ? v ^ 1 : v)))],
    ['that is none', Buffer.from('no picture, but long enough to be one of no pixels')],
  ])('leaves one %s to the library', async (_, bytes) => {
    expect(await decodePlainPng(bytes)).toBeUndefined()
  })

  it.each([
    ['a palette', (s: Sharp) => s.png({ palette: true })],
    ['an interlaced one', (s: Sharp) => s.png({ progressive: true })],
    ['one with a profile', (s: Sharp) => s.withIccProfile('p3').png()],
  ])('leaves %s of the library to the library', async (_, encoded) => {
    const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const
    expect(await decodePlainPng(await encoded(sharp(numbers(3), { raw })).toBuffer())).toBeUndefined()
  })
})
