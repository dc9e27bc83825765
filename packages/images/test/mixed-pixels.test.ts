import { mixedPixels, type RgbImage } from '@conjugate/images'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { wholeNumbers } from './support/random.js'

/** A disc whose pixels at the rim are mixed as much as it covers them, on a ground of another colour, both with noise. */
const disc = (width: number, height: number, radius: number, bits: 8 | 16 = 8) => {
  const next = wholeNumbers(5)
  const [foreground, background] = [
    [190, 80, 60],
    [70, 120, 150],
  ]
  const unit = bits === 8 ? 1 : 257
  const shares = Float64Array.from({ length: width * height }, (_, n) => {
    let covered = 0
    for (let i = 0; i < 100; i++) {
      const [x, y] = [(n % width) + (i % 10) / 10 + 0.05, Math.floor(n / width) + Math.floor(i / 10) / 10 + 0.05]
      if (Math.hypot(x - width / 2, y - height / 2) < radius) covered++
    }
    return covered / 100
  })
  const values = Array.from({ length: 3 * width * height }, (_, i) => {
    const share = shares[Math.floor(i / 3)]!
    return unit * Math.round(share * foreground[i % 3]! + (1 - share) * background[i % 3]! + next(17) - 8)
  })
  const image: RgbImage = { width, height, data: bits === 8 ? Uint8Array.from(values) : Uint16Array.from(values) }
  return { image, shares, labels: Uint8Array.from(shares, s => (s >= 0.5 ? 1 : 0)), foreground }
}

describe('pixels at a boundary', () => {
  test.each<8 | 16>([8, 16])('have the shares of what covers them (%i bits)', bits => {
    const { image, shares, labels, foreground } = disc(60, 50, 18.3, bits)
    const mixed = right(mixedPixels(image, labels))
    expect(mixed.pixels.length).toBeGreaterThan(200)
    let [wrong, hard] = [0, 0]
    for (const [i, n] of mixed.pixels.entries()) {
      wrong += Math.abs(mixed.shares[i]! - shares[n]!)
      hard += Math.abs(labels[n]! - shares[n]!)
      if (mixed.shares[i]! < 0.5) continue
      // The colour is that of the foreground, without any of what is behind it.
      const unit = bits === 8 ? 1 : 257
      for (const c of [0, 1, 2]) expect(Math.abs(mixed.colours[3 * i + c]! / unit - foreground[c]!)).toBeLessThan(25)
    }
    expect(wrong / mixed.pixels.length).toBeLessThan(0.05)
    expect(wrong).toBeLessThan(hard / 2)
    // Elsewhere no pixel is mixed.
    const isListed = new Set(mixed.pixels)
    for (let n = 0; n < shares.length; n++)
      if (!isListed.has(n)) expect(Math.abs(shares[n]! - labels[n]!)).toBeLessThan(0.02)
  })

  test('are as many as the distance says, in the order of the picture', () => {
    const { image, labels } = disc(60, 50, 18.3)
    const counts = [1, 2, 4].map(distance => right(mixedPixels(image, labels, { distance })).pixels.length)
    expect(counts[0]!).toBeLessThan(counts[1]!)
    expect(counts[1]!).toBeLessThan(counts[2]!)
    const { pixels } = right(mixedPixels(image, labels))
    expect(Array.from(pixels)).toEqual(Array.from(pixels).sort((a, b) => a - b))
  })

  test('are none where there is one label', () => {
    const { image } = disc(20, 20, 5)
    expect(right(mixedPixels(image, new Uint8Array(400))).pixels.length).toBe(0)
  })

  test('are what is seen: a side of which nothing is seen says nothing', () => {
    const { image, labels } = disc(60, 50, 18.3)
    const opacity = labels.map(label => 255 * label)
    const mixed = right(mixedPixels({ ...image, opacity }, labels))
    expect(mixed.pixels.every(n => labels[n] === 1)).toBe(true)
    expect(mixed.shares.every(share => share === 1)).toBe(true)
  })

  test.each<[string, unknown, unknown, object, unknown]>([
    ['no picture', undefined, [], {}, { option: 'image' }],
    ['too few labels', disc(20, 20, 5).image, [1], {}, { option: 'labels', received: '1' }],
    ['no distance', disc(20, 20, 5).image, new Uint8Array(400), { distance: 0 }, { option: 'distance' }],
  ])('%s is an error', (_, image, labels, options, error) => {
    expect(mixedPixels(image as never, labels as never, options)).toMatchObject(E.left(error))
  })
})
