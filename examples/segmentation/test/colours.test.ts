import { random } from '@conjugate/distributions'
import { coloursOf } from '@conjugate/segmentation/colours'
import type { Picture } from '@conjugate/segmentation/image'
import { pixelLabels } from '@conjugate/segmentation/labels'
import { drawColours } from '@conjugate/segmentation/start'
import { describe, expect, it } from 'vitest'

const picture = (width: number, height: number, channels: 3 | 4, data: Uint8Array): Picture => ({
  width,
  height,
  channels,
  data,
  depth: { bits: 8, used: 8, white: 255 },
  images: 1,
})

const noise = (pixels: number, channels: 3 | 4, values: number): Uint8Array => {
  const stream = random(1)
  return Uint8Array.from({ length: pixels * channels }, () => stream.integer(values) * Math.floor(255 / (values - 1)))
}

describe('coloursOf', () => {
  it.each([
    [3, 6],
    [4, 6],
    [3, 256],
    [4, 256],
  ] as const)('counts each colour once, by its opacity (%i channels, %i values)', (channels, values) => {
    const data = noise(3000, channels, values)
    const colours = coloursOf(picture(60, 50, channels, data))
    const rgb = Float64Array.from(colours.rows.data)
    const expected = new Map<string, number>()
    let transparent = 0
    for (let pixel = 0; pixel < 3000; pixel++) {
      const at = pixel * channels
      const colour = Array.from(data.subarray(at, at + 3), v => v / 255)
      const opacity = channels === 4 ? data[at + 3]! : 255
      const row = colours.rowOf(pixel)
      if (opacity === 0) {
        transparent++
        expect(row).toBe(-1)
        continue
      }
      expected.set(colour.join(), (expected.get(colour.join()) ?? 0) + opacity)
      expect([...rgb.subarray(row * 3, row * 3 + 3)]).toEqual(colour)
    }
    expect(colours.transparent).toBe(transparent)
    expect(colours.rows.rows).toBe(expected.size)
    expect(colours.weights).toHaveLength(expected.size)
    for (const [row, weight] of colours.weights.entries()) {
      const colour = rgb.subarray(row * 3, row * 3 + 3).join()
      expect(weight).toBe(expected.get(colour)! / 255)
    }
  })

  it('sets colours that occur as often side by side', () => {
    const { weights } = coloursOf(picture(60, 50, 3, noise(3000, 3, 14)))
    expect([...weights]).toEqual([...weights].sort((a, b) => a - b))
  })
})

describe('drawColours', () => {
  const data = Uint8Array.from({ length: 400 * 4 }, (_, i) => (i % 4 === 3 ? 255 : 0))
  data.set([9, 9, 9, 255], 377 * 4)
  data.set([5, 5, 5, 0], 12 * 4)

  it('finds colours that are rare, never one that is not there', () => {
    const colours = coloursOf(picture(20, 20, 4, data))
    for (let seed = 0; seed < 20; seed++) {
      const rows = drawColours(colours, 400, 2, random(seed))
      expect([...rows].sort()).toEqual([0, 1])
    }
    expect(drawColours(colours, 400, 3, random(0))).toHaveLength(2)
  })

  it('draws a colour as often as it occurs', () => {
    const shares = coloursOf(
      picture(
        100,
        1,
        3,
        Uint8Array.from({ length: 300 }, (_, i) => (i < 240 ? 10 : 20)),
      ),
    )
    const draws = Array.from({ length: 2000 }, (_, seed) => drawColours(shares, 100, 1, random(seed))[0])
    const common = draws.filter(row => row === shares.rowOf(0)).length / draws.length
    expect(Math.abs(common - 0.8)).toBeLessThan(4 * Math.sqrt((0.8 * 0.2) / draws.length))
  })
})

describe('pixelLabels', () => {
  it('are those of the colours, and K where there is none', () => {
    const data = [1, 2, 1, 3, 0, 2].flatMap(v => [50 * v, 7, 200, v === 0 ? 0 : v === 3 ? 128 : 255])
    const colours = coloursOf(picture(3, 2, 4, Uint8Array.from(data)))
    const labelOf = new Map([
      [1, 1],
      [2, 0],
      [3, 1],
    ])
    const byRow = Array.from(
      { length: 3 },
      (_, row) => labelOf.get(Math.round((colours.rows.data[row * 3]! * 255) / 50))!,
    )
    const labels = pixelLabels(colours, byRow, 2)
    const rows = [0, 1].map(y => {
      const row = new Uint16Array(3)
      labels.read(y, row)
      return [...row]
    })
    expect(rows).toEqual([
      [1, 0, 1],
      [1, 2, 0],
    ])
    expect(labels.counts).toEqual([2, 3])
  })
})
