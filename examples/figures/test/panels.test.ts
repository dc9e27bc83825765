import { labelRows, segmentationPanels } from '@conjugate/figures'
import * as E from 'fp-ts/lib/Either.js'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'

/** Left half red and of component 0, right half blue and of component 1. */
const halves = (width: number, height: number) => {
  const right = (pixel: number): boolean => pixel % width >= width / 2
  const rgb = new Uint8Array(width * height * 3)
  const assignments = new Uint8Array(width * height)
  for (let pixel = 0; pixel < width * height; pixel++) {
    rgb.set(right(pixel) ? [0, 0, 255] : [255, 0, 0], pixel * 3)
    assignments[pixel] = right(pixel) ? 1 : 0
  }
  return {
    image: { width, height, channels: 3, data: rgb },
    labels: labelRows(assignments, { width, height, components: 2 }),
    weights: [0.5, 0.5],
  } as const
}

const drawn = async (figure: Parameters<typeof segmentationPanels>[0]) => {
  const result = await segmentationPanels(figure)()
  if (E.isLeft(result)) throw new Error(result.left.reason)
  return sharp(result.right).raw().toBuffer({ resolveWithObject: true })
}

const countColours = ({ data }: { data: Buffer }): Map<string, number> => {
  const counts = new Map<string, number>()
  for (let at = 0; at < data.length; at += 4) {
    const colour = data.subarray(at, at + 4).join()
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  return counts
}

describe('segmentationPanels', () => {
  it('shows every pixel in the original and in one panel, and leaves the others transparent', async () => {
    const [width, height] = [400, 300]
    const counts = countColours(await drawn(halves(width, height)))
    const half = (width * height) / 2
    expect(counts.get('255,0,0,255')).toBe(2 * half)
    expect(counts.get('0,0,255,255')).toBe(2 * half)
    expect(counts.get('0,0,0,0')).toBe(2 * half)
  })

  it('enlarges a small image by a whole factor', async () => {
    const counts = countColours(await drawn(halves(10, 4)))
    expect(counts.get('0,0,0,0')).toBe(40 * 30 ** 2)
  })

  it.each([
    [6000, 4000],
    [3, 9000],
    [9000, 1],
  ])('keeps the figure of a %i x %i image small', async (width, height) => {
    const { info } = await drawn(halves(width, height))
    expect(info.channels).toBe(4)
    expect(Math.max(info.width, info.height)).toBeLessThan(3000)
  })

  it('sets many components in rows', async () => {
    const { image, labels } = halves(60, 40)
    const weights = new Array<number>(40).fill(1 / 40)
    const { info } = await drawn({ image, labels: { ...labels, components: 40 }, weights })
    expect(Math.max(info.width, info.height)).toBeLessThan(3000)
    expect(info.height).toBeGreaterThan(6 * 40)
  })

  it('is transparent where the image is, and as much', async () => {
    const [width, height] = [400, 300]
    const { image, labels, weights } = halves(width, height)
    const data = new Uint8Array(width * height * 4)
    for (let pixel = 0; pixel < width * height; pixel++) {
      data.set(image.data.subarray(pixel * 3, pixel * 3 + 3), pixel * 4)
      data[pixel * 4 + 3] = pixel < width * 100 ? 0 : pixel < width * 200 ? 51 : 255
    }
    const counts = countColours(await drawn({ image: { width, height, channels: 4, data }, labels, weights }))
    for (const colour of ['255,0,0', '0,0,255']) {
      expect(counts.get(`${colour},255`)).toBe(2 * 200 * 100)
      expect(counts.get(`${colour},51`)).toBe(2 * 200 * 100)
    }
    // All panels are blank in the upper third, and half of those of the components below it.
    expect(counts.get('0,0,0,0')).toBe(3 * 400 * 100 + 2 * 200 * 200)
  })

  it('takes the mean of what a pixel of the figure covers, by area and opacity', async () => {
    // There is room for half of the row, so most pixels of the figure cover two and a part of a third.
    const width = 2700
    const data = Uint8Array.from({ length: width * 4 }, (_, i) => [60, 120, 240, 255][i % 4]!)
    for (let x = 0; x < width; x += 2) data.set([200, 0, 0, x % 4 === 0 ? 0 : 255], x * 4)
    const labels = labelRows(new Uint8Array(width), { width, height: 1, components: 1 })
    const { data: pixels, info } = await drawn({ image: { width, height: 1, channels: 4, data }, labels, weights: [1] })
    const row = Array.from({ length: info.height }, (_, y) =>
      pixels.subarray(y * info.width * 4, (y + 1) * info.width * 4),
    )
    const shown = row.find(line => line.subarray(24 * 4, 24 * 4 + 4)[3]! < 255)!
    const panelWidth = (info.width - 24) / 2 - 24
    let [opacity, red] = [0, 0]
    for (let x = 0; x < panelWidth; x++) {
      const at = (24 + x) * 4
      opacity += shown[at + 3]!
      red += (shown[at]! * shown[at + 3]!) / 255
    }
    // Of four pixels one is transparent, two are blue and one is red.
    expect(opacity / panelWidth / 255).toBeCloseTo(0.75, 2)
    expect(red / panelWidth).toBeCloseTo((2 * 60 + 200) / 4, 0)
  })
})
