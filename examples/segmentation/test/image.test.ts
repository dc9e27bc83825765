import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { COURSE_PHOTOS } from '@conjugate/segmentation/course-photos'
import { describe as describeError } from '@conjugate/segmentation/errors'
import { decodeImage, distinctColours } from '@conjugate/segmentation/image'
import { decode } from 'fast-png'
import * as E from 'fp-ts/lib/Either.js'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
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

describe('decodeImage', () => {
  it('gives red, green and blue row by row', async () => {
    const png = await raw(2, 1, 3, [1, 2, 3, 4, 5, 6]).png().toBuffer()
    expect(await decoded(png)).toMatchObject({ width: 2, height: 1, rgb: Buffer.from([1, 2, 3, 4, 5, 6]) })
  })

  it.each(['png', 'webp'] as const)('drops the alpha channel of a %s and keeps the colours', async format => {
    const rgba = [10, 20, 30, 255, 40, 50, 60, 128, 70, 80, 90, 1, 100, 110, 120, 0]
    const bytes = await raw(4, 1, 4, rgba).toFormat(format, { lossless: true, exact: true }).toBuffer()
    expect([...(await decoded(bytes)).rgb]).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120])
  })

  it('makes grey red, green and blue', async () => {
    const grey = await raw(2, 1, 1, [7, 200]).toColourspace('b-w').png().toBuffer()
    expect([...(await decoded(grey)).rgb]).toEqual([7, 7, 7, 200, 200, 200])
    const greyAlpha = await raw(2, 1, 2, [7, 0, 200, 9]).toColourspace('b-w').png().toBuffer()
    expect([...(await decoded(greyAlpha)).rgb]).toEqual([7, 7, 7, 200, 200, 200])
  })

  it.each(['rgb16', 'grey16'] as const)('keeps the upper eight bits of %s', async colours => {
    const channels = colours === 'rgb16' ? 3 : 1
    const words = Uint16Array.from({ length: 2 * channels }, (_, i) => 0x1234 + 0x1111 * i)
    const png = await sharp(words, { raw: { width: 2, height: 1, channels } })
      .toColourspace(colours)
      .png()
      .toBuffer()
    expect((await sharp(png).metadata()).depth).toBe('ushort')
    const upper = Array.from(words, word => word >> 8)
    const expected = channels === 3 ? upper : upper.flatMap(value => [value, value, value])
    expect([...(await decoded(png)).rgb]).toEqual(expected)
  })

  it('reads a PNG with a palette', async () => {
    const png = await raw(2, 2, 3, [9, 8, 7, 250, 0, 0, 250, 0, 0, 9, 8, 7]).png({ palette: true }).toBuffer()
    expect([...(await decoded(png)).rgb]).toEqual([9, 8, 7, 250, 0, 0, 250, 0, 0, 9, 8, 7])
  })

  it('ignores a colour profile', async () => {
    const png = await raw(1, 1, 3, [200, 100, 50]).png().withIccProfile('p3').toBuffer()
    const stored = await sharp(png, { ignoreIcc: true }).raw().toBuffer()
    expect((await sharp(png).metadata()).hasProfile).toBe(true)
    expect([...(await decoded(png)).rgb]).toEqual([...stored])
  })

  it('turns a photo upright', async () => {
    const turned = await raw(2, 1, 3, [1, 2, 3, 4, 5, 6]).withMetadata({ orientation: 6 }).png().toBuffer()
    expect(await decoded(turned)).toMatchObject({ width: 1, height: 2, rgb: Buffer.from([1, 2, 3, 4, 5, 6]) })
  })

  it.each(['jpeg', 'png', 'webp'] as const)('refuses a %s that is cut short', async format => {
    const bytes = await sharp(await squarePng(200, 150))
      .toFormat(format)
      .toBuffer()
    expect(await decoded(bytes)).toMatchObject({ width: 200, height: 150 })
    const cut = await complaint(bytes.subarray(0, Math.floor(bytes.length * 0.6)))
    expect(cut).toMatch(/^(the image is damaged or cut short \(.+\)|is not an image that can be read.*)$/)
    expect(cut).not.toContain('\n')
  })

  it('refuses what is not one image', async () => {
    expect(await complaint(Buffer.from('hello'))).toBe('is not an image that can be read; expected PNG, JPEG or WebP')
    const square = await squarePng(8, 8)
    expect(await complaint(await sharp(square).gif().toBuffer())).toBe('is GIF; expected PNG, JPEG or WebP')
    const film = await sharp([square, await sharp(square).negate().toBuffer()], { join: { animated: true } })
      .webp()
      .toBuffer()
    expect(await complaint(film)).toBe('is an animation of 2 frames; expected a single image')
  })
})

describe.skipIf(isAbsent(IMAGES))('the course photos (need CONJUGATE_IMAGES)', () => {
  it.each(COURSE_PHOTOS)('%s decodes to the bytes it stores', async photo => {
    const bytes = await readFile(join(IMAGES, `${photo}.png`))
    const { width, height, rgb } = await decoded(bytes)
    const stored = decode(bytes)
    expect([width, height, stored.channels]).toEqual([stored.width, stored.height, 4])
    const colours = Buffer.from(stored.data.filter((_, i) => i % 4 !== 3))
    expect(Buffer.compare(Buffer.from(rgb), colours)).toBe(0)
  })
})

describe('distinctColours', () => {
  it('counts up to what is needed', () => {
    const image = { width: 4, height: 1, rgb: Uint8Array.of(0, 0, 1, 0, 1, 0, 0, 0, 1, 1, 0, 0) }
    expect(distinctColours(image, 100)).toBe(3)
    expect(distinctColours(image, 2)).toBe(2)
  })
})
