import { readFileSync } from 'node:fs'
import { multivariateNormal, normalInverseWishart } from '@conjugate/distributions'
import {
  contrastField,
  type Field,
  fieldEnergy,
  foregroundModel,
  labOf,
  type RgbImage,
  type Segmentation,
  type SegmentOptions,
  segment,
} from '@conjugate/images'
import { logGamma } from '@conjugate/linalg'
import { fit, gaussianMixture } from '@conjugate/models'
import { right } from '@conjugate/testing'
import { describe, expect, test } from 'vitest'
import { pairsOf, randomCosts, randomField } from './support/fields.js'
import { wholeNumbers } from './support/random.js'
import { striped } from './support/striped.js'

const found = async (image: RgbImage, options: SegmentOptions, model = foregroundModel()): Promise<Segmentation> =>
  right(await segment(model, image, options)())

/** The prior of the page, from the colours of a picture on. */
const priorOf = (image: RgbImage, clusters: number) => {
  const lab = labOf(image)
  const pixels = image.width * image.height
  const columns = [0, 1, 2].map(c => Array.from({ length: pixels }, (_, n) => lab[3 * n + c]!))
  const mean = columns.map(v => v.reduce((a, b) => a + b, 0) / pixels)
  const variance = columns.map((v, c) => v.reduce((s, x) => s + (x - mean[c]!) ** 2, 0) / pixels)
  const degreesOfFreedom = 5 + pixels / 1000
  const scale = variance.map((v, i) =>
    variance.map((_, j) => (i === j ? v * clusters ** (-2 / 3) + (degreesOfFreedom + 5) * (2 / 255) ** 2 : 0)),
  )
  return { mean, meanPrecision: 0.01, degreesOfFreedom, scale }
}

/** N x 2: log p(x | y, theta). */
const logsOf = (image: RgbImage, { background, foreground }: Pick<Segmentation, 'background' | 'foreground'>) => {
  const lab = labOf(image)
  const both = [background, foreground].map(({ weights, components }) => {
    const logs = components.map(c => multivariateNormal.logProb(c))
    return (x: Float64Array) => Math.log(logs.reduce((s, log, k) => s + weights[k]! * Math.exp(log(x)), 0))
  })
  return Float64Array.from({ length: 2 * image.width * image.height }, (_, i) => {
    const n = Math.floor(i / 2)
    return both[i % 2]!(lab.subarray(3 * n, 3 * n + 3))
  })
}

const logPriorOf = (image: RgbImage, { background, foreground }: Pick<Segmentation, 'background' | 'foreground'>) => {
  const k = background.components.length
  const prior = right(normalInverseWishart.make(priorOf(image, Math.max(2, k))))
  const all = [...background.components, ...foreground.components]
  return all.reduce((s, c) => s + normalInverseWishart.logProb(prior)(c), 2 * logGamma(k))
}

/** log p(x | y, theta) minus what neighbours that differ lose. */
const gainOf = (field: Field, logs: Float64Array, labels: ArrayLike<number>): number => {
  let sum = 0
  for (let n = 0; n < labels.length; n++) sum += logs[2 * n + labels[n]!]!
  return sum - right(fieldEnergy(field, labels))
}

const noisy = (width: number, height: number, seed: number): RgbImage => {
  const next = wholeNumbers(seed)
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const column = Math.floor(i / 3) % width
    return (column < width / 2 ? 90 : 130) + next(90)
  })
  return { width, height, data }
}

const page = readFileSync(new URL('../../../docs/image-priors.md', import.meta.url), 'utf8')

