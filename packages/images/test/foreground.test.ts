import { multivariateNormal, normalInverseWishart } from '@conjugate/distributions'
import {
  contrastField,
  fieldEnergy,
  foregroundModel,
  labOf,
  type RgbImage,
  type Segmentation,
  type SegmentOptions,
  segment,
  smoothComponents,
} from '@conjugate/images'
import { logGamma } from '@conjugate/linalg'
import { describeFitError } from '@conjugate/models'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, test } from 'vitest'
import { wholeNumbers } from './support/random.js'
import { overlap, striped } from './support/striped.js'

const model = foregroundModel()
const found = async (image: RgbImage, options: SegmentOptions = {}, given = model): Promise<Segmentation> => {
  const result = await segment(given, image, { threads: 1, ...options })()
  if (E.isLeft(result)) throw new Error(describeFitError(result.left))
  return result.right
}

const expectAscent = ({ objectives, objective }: Segmentation): void => {
  expect(objectives.at(-1)).toBe(objective)
  for (let i = 1; i < objectives.length; i++) expect(objectives[i]!).toBeGreaterThanOrEqual(objectives[i - 1]!)
}

describe('the foreground of a picture', () => {
  const { image, mask, box } = striped(180, 130, 1)
  /** All pixels of a label in four rows. */
  const stroke = (label: number, ...rows: ReadonlyArray<number>): Uint8Array =>
    mask.map((m, n) => (m === label && rows.some(row => n >= row * 180 && n < (row + 4) * 180) ? 1 : 0))

  test.each<[string, SegmentOptions, number]>([
    ['by a box', { box }, 0.97],
    ['by strokes', { foreground: stroke(1, 60), background: stroke(0, 20, 110) }, 0.95],
    ['by strokes and a box', { box, foreground: stroke(1, 60) }, 0.95],
    ['by nothing', {}, 0.95],
  ])('is found %s', async (_, options, least) => {
    const result = await found(image, options)
    expect(overlap(result.labels, mask)).toBeGreaterThan(least)
    expectAscent(result)
    expect(result.certainty !== undefined).toBe(Object.keys(options).length === 0)
    expect(await found(image, options)).toEqual(result)
  })

  test('may be told data last, by a model that is an Either or by none', async () => {
    const one = await found(image, { box })
    expect(right(await pipe(model, segment(image, { box, threads: 1 }))())).toEqual(one)
    expect(await segment(foregroundModel({ components: 0 }), image)()).toMatchObject(
      E.left({ option: 'components', received: '0' }),
    )
  })

  test('is known where it was said', async () => {
    const foreground = stroke(1, 60)
    const background = stroke(0, 20, 110)
    const { labels } = await found(image, { foreground, background })
    for (let n = 0; n < labels.length; n++) {
      if (foreground[n]) expect(labels[n]).toBe(1)
      if (background[n]) expect(labels[n]).toBe(0)
    }
    const boxed = await found(image, { box })
    const outside = boxed.labels.filter((label, n) => label === 1 && n % 180 < box.x)
    expect(outside.length).toBe(0)
  })

  test('is the same by another executor', async () => {
    const [one, other] = [await found(image, { box }), await found(image, { box, backend: 'javascript' })]
    expect(other.labels).toEqual(one.labels)
    expect(other.objective / one.objective).toBeCloseTo(1, 10)
  })

  test.each<[string, RgbImage, SegmentOptions]>([
    ['at its own size alone', image, { coarsePixels: 1e6 }],
    ['after a smaller one', image, {}],
    ['of little contrast', { ...image, data: image.data.map(v => 180 + v / 8) }, {}],
  ])('has the objective of its definition, with every constant (%s)', async (_, picture, options) => {
    const { labels, background, foreground, objective, parts } = await found(picture, { box, ...options })
    const lab = labOf(picture)
    const pixels = 180 * 130
    const columns = [0, 1, 2].map(c => Array.from({ length: pixels }, (_, n) => lab[3 * n + c]!))
    const mean = columns.map(v => v.reduce((a, b) => a + b, 0) / pixels)
    const variance = columns.map((v, c) => v.reduce((s, x) => s + (x - mean[c]!) ** 2, 0) / pixels)
    const degreesOfFreedom = 5 + pixels / 1000
    const prior = right(
      normalInverseWishart.make({
        mean,
        meanPrecision: 0.01,
        degreesOfFreedom,
        scale: variance.map((v, i) =>
          variance.map((_, j) => (i === j ? v * 5 ** (-2 / 3) + (degreesOfFreedom + 5) * (2 / 255) ** 2 : 0)),
        ),
      }),
    )
    let likelihood = 0
    for (let n = 0; n < pixels; n++) {
      const { weights, components } = labels[n] === 1 ? foreground : background
      const x = Array.from(lab.subarray(3 * n, 3 * n + 3))
      const p = components.reduce((s, c, k) => s + weights[k]! * Math.exp(multivariateNormal.logProb(c)(x)), 0)
      likelihood += Math.log(p)
    }
    const logPrior =
      [...background.components, ...foreground.components].reduce(
        (s, c) => s + normalInverseWishart.logProb(prior)(c),
        0,
      ) +
      2 * logGamma(5)
    const field = -right(fieldEnergy(right(contrastField(picture)), labels))
    expect(parts.likelihood / likelihood).toBeCloseTo(1, 11)
    expect(parts.logPrior / logPrior).toBeCloseTo(1, 11)
    expect(parts.field).toBeCloseTo(field, 9)
    expect(parts.leaning).toBe(0)
    expect(objective).toBeCloseTo(likelihood + field + logPrior, 5)
  })

  test('without smoothness every pixel has the label that fits its colour better', async () => {
    const plain = await found(image, { box }, foregroundModel({ smoothness: 0 }))
    const { parts, labels } = plain
    expect(parts.field).toBe(0)
    const byColour = new Map<string, Set<number>>()
    for (let n = 0; n < labels.length; n++) {
      const [column, row] = [n % 180, Math.floor(n / 180)]
      if (column < box.x || column >= box.x + box.width || row < box.y || row >= box.y + box.height) continue
      const key = String(image.data.subarray(3 * n, 3 * n + 3))
      byColour.set(key, (byColour.get(key) ?? new Set()).add(labels[n]!))
    }
    expect([...byColour.values()].every(set => set.size === 1)).toBe(true)
  })

  test('of a large picture is labelled in windows, with parameters of a smaller one', async () => {
    const large = striped(1000, 800, 2)
    const result = await found(large.image, { box: large.box, finePixels: 60_000 })
    expect(result.fitted).toEqual({ width: 250, height: 200 })
    expect(overlap(result.labels, large.mask)).toBeGreaterThan(0.97)
    const whole = await found(large.image, { box: large.box, finePixels: 1e6 })
    expect(overlap(result.labels, whole.labels)).toBeGreaterThan(0.99)
  })

  test('has the same labels in 16 bits', async () => {
    const deep = { ...image, data: Uint16Array.from(image.data, v => 257 * v) }
    expect((await found(deep, { box })).labels).toEqual((await found(image, { box })).labels)
  })

  test('SQUAREM never falls either', async () => {
    const result = await found(image, { box, acceleration: 'squarem' })
    expectAscent(result)
    expect(overlap(result.labels, mask)).toBeGreaterThan(0.95)
  })

  test('says where it stands, and may be cancelled', async () => {
    const told: number[] = []
    const last = { objective: 0, labels: new Uint8Array() }
    const result = await found(image, {
      box,
      onIteration: ({ share, objective, found }) => {
        told.push(share)
        expect(found === undefined).toBe(objective === undefined)
        if (found !== undefined) Object.assign(last, { objective, labels: found.labels.slice() })
        expect(found?.labels.length).toBe(found && found.width * found.height)
      },
    })
    expect(told.length).toBeGreaterThan(5)
    expect(last).toEqual({ objective: result.objective, labels: result.labels })
    for (let i = 1; i < told.length; i++) expect(told[i]!).toBeGreaterThanOrEqual(told[i - 1]!)
    const controller = new AbortController()
    const onIteration = () => controller.abort()
    expect(await segment(model, image, { box, onIteration, signal: controller.signal })()).toMatchObject(
      E.left({ _tag: 'Cancelled' }),
    )
    const failing = () => {
      throw new Error('no room')
    }
    expect(await segment(model, image, { box, onIteration: failing })()).toMatchObject(
      E.left({ _tag: 'CallbackFailed', callback: 'onIteration', reason: 'no room' }),
    )
  })
})

