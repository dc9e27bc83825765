import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { COURSE_PHOTOS } from '@conjugate/segmentation/course-photos'
import { describe as describeError } from '@conjugate/segmentation/errors'
import { decodeImage } from '@conjugate/segmentation/image'
import { decode } from 'fast-png'
import * as E from 'fp-ts/lib/Either.js'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, it } from 'vitest'
import { png } from './png.js'
import { IMAGES, isAbsent, squarePng } from './support.js'

const decoded = async (bytes: Uint8Array) => {
  const image = await decodeImage(bytes)()
  if (E.isLeft(image)) throw new Error(describeError(image.left))
  return image.right
}

const complaint = async (bytes: Uint8Array): Promise<string> => {
  const image = await decodeImage(bytes)()
  return E.isLeft(image) ? describeError(image.left) : 'no complaint'
}

const raw = (width: number, height: number, channels: 1 | 2 | 3 | 4, values: readonly number[]) =>
  sharp(Uint8Array.from(values), { raw: { width, height, channels } })

/** Two images of noise, one after the other. */
const film = async () => {
  const frame = await raw(
    64,
    64,
    3,
    Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * i * 7 + i * 13) % 251),
  )
    .png()
    .toBuffer()
  return sharp([frame, await sharp(frame).negate().toBuffer()], { join: { animated: true } })
}

describe('decodeImage', () => {
  it('gives red, green and blue row by row', async () => {
    const bytes = await raw(2, 1, 3, [1, 2, 3, 4, 5, 6]).png().toBuffer()
    expect(await decoded(bytes)).toEqual({
      width: 2,
      height: 1,
      channels: 3,
      data: Buffer.from([1, 2, 3, 4, 5, 6]),
      depth: { bits: 8, used: 8, white: 255 },
      images: 1,
    })
  })

  it.each(['png', 'webp'] as const)('keeps the alpha channel of a %s, and the colours under it', async format => {
    const rgba = [10, 20, 30, 255, 40, 50, 60, 128, 70, 80, 90, 1, 100, 110, 120, 0]
    const bytes = await raw(4, 1, 4, rgba).toFormat(format, { lossless: true, exact: true }).toBuffer()
    expect(await decoded(bytes)).toMatchObject({ channels: 4, data: Buffer.from(rgba) })
  })

  it('makes grey red, green and blue', async () => {
    const grey = await raw(2, 1, 1, [7, 200]).toColourspace('b-w').png().toBuffer()
    expect([...(await decoded(grey)).data]).toEqual([7, 7, 7, 200, 200, 200])
    const greyAlpha = await raw(2, 1, 2, [7, 0, 200, 9]).toColourspace('b-w').png().toBuffer()
    expect([...(await decoded(greyAlpha)).data]).toEqual([7, 7, 7, 0, 200, 200, 200, 9])
  })

  it('reads a PNG with a palette, one of two colours and one with a transparent colour', async () => {
    const colours = [9, 8, 7, 250, 0, 0, 250, 0, 0, 9, 8, 7]
    const palette = await raw(2, 2, 3, colours).png({ palette: true }).toBuffer()
    expect([...(await decoded(palette)).data]).toEqual(colours)
    const bilevel = png({ width: 3, height: 1, colour: 'grey', bits: 1, rows: [[0b10100000]] })
    expect([...(await decoded(bilevel)).data]).toEqual([255, 255, 255, 0, 0, 0, 255, 255, 255])
    const keyed = png({ width: 2, height: 1, colour: 'grey', bits: 8, rows: [[5, 6]], transparent: [0, 6] })
    expect([...(await decoded(keyed)).data]).toEqual([5, 5, 5, 255, 6, 6, 6, 0])
  })

  it('ignores a colour profile', async () => {
    const bytes = await raw(1, 1, 3, [200, 100, 50]).png().withIccProfile('p3').toBuffer()
    const stored = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer()
    expect((await sharp(bytes).metadata()).hasProfile).toBe(true)
    expect([...(await decoded(bytes)).data]).toEqual([...stored])
  })

  it.each([
    [1, 2, 1, [1, 2, 3, 4, 5, 6]],
    [3, 2, 1, [4, 5, 6, 1, 2, 3]],
    [6, 1, 2, [1, 2, 3, 4, 5, 6]],
    [8, 1, 2, [4, 5, 6, 1, 2, 3]],
  ])('turns a photo of orientation %i upright', async (orientation, width, height, pixels) => {
    const turned = await raw(2, 1, 3, [1, 2, 3, 4, 5, 6]).withMetadata({ orientation }).png().toBuffer()
    expect(await decoded(turned)).toMatchObject({ width, height, data: Buffer.from(pixels) })
  })

  it.each([
    ['gif', 0, (s: Sharp) => s.gif()],
    ['avif', 1, (s: Sharp) => s.avif({ lossless: true })],
    ['avif of ten bits', 1, (s: Sharp) => s.avif({ lossless: true, bitdepth: 10 })],
    ['tiff', 0, (s: Sharp) => s.tiff({ compression: 'lzw' })],
    ['tiff in tiles', 0, (s: Sharp) => s.tiff({ compression: 'deflate', tile: true })],
    ['webp', 0, (s: Sharp) => s.webp({ lossless: true })],
    ['interlaced png', 0, (s: Sharp) => s.png({ progressive: true })],
    ['cmyk tiff', 20, (s: Sharp) => s.toColourspace('cmyk').tiff({ compression: 'lzw' })],
    ['cmyk jpeg', 20, (s: Sharp) => s.toColourspace('cmyk').jpeg({ quality: 100 })],
    ['progressive jpeg', 2, (s: Sharp) => s.jpeg({ quality: 100, progressive: true })],
  ])('reads a %s to within %i', async (_, near, encoded) => {
    const colours = [
      [0, 0, 0],
      [255, 255, 255],
      [200, 40, 60],
    ]
    const picture = await encoded(
      raw(
        3 * 16,
        16,
        3,
        Array.from({ length: 3 * 16 * 16 }, (_, pixel) => colours[Math.floor((pixel % 48) / 16)]!).flat(),
      ),
    ).toBuffer()
    const { width, height, channels, data } = await decoded(picture)
    expect([width, height]).toEqual([48, 16])
    for (const [i, colour] of colours.entries()) {
      const at = (8 * 48 + 16 * i + 8) * channels
      // Not all colours can be printed.
      for (let c = 0; c < 3; c++) expect(Math.abs(data[at + c]! - colour[c]!)).toBeLessThanOrEqual(near)
    }
  })

  it.each(['gif', 'webp', 'tiff'] as const)('takes the first image of a %s of two', async format => {
    const two = await film()
    const bytes = await two.toFormat(format, { lossless: true, compression: 'lzw' }).toBuffer()
    const image = await decoded(bytes)
    const first = await sharp(bytes, { pages: 1 }).raw().toBuffer()
    expect(image).toMatchObject({ width: 64, height: 64, images: 2 })
    expect(Buffer.compare(Buffer.from(image.data), first)).toBe(0)
  })
})

