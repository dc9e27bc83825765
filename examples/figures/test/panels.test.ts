import { segmentationPanels } from '@conjugate/figures'
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
  return { image: { width, height, rgb }, assignments, components: [{ weight: 0.5 }, { weight: 0.5 }] }
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
    const { image, assignments } = halves(60, 40)
    const components = Array.from({ length: 40 }, () => ({ weight: 1 / 40 }))
    const { info } = await drawn({ image, assignments, components })
    expect(Math.max(info.width, info.height)).toBeLessThan(3000)
    expect(info.height).toBeGreaterThan(6 * 40)
  })
})