describe('a picture that says little', () => {
  const of = (width: number, height: number, colourOf: (n: number) => number): RgbImage => ({
    width,
    height,
    data: Uint8Array.from({ length: 3 * width * height }, (_, i) => colourOf(Math.floor(i / 3))),
  })
  const box = { x: 2, y: 0, width: 3, height: 1 }
  test.each<[string, RgbImage, SegmentOptions]>([
    ['one colour', of(30, 20, () => 90), { box }],
    ['one colour and no hint', of(30, 20, () => 90), {}],
    ['two colours', of(30, 20, n => (n % 30 < 15 ? 10 : 240)), {}],
    [
      'two colours and a box',
      of(30, 20, n => (n % 30 < 15 ? 10 : 240)),
      { box: { x: 0, y: 0, width: 16, height: 20 } },
    ],
    ['one row', of(50, 1, n => (n * 7) % 256), { box }],
    ['one column', of(1, 50, n => (n * 7) % 256), {}],
    ['one pixel', of(1, 1, () => 7), {}],
    ['one pixel with a stroke', of(1, 1, () => 7), { foreground: [1] }],
    ['two pixels', of(2, 1, n => n * 255), { foreground: [1, 0] }],
    ['all of it is foreground', of(6, 4, n => n), { foreground: new Uint8Array(24).fill(1) }],
  ])('has labels for all pixels: %s', async (_, image, options) => {
    const result = await found(image, options)
    expect(result.labels.length).toBe(image.width * image.height)
    expect(Number.isFinite(result.objective)).toBe(true)
    expectAscent(result)
    if (options.foreground)
      for (let n = 0; n < result.labels.length; n++) if (options.foreground[n]) expect(result.labels[n]).toBe(1)
  })

  test('two halves are told apart', async () => {
    const image = of(30, 20, n => (n % 30 < 15 ? 10 : 240))
    const { labels } = await found(image, { foreground: Array.from({ length: 600 }, (_, n) => n === 0) })
    expect(Array.from(labels)).toEqual(Array.from({ length: 600 }, (_, n) => (n % 30 < 15 ? 1 : 0)))
  })
})

