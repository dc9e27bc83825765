import {
  contrastField,
  foregroundModel,
  type RgbImage,
  type SegmentOptions,
  segment,
  smoothComponents,
} from '@conjugate/images'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { overlap, striped } from './support/striped.js'

const found = async (image: RgbImage, options: SegmentOptions) =>
  right(await segment(foregroundModel(), image, options)())

describe('transparent pixels', () => {
  const { image, mask, box } = striped(180, 130, 1)
  const hole = (n: number): boolean => Math.hypot((n % 180) - 90, Math.floor(n / 180) - 65) < 9 || n % 180 < 30
  const opacity = Uint8Array.from(mask, (_, n) => (hole(n) ? 0 : 255))
  /** The same picture, with another colour where nothing is seen. */
  const hiding = (colour: number): RgbImage => ({
    ...image,
    data: image.data.map((v, i) => (hole(Math.floor(i / 3)) ? colour : v)) as Uint8Array,
    opacity,
  })
  const stroke = (label: number, ...rows: ReadonlyArray<number>): Uint8Array =>
    mask.map((m, n) => (m === label && rows.some(row => n >= row * 180 && n < (row + 4) * 180) ? 1 : 0))
  const strokes = { foreground: stroke(1, 60), background: stroke(0, 20, 110) }

  test.each<[string, SegmentOptions]>([
    ['a box', { box }],
    ['strokes', strokes],
    ['a guess', {}],
    ['windows', { box, finePixels: 6000 }],
  ])('say nothing, whatever their colour: %s', async (_, options) => {
    const [one, other] = [await found(hiding(0), options), await found(hiding(255), options)]
    expect(other.labels).toEqual(one.labels)
    expect(other.objective).toBe(one.objective)
    expect(
      overlap(
        one.labels,
        mask.map((m, n) => (hole(n) ? 2 : m)),
      ),
    ).toBeGreaterThan(0.93)
    for (let n = 0; n < mask.length; n++) if (hole(n) && !options.foreground?.[n]) expect(one.labels[n]).toBe(0)
    for (let i = 1; i < one.objectives.length; i++)
      expect(one.objectives[i]!).toBeGreaterThanOrEqual(one.objectives[i - 1]!)
  })

  test('say nothing of components', async () => {
    const [one, other] = await Promise.all(
      [0, 255].map(async colour => right(await smoothComponents(hiding(colour), { components: 3 })())),
    )
    expect(other!.labels.filter((_, n) => !hole(n))).toEqual(one!.labels.filter((_, n) => !hole(n)))
    expect(other!.objective).toBe(one!.objective)
  })

  test("are nobody's neighbours", () => {
    const { weights } = right(contrastField(hiding(0)))
    const at = 65 * 180 + 90
    expect([0, 1, 2, 3].map(d => weights[d * 180 * 130 + at])).toEqual([0, 0, 0, 0])
    expect(right(contrastField(hiding(255))).weights).toEqual(weights)
  })

  test('that are all opaque are as if nothing was said', async () => {
    const opaque = { ...image, opacity: new Uint8Array(mask.length).fill(255) }
    expect(await found(opaque, { box })).toEqual(await found(image, { box }))
  })

  test.each<[string, unknown, unknown]>([
    ['all of them', new Uint8Array(180 * 130), { option: 'image.opacity', received: 'none' }],
    ['too few', new Uint8Array(3), { option: 'image.opacity', received: '3' }],
    ['of other bits', new Uint16Array(180 * 130).fill(9), { option: 'image.opacity', received: 'Uint16Array' }],
    ['a list', [1], { option: 'image.opacity' }],
  ])('are an error: %s', async (_, given, error) => {
    const wrong = { ...image, opacity: given as Uint8Array }
    expect(await segment(foregroundModel(), wrong, { box })()).toMatchObject(E.left(error))
  })
})