describe('sixteen bits a channel', () => {
  const grey = (values: readonly number[]) =>
    png({ width: values.length, height: 1, colour: 'grey', bits: 16, rows: [values.flatMap(v => [v >> 8, v & 255])] })

  it.each([
    [[0, 1, 100, 255], 8, [0, 1, 100, 255]],
    [[0, 3, 512, 1023], 10, [0, 0, 128, 255]],
    [[16, 256, 1024, 4095], 12, [1, 16, 64, 255]],
    [[64, 9000, 16383, 0], 14, [1, 140, 255, 0]],
    [[256, 0x1234, 16384, 65535], 16, [1, 0x12, 64, 255]],
  ])('that hold %j are taken to use %i', async (values, used, expected) => {
    const image = await decoded(grey(values))
    expect(image.depth).toEqual({ bits: 16, used, white: 2 ** used - 1 })
    expect([...image.data]).toEqual(expected.flatMap(v => [v, v, v]))
  })

  it('are as white as they are said to be', async () => {
    const read = async (white: number) => {
      const image = await decodeImage(grey([0, 500, 1000, 65535]), { white })()
      if (E.isLeft(image)) throw new Error(describeError(image.left))
      return { white: image.right.depth.white, values: [...image.right.data].filter((_, i) => i % 3 === 0) }
    }
    // A hot pixel hides that all others are dark.
    expect(await read(65535)).toEqual({ white: 65535, values: [0, 1, 3, 255] })
    expect(await read(1000)).toEqual({ white: 1000, values: [0, 127, 255, 255] })
  })

  it('are those of the colours that can be seen, with opacities of as many bits or of all', async () => {
    const rgba = (pixels: readonly (readonly number[])[]) =>
      png({
        width: pixels.length,
        height: 1,
        colour: 'rgba',
        bits: 16,
        rows: [pixels.flat().flatMap(v => [v >> 8, v & 255])],
      })
    const seen = await decoded(
      rgba([
        [1000, 4, 8, 65535],
        [400, 0, 0, 32768],
        [60000, 60000, 60000, 0],
        [8, 8, 8, 1],
      ]),
    )
    expect(seen.depth.used).toBe(10)
    // Hidden colours stay whatever they are: nobody reads them.
    expect(seen.data.filter((_, i) => i < 8 || i > 10)).toEqual(
      Uint8Array.of(250, 1, 2, 255, 100, 0, 0, 128, 0, 2, 2, 2, 1),
    )
    const few = await decoded(
      rgba([
        [1000, 4, 8, 1023],
        [400, 0, 0, 512],
      ]),
    )
    expect([...few.data]).toEqual([250, 1, 2, 255, 100, 0, 0, 128])
  })
})