describe('what is wrong with hints', () => {
  const { image } = striped(40, 30, 3)
  const none = new Uint8Array(1200)
  const at = (...pixels: number[]): Uint8Array => {
    const stroke = none.slice()
    for (const n of pixels) stroke[n] = 1
    return stroke
  }
  test.each<[string, object, unknown]>([
    [
      'a box outside',
      { box: { x: 40, y: 0, width: 3, height: 3 } },
      { option: 'box', expected: expect.stringContaining('40 x 30') },
    ],
    ['a box of nothing', { box: { x: 1, y: 1, width: 0, height: 3 } }, { option: 'box.width' }],
    [
      'a box of all',
      { box: { x: 0, y: 0, width: 40, height: 30 } },
      { option: 'box', expected: expect.stringContaining('outside of it') },
    ],
    ['a box of four numbers', { box: [1, 2, 3, 4] }, { option: 'box' }],
    ['an empty stroke', { foreground: none }, { option: 'foreground', received: 'none' }],
    ['a stroke of another size', { background: [1, 0] }, { option: 'background', expected: '1200 values' }],
    ['a pixel that is both', { foreground: at(41), background: at(41, 42) }, { received: 'one at column 1, row 1' }],
    [
      'a stroke outside of the box',
      { box: { x: 5, y: 5, width: 9, height: 9 }, foreground: at(0) },
      { option: 'foreground' },
    ],
    ['an unknown option', { rectangle: 1 }, { option: 'rectangle' }],
    ['too few pixels', { coarsePixels: 3 }, { option: 'coarsePixels' }],
  ])('is said in one line: %s', async (_, options, error) => {
    const result = await segment(model, image, options as never)()
    expect(result).toMatchObject(E.left({ _tag: 'InvalidOption', ...(error as object) }))
    if (E.isLeft(result)) expect(describeFitError(result.left)).not.toContain('\n')
  })

  test.each<[string, unknown, unknown]>([
    ['no model', undefined, image],
    ['a number', 3, image],
    ['no picture', model, undefined],
    ['a picture of nothing', model, { width: 1, height: 1, data: undefined }],
  ])('and with arguments: %s', async (_, given, picture) => {
    const result = segment(given as typeof model, picture as RgbImage)
    expect(await result()).toMatchObject(E.left({ _tag: 'InvalidOption' }))
  })
})

describe('what nobody has to choose', () => {
  const { image, mask, box } = striped(240, 180, 5)

  test.each([0.0375, 0.075])('a smoothness of %f finds the same', async smoothness => {
    const [usual, other] = [await found(image, { box }), await found(image, { box }, foregroundModel({ smoothness }))]
    expect(Math.abs(overlap(usual.labels, mask) - overlap(other.labels, mask))).toBeLessThan(0.02)
  })

  test('a picture of half the size has the same', async () => {
    const half = striped(120, 90, 5)
    const [usual, other] = [await found(image, { box }), await found(half.image, { box: half.box })]
    expect(Math.abs(overlap(usual.labels, mask) - overlap(other.labels, half.mask))).toBeLessThan(0.04)
  })

  test('of two colours a guess is one', async () => {
    const two = {
      width: 30,
      height: 20,
      data: Uint8Array.from({ length: 1800 }, (_, i) => (Math.floor(i / 3) % 30 < 15 ? 10 : 240)),
    }
    const { labels } = await found(two, {})
    expect(labels.filter(label => label === 1)).toHaveLength(300)
    expect(new Set(Array.from(labels, (label, n) => `${label} ${two.data[3 * n]}`)).size).toBe(2)
  })

  test('a smoothness that a cut has no room for is an error', async () => {
    const error = { _tag: 'InvalidOption', option: 'smoothness times sqrt(N)' }
    expect(await segment(foregroundModel({ smoothness: 1e9 }), image, { box })()).toMatchObject(E.left(error))
    expect(await smoothComponents(image, { components: 3, smoothness: 1e9 })()).toMatchObject(E.left(error))
  })

  test('a guess always leaves something, and never all', async () => {
    const next = wholeNumbers(4)
    const noise = { width: 60, height: 40, data: Uint8Array.from({ length: 7200 }, () => next(256)) }
    const ramp = {
      width: 60,
      height: 40,
      data: Uint8Array.from({ length: 7200 }, (_, i) => 4 * (Math.floor(i / 3) % 60)),
    }
    for (const picture of [noise, ramp, image]) {
      const { labels } = await found(picture, {})
      const share = labels.reduce((sum, label) => sum + label, 0) / labels.length
      expect(share).toBeGreaterThan(0)
      expect(share).toBeLessThan(1)
    }
  })
})
