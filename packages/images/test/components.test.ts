import { multivariateNormal } from '@conjugate/distributions'
import {
  contrastField,
  fieldEnergy,
  labOf,
  type RgbImage,
  type SmoothComponentsOptions,
  smoothComponents,
} from '@conjugate/images'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { wholeNumbers } from './support/random.js'

/** Bands of colours from the left to the right, with noise. */
const flag = (
  width: number,
  height: number,
  bands: number,
): { readonly image: RgbImage; readonly truth: Uint8Array } => {
  const next = wholeNumbers(bands)
  const colours = [
    [180, 70, 70],
    [70, 170, 80],
    [80, 90, 180],
    [200, 190, 90],
    [60, 60, 60],
  ]
  const truth = Uint8Array.from({ length: width * height }, (_, n) => Math.floor(((n % width) * bands) / width))
  const data = Uint8Array.from({ length: 3 * truth.length }, (_, i) => {
    return colours[truth[Math.floor(i / 3)]!]![i % 3]! + next(61) + next(61) - 60
  })
  return { image: { width, height, data }, truth }
}

const found = async (image: RgbImage, options: SmoothComponentsOptions) =>
  right(await smoothComponents(image, options)())

/** The share of pixels whose component is not that of most of their band. */
const wrong = (labels: Uint8Array, truth: Uint8Array, bands: number): number => {
  const counts = Array.from({ length: bands }, () => new Array<number>(bands).fill(0))
  for (const [n, label] of labels.entries()) counts[truth[n]!]![label]!++
  const chosen = counts.map(row => row.indexOf(Math.max(...row)))
  expect(new Set(chosen).size).toBe(bands)
  return labels.filter((label, n) => label !== chosen[truth[n]!]).length / labels.length
}

describe('smooth components', () => {
  test.each([2, 3, 5])('%i of them are those of the picture', async bands => {
    const { image, truth } = flag(150, 90, bands)
    const smooth = await found(image, { components: bands })
    const plain = await found(image, { components: bands, smoothness: 0 })
    expect(wrong(smooth.labels, truth, bands)).toBeLessThan(0.002)
    expect(wrong(smooth.labels, truth, bands)).toBeLessThan(wrong(plain.labels, truth, bands) / 5)
    expect(smooth.components).toHaveLength(bands)
    for (const objectives of [smooth.objectives, smooth.coarse.objectives])
      for (let i = 1; i < objectives.length; i++) expect(objectives[i]!).toBeGreaterThanOrEqual(objectives[i - 1]!)
  })

  test('have the objective of its definition', async () => {
    const { image } = flag(60, 40, 3)
    const { labels, components, parts, objective } = await found(image, { components: 3 })
    const lab = labOf(image)
    const logs = components.map(component => multivariateNormal.logProb(component))
    const likelihood = labels.reduce((sum, label, n) => sum + logs[label]!(lab.subarray(3 * n, 3 * n + 3)), 0)
    expect(parts.likelihood).toBeCloseTo(likelihood, 6)
    expect(parts.field).toBeCloseTo(-right(fieldEnergy(right(contrastField(image)), labels)), 9)
    expect(objective).toBeCloseTo(parts.likelihood + parts.field + parts.logPrior, 6)
  })

  test('one of them is all of the picture, and more than there are colours stay empty', async () => {
    const { image } = flag(30, 20, 2)
    expect((await found(image, { components: 1 })).labels.every(label => label === 0)).toBe(true)
    const flat = { width: 30, height: 20, data: new Uint8Array(1800).fill(9) }
    expect(new Set((await found(flat, { components: 4 })).labels).size).toBe(1)
  })

  test('of a large picture are labelled in windows, with parameters of a smaller one', async () => {
    const { image, truth } = flag(900, 500, 3)
    const { labels, fitted } = await found(image, { components: 3, finePixels: 30_000 })
    expect(fitted).toEqual({ width: 225, height: 125 })
    expect(wrong(labels, truth, 3)).toBeLessThan(0.002)
  })

  test('are the same again, and drawn by a seed', async () => {
    const { image } = flag(60, 40, 5)
    const options = { components: 5, seed: 3, restarts: 4 }
    expect(await found(image, options)).toEqual(await found(image, options))
  })

  test('say where they stand, and may be cancelled', async () => {
    const { image } = flag(60, 40, 3)
    const told: number[] = []
    await found(image, { components: 3, finePixels: 600, onIteration: ({ share }) => void told.push(share) })
    expect(told.length).toBeGreaterThan(3)
    for (let i = 1; i < told.length; i++) expect(told[i]!).toBeGreaterThanOrEqual(told[i - 1]!)
    const controller = new AbortController()
    const onIteration = () => controller.abort()
    const cancelled = smoothComponents(image, { components: 3, onIteration, signal: controller.signal })
    expect(await cancelled()).toMatchObject(E.left({ _tag: 'Cancelled' }))
  })

  test.each<[string, unknown, unknown, unknown]>([
    ['no picture', undefined, { components: 2 }, { option: 'image' }],
    ['no options', flag(9, 9, 2).image, undefined, { option: 'options' }],
    ['no components', flag(9, 9, 2).image, { components: 0 }, { option: 'components', received: '0' }],
    ['too many', flag(9, 9, 2).image, { components: 257 }, { option: 'components' }],
    ['a box', flag(9, 9, 2).image, { components: 2, box: {} }, { option: 'box' }],
    ['a seed that is none', flag(9, 9, 2).image, { components: 2, seed: -1 }, { option: 'seed' }],
  ])('%s is an error', async (_, image, options, error) => {
    expect(await smoothComponents(image as never, options as never)()).toMatchObject(E.left(error))
  })
})