const claims: Readonly<Record<string, () => Promise<void>>> = {
  'F1: the objective is J, with every constant': async () => {
    for (const [image, options] of [
      [striped(90, 65, 1).image, { box: striped(90, 65, 1).box }],
      [noisy(30, 20, 2), { box: { x: 0, y: 0, width: 15, height: 20 } }],
    ] as const) {
      const result = await found(image, options)
      const field = right(contrastField(image))
      const expected = gainOf(field, logsOf(image, result), result.labels) + logPriorOf(image, result)
      expect(Math.abs(result.objective / expected - 1)).toBeLessThan(1e-11)
    }
  },

  'F2: of all labels, those that are found have the highest J': async () => {
    for (let seed = 0; seed < 6; seed++) {
      const image = noisy(4, 4, seed)
      // A stroke on one pixel of each side.
      const at = (n: number) => Uint8Array.from({ length: 16 }, (_, m) => (m === n ? 1 : 0))
      const model = foregroundModel({ components: 1 + (seed % 2), smoothness: 0.3 })
      const result = await found(image, { foreground: at(0), background: at(15) }, model)
      const field = right(contrastField(image, { smoothness: 0.3 }))
      const logs = logsOf(image, result)
      let highest = Number.NEGATIVE_INFINITY
      const labels = new Uint8Array(16)
      for (let all = 0; all < 2 ** 16; all++) {
        for (let n = 0; n < 16; n++) labels[n] = (all >> n) & 1
        if (labels[0] !== 1 || labels[15] !== 0) continue
        // Parts of the foreground without the stroke are background, too.
        highest = Math.max(highest, isJoined(labels) ? gainOf(field, logs, labels) : highest)
      }
      expect(gainOf(field, logs, result.labels)).toBeGreaterThan(highest - 16 / 1024)
    }
  },

  'F3: a cut of the network costs as much as its labels, but for a constant': async () => {
    const next = wholeNumbers(4)
    for (let seed = 0; seed < 20; seed++) {
      const [field, costs] = [randomField(5, 4, 3000, seed), randomCosts(20, 4000, seed + 30)]
      const labels = Uint8Array.from({ length: 20 }, () => next(2))
      // Pixels labelled 0 are on the side of the source.
      let cut = 0
      for (const [n, c] of costs.entries()) {
        if (c > 0 && labels[n] === 1) cut += c
        if (c < 0 && labels[n] === 0) cut -= c
      }
      for (const [m, n, units] of pairsOf(field)) if (labels[m] !== labels[n]) cut += units / 1024
      const energy = costs.reduce((s, c, n) => s + c * labels[n]!, right(fieldEnergy(field, labels)))
      expect(cut).toBeCloseTo(energy - costs.reduce((s, c) => s + Math.min(c, 0), 0), 9)
    }
  },

  'F4: EM steps of a mixture under labels never lower J': async () => {
    const image = striped(60, 40, 2).image
    const lab = labOf(image)
    const next = wholeNumbers(8)
    const labels = Uint8Array.from({ length: 2400 }, () => next(2))
    const prior = priorOf(image, 5)
    for (const label of [0, 1]) {
      const rows = Array.from(labels.keys())
        .filter(n => labels[n] === label)
        .map(n => Array.from(lab.subarray(3 * n, 3 * n + 3)))
      const mixture = gaussianMixture({ components: 5, concentration: 1, prior })
      const { objectives } = right(await fit(mixture, rows, { seed: 1, iterations: 12 })())
      expect(objectives.length).toBeGreaterThan(4)
      for (let i = 1; i < objectives.length; i++)
        expect(objectives[i]! - objectives[i - 1]!).toBeGreaterThan(-1e-11 * Math.abs(objectives[i]!))
    }
  },

  'F5: J never falls': async () => {
    const { image, box, mask } = striped(120, 90, 3)
    const stroke = (label: number) => mask.map((m, n) => (m === label && Math.floor(n / 120) === 45 ? 1 : 0))
    const hints: ReadonlyArray<SegmentOptions> = [{ box }, {}, { foreground: stroke(1), background: stroke(0) }]
    for (const hint of hints)
      for (const acceleration of ['none', 'squarem'] as const)
        for (const smoothness of [0, 0.02, 0.05, 0.2]) {
          const result = await found(image, { ...hint, acceleration }, foregroundModel({ smoothness }))
          for (const objectives of [result.objectives, result.coarse.objectives])
            for (let i = 1; i < objectives.length; i++)
              expect(objectives[i]!).toBeGreaterThanOrEqual(objectives[i - 1]!)
        }
  },
}

/** Whether all ones of a picture of 4 x 4 hang together with the first pixel. */
const isJoined = (labels: Uint8Array): boolean => {
  const seen = new Set([0])
  const stack = [0]
  while (stack.length > 0) {
    const n = stack.pop()!
    for (const [x, y] of [-1, 0, 1].flatMap(dx => [-1, 0, 1].map(dy => [(n % 4) + dx, (n >> 2) + dy] as const))) {
      const m = 4 * y + x
      if (x < 0 || x > 3 || y < 0 || y > 3 || labels[m] === 0 || seen.has(m)) continue
      seen.add(m)
      stack.push(m)
    }
  }
  return labels.reduce((sum, v) => sum + v, 0) === seen.size
}

describe('the derivations of the page', () => {
  test.each(Object.entries(claims))('%s', async (_, check) => check())

  test('all have a test', () => {
    const claimed = Array.from(page.matchAll(/^- \*\*(F\d+)\.\*\*/gm), ([, name]) => name)
    expect(Object.keys(claims).map(name => name.split(':')[0])).toEqual(claimed)
  })
})