describe('what cannot be read', () => {
  it.each([
    ['jpeg', (s: Sharp) => s.jpeg()],
    ['png', (s: Sharp) => s.png()],
    ['webp', (s: Sharp) => s.webp()],
    ['gif', (s: Sharp) => s.gif()],
    ['avif', (s: Sharp) => s.avif()],
    ['tiff', (s: Sharp) => s.tiff({ compression: 'lzw' })],
  ] as const)('is a %s that is cut short anywhere', { timeout: 60_000 }, async (format, encoded) => {
    const bytes = await encoded(sharp(await squarePng(200, 150))).toBuffer()
    expect(await decoded(bytes)).toMatchObject({ width: 200, height: 150 })
    for (const share of [0.05, 0.1, 0.3, 0.6, 0.9, 0.97]) {
      const cut = await complaint(bytes.subarray(0, Math.max(16, Math.floor(bytes.length * share))))
      expect(cut).toMatch(new RegExp(`^the ${format} image is damaged or cut short \\([^\\n]+\\)$`, 'i'))
    }
  })

  it('is a film that is cut short in its first image', async () => {
    const bytes = await (await film()).gif().toBuffer()
    const { data } = await decoded(bytes)
    for (let length = 20; length < bytes.length; length += 97) {
      const image = await decodeImage(bytes.subarray(0, length))()
      if (E.isRight(image)) expect(Buffer.compare(Buffer.from(image.right.data), Buffer.from(data))).toBe(0)
      else expect(describeError(image.left)).toContain('cut short')
    }
  })

  it.each([
    ['is not an image that can be read; expected PNG, JPEG, WebP, AVIF, GIF or TIFF', 'hello'],
    ['is BMP, which cannot be read; convert it to PNG or JPEG', 'BM\x9a\0\0\0'],
    ['is PDF, which cannot be read; export the picture in it as PNG or JPEG', '%PDF-1.7'],
    ['is HEIC, which cannot be read; convert it to PNG or JPEG', '\0\0\0\x18ftypheic\0\0\0\0'],
    ['is JPEG XL, which cannot be read; convert it to PNG or JPEG', '\0\0\0\x0cJXL \x0d\x0a\x87\x0a'],
    [
      'is SVG, which cannot be read; it draws shapes and has no pixels of its own; export it as PNG',
      '<svg width="9"/>',
    ],
    [
      'is SVG, which cannot be read; it draws shapes and has no pixels of its own; export it as PNG',
      '<?xml version="1.0"?>\n<!-- a -->\n<svg xmlns="http://www.w3.org/2000/svg"/>',
    ],
  ])('%s', async (expected, text) => {
    expect(await complaint(Buffer.from(text, 'latin1'))).toBe(expected)
  })

  it('is a picture that is too large, with its size', async () => {
    const rows = Array.from({ length: 14_000 }, () => new Uint8Array(2500).fill(0x0f))
    const bytes = png({ width: 20_000, height: 14_000, colour: 'grey', bits: 1, rows })
    expect(await complaint(bytes)).toBe(
      'has 280 million pixels, more than the 268 million that can be read; scale it down below that limit',
    )
  })
})

describe.skipIf(isAbsent(IMAGES))('the course photos (need CONJUGATE_IMAGES)', () => {
  it.each(COURSE_PHOTOS)('%s decodes to the bytes it stores', async photo => {
    const bytes = await readFile(join(IMAGES, `${photo}.png`))
    const { width, height, data } = await decoded(bytes)
    const stored = decode(bytes)
    expect([width, height, stored.channels]).toEqual([stored.width, stored.height, 4])
    expect(Buffer.compare(Buffer.from(data), Buffer.from(stored.data.buffer))).toBe(0)
  })
})
