import { normalInverseGamma, normalInverseGammaPrior, productPrior, random } from '@conjugate/distributions'
import { centreOf } from '@conjugate/linalg'
import { conjugateMixture, fit, predict } from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { mixtures } from './mixtures.js'
import { clouds, gaussians } from './support.js'

/** What files hold where nothing was measured, and more. */
const fills = [-9999, 9.969209968386869e36, 1e300]

/** Another observation of the same kind that is as wild as the kind allows. */
const wild = (x: unknown, fill: number): unknown => {
  if (typeof x === 'number') return Math.min(Math.abs(fill), 1e15)
  if (x instanceof Float64Array) return x.map(v => -v)
  if (Array.isArray(x)) {
    if (x.every(v => v === 0 || v === 1)) return x.map(v => 1 - v)
    const areCounts = x.every(v => Number.isInteger(v) && v >= 0)
    return x.map(() => (areCounts ? Math.min(Math.abs(fill), 1e15) : fill))
  }
  const cells = x as Readonly<Record<string, unknown>>
  if ('exposure' in cells) return { count: 1e15, exposure: Math.abs(fill) }
  if ('time' in cells) return { time: Math.abs(fill), event: 1 }
  if ('at' in cells) return { at: [fill, -fill], visits: 1e12, colour: 2 }
  return 'height' in cells ? { height: fill, visits: 1e12, colour: 2 } : { ...cells, a: 0, b: 0 }
}

const interleaved = <X>(observations: ReadonlyArray<X>, times: number, fill: number) => {
  const all = observations.flatMap(x => [...new Array<X>(times).fill(wild(x, fill) as X), x])
  return { all, rowWeights: Float64Array.from(all, (_, n) => (n % (times + 1) === times ? 1 : 0)) }
}

describe.each(mixtures.map(r => [r.name, r] as const))('%s', (_, { mixture, observations }) => {
  const few = observations.slice(0, 60)

  test.each([
    ['half', 1],
    ['four fifths', 4],
  ])('%s of the rows with a weight of 0 change no bit of a fit', async (_share, times) => {
    for (const _tag of ['distinct-rows', 'k-means'] as const) {
      const options = { start: { _tag }, iterations: 5, seed: 3 } as const
      const alone = await rightOf(fit(mixture, few, options))
      for (const fill of fills) {
        const { all, rowWeights } = interleaved(few, times, fill)
        const { assignments, ...masked } = await rightOf(fit(mixture, all, { ...options, rowWeights }))
        expect({ ...masked, assignments: assignments.filter((_label, n) => rowWeights[n] === 1) }).toEqual(alone)
      }
    }
  })

  test('what is said of a row does not depend on the others', async () => {
    const fitted = await rightOf(fit(mixture, few, { start: { _tag: 'k-means' }, iterations: 20 }))
    const beside = [...few.slice(0, 7), ...few.map(x => wild(x, 1e16) as (typeof few)[number]), ...few.slice(7)]
    const among = await rightOf(predict(mixture, fitted, beside))
    const k = among.responsibilities.columns
    for (const n of [0, 3, 6]) {
      const alone = await rightOf(predict(mixture, fitted, [beside[n]!]))
      expect(alone.logProb[0]).toBe(among.logProb[n])
      expect(alone.assignments[0]).toBe(among.assignments[n])
      expect(Array.from(alone.responsibilities.data)).toEqual(
        Array.from(among.responsibilities.data).slice(n * k, (n + 1) * k),
      )
    }
  })
})

describe('rows of weight 0', () => {
  const rows = clouds(100)
  const masked = { rows: 102, columns: 2, data: Float64Array.from([1e300, -1e300, ...rows.data, 0, 0]) }
  const rowWeights = Float64Array.from({ length: 102 }, (_, n) => (n === 0 || n === 101 ? 0 : 1))

  test('are none to start about', async () => {
    const start = { _tag: 'rows', indices: [1, 101] } as const
    const result = await fit(gaussians(2), masked, { rowWeights, start })()
    expect(result).toMatchObject(E.left({ _tag: 'InvalidOption', option: 'indices of the starting means' }))
  })

  test('have a component of their own, and known components of others hold', async () => {
    const labels = Int32Array.from({ length: 102 }, (_, n) => (n > 0 && n < 20 ? (n + 1) % 2 : -1))
    const start = { _tag: 'labels', labels } as const
    const { assignments, components } = await rightOf(fit(gaussians(2), masked, { rowWeights, labels, start }))
    const nearest = components.findIndex(c => Math.abs(c.mean[0]!) < 1)
    expect(assignments[101]).toBe(nearest)
    const without = await rightOf(
      fit(gaussians(2), rows, {
        labels: labels.slice(1, 101),
        start: { _tag: 'labels', labels: labels.slice(1, 101) },
      }),
    )
    expect(components).toEqual(without.components)
  })

  test('that are no numbers are errors all the same', async () => {
    const broken = { ...masked, data: Float64Array.from(masked.data, (v, i) => (i === 0 ? Number.NaN : v)) }
    const result = await fit(gaussians(2), broken, { rowWeights })()
    expect(result).toMatchObject(E.left({ _tag: 'NonFiniteData', row: 0, column: 0 }))
  })
})

describe('one wild cell of a table', () => {
  const stream = random(2)
  const heights = Array.from({ length: 120 }, (_, n) => ({ height: (n % 2) * 8 + stream.normal() }))
  const pair = productPrior({ height: normalInverseGammaPrior })
  const prior = { height: right(normalInverseGamma.make({ mean: 0, meanPrecision: 0.01, shape: 2, scale: 1 })) }
  const model = right(conjugateMixture(pair)({ components: 3, concentration: 2, prior }))

  test.each([1e4, 1e6, 999999999])('of %d costs the others no digits', async height => {
    const two = right(conjugateMixture(pair)({ components: 2, concentration: 2, prior }))
    const labels = [...heights.map((_, n) => n % 2), 2]
    const fitted = (mixture: typeof two, count: number) =>
      fit(mixture, [...heights, { height }].slice(0, count), {
        start: { _tag: 'labels', labels: labels.slice(0, count) },
        iterations: 300,
        tolerance: 1e-14,
      })
    const [without, beside] = [await rightOf(fitted(two, 120)), await rightOf(fitted(model, 121))]
    for (const [k, c] of without.components.entries())
      expect(Math.abs(beside.components[k]!.height.mean - c.height.mean)).toBeLessThan(1e-6)
  })
})

test('the centre is near most of the values that count', () => {
  const near = (at: number) => Array.from({ length: 2000 }, (_, n) => at + (n % 17) / 17)
  expect(centreOf([...near(1e6), 1e300, -1e300])).toBeCloseTo(1e6, -1)
  const masked = [...near(5), ...near(5).map(() => 1e20), ...near(5).map(() => 1e20)]
  expect(
    centreOf(
      masked,
      Float64Array.from(masked, v => (v === 1e20 ? 0 : 1)),
    ),
  ).toBeCloseTo(5, -1)
  // A thousand values about 1e6, and some that would lose most of their digits beside it.
  expect(centreOf([...near(1e6), ...near(1e6), ...near(0).map(v => v / 1e9)])).toBe(0)
  expect(centreOf([])).toBe(0)
  expect(centreOf([1, 2], [0, 0])).toBe(0)
  expect(centreOf([Number.NaN, 3])).toBe(3)
})
