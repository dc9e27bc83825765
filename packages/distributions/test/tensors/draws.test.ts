import { gamma as gamma64, gammaCumulative } from '@conjugate/distributions'
import { gamma, scoreFunction } from '@conjugate/distributions/tensors'
import { right } from '@conjugate/testing'
import { tensorBackends } from '@conjugate/testing/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { dot, near } from './batch.js'
import { partsOf, type Value } from './questions.js'
import { directionsOf } from './row.js'
import { rows } from './rows.js'

const DRAWS = 300
const SEEDS = 12

const average = (values: ReadonlyArray<number>): number => values.reduce((a, b) => a + b, 0) / values.length
const deviation = (values: ReadonlyArray<number>): number => {
  const mean = average(values)
  return Math.sqrt(average(values.map(v => (v - mean) ** 2)))
}

/** What a family draws with one seed, and its gradient: numbers of the first backend, which those of the others are. */
const seen = new Map<string, number[]>()

describe.each(tensorBackends)('draws on %s', (_, activate) => {
  beforeEach(async () => {
    await activate()
  })

  test.each(rows.map(r => [r.name, r] as const))('%s: moments, and gradients of them', (name, { tensors, members }) => {
    tf.tidy(() => {
      const p = tensors.lift(members.at(-1)!)
      const names = Object.keys(p)
      const named = (parts: tf.Tensor[]) => Object.fromEntries(names.map((name, i) => [name, parts[i]!]))
      // What is known of the draws: expected statistics, or the mean of what is no exponential family.
      const flat = (t: tf.Tensor) => tf.reshape(t, [t.shape[0]!, -1])
      const of = (x: Value): tf.Tensor => flat(tensors.statistic ? tensors.statistic(x) : (x as tf.Tensor))
      const target = (q: Record<string, tf.Tensor>): tf.Tensor =>
        tf.reshape(tensors.expectedStatistic ? tensors.expectedStatistic(q) : (tensors.mean(q) as tf.Tensor), [-1])

      const some = tf.tensor1d(Array.from({ length: target(p).size }, (_, j) => Math.cos(1 + j)))
      const one = (q: Record<string, tf.Tensor>) => tf.sum(tf.mul(some, of(tensors.sample(q)([20], 9))))
      const numbers = Object.values(partsOf(tensors.sample(p)([20], 9))).flatMap(t => Array.from(t.dataSync()))
      if (tensors.reparameterised)
        for (const t of tf.grads((...parts: tf.Tensor[]) => one(named(parts)))(Object.values(p)))
          numbers.push(...t.dataSync())
      const before = seen.get(name)
      if (before !== undefined) {
        for (const [i, v] of before.entries()) near(numbers[i]!, v, 1e-4, 'the same on another backend')
        return
      }
      seen.set(name, numbers)

      const x = tensors.sample(p)([SEEDS, DRAWS], 3)
      for (const [part, t] of Object.entries(partsOf(x))) {
        expect(t.shape.slice(0, 2), part).toEqual([SEEDS, DRAWS])
        const again = partsOf(tensors.sample(p)([SEEDS, DRAWS], 3))[part]!
        expect(again.dataSync()).toEqual(t.dataSync())
        expect(partsOf(tensors.sample(p)([SEEDS, DRAWS], 4))[part]!.dataSync()).not.toEqual(t.dataSync())
      }
      expect(Array.from(tensors.logProb(p)(x).dataSync()).every(Number.isFinite)).toBe(true)
      const all = of(tensors.sample(p)([SEEDS * DRAWS], 3)).arraySync() as number[][]
      const expected = Array.from(target(p).dataSync())
      const spreads = expected.map((_, j) => deviation(all.map(row => row[j]!)))
      expected.forEach((v, j) => {
        const error = spreads[j]! / Math.sqrt(all.length)
        expect(Math.abs(average(all.map(row => row[j]!)) - v), `moment ${j}`).toBeLessThanOrEqual(
          5 * error + 1e-5 * Math.max(1, Math.abs(v)),
        )
      })

      // One number of all moments, in their own units.
      const weights = tf.tensor1d(spreads.map((s, j) => (s > 0 ? Math.cos(1 + j) / s : 0)))
      const summed = (q: Record<string, tf.Tensor>) => tf.sum(tf.mul(weights, target(q)))
      const exact = tf
        .grads((...parts: tf.Tensor[]) => summed(named(parts)))(Object.values(p))
        .map(t => t.dataSync())
      const estimates = Array.from({ length: SEEDS }, (_, seed) =>
        tf.tidy(() => {
          const drawn = tensors.reparameterised ? undefined : tensors.sample(p)([DRAWS], seed)
          const number = (y: Value) => tf.sum(tf.mul(weights, tf.sub(of(y), tf.tensor1d(expected))), -1)
          const f = (...parts: tf.Tensor[]) => {
            const q = named(parts)
            if (drawn === undefined) return tf.mean(number(tensors.sample(q)([DRAWS], seed)))
            return tf.mean(scoreFunction<typeof q, Value>(tensors)(q)(drawn, number(drawn)))
          }
          return tf
            .grads(f)(Object.values(p))
            .map(t => Array.from(t.dataSync()))
        }),
      )
      names.forEach((name, i) => {
        for (const along of directionsOf(name, Array.from(p[name]!.dataSync()))) {
          const slopes = estimates.map(e => dot(e[i]!, along))
          const wanted = dot(Array.from(exact[i]!), along)
          const error = deviation(slopes) / Math.sqrt(SEEDS - 1)
          expect(Math.abs(average(slopes) - wanted), `${name}: ${average(slopes)} for ${wanted}`).toBeLessThanOrEqual(
            5 * error + 1e-3 * Math.max(1, Math.abs(wanted)),
          )
        }
      })
    })
  })

  test('a gamma draw moves at a fixed probability', () => {
    for (const shape of [1, 1.7, 4, 30, 400, 999, 1001, 2e4]) {
      const [x, slope] = tf.tidy(() => {
        const draw = (a: tf.Tensor) => gamma.sample({ shape: a, rate: tf.scalar(1) })([40], 5)
        const at = tf.scalar(shape)
        const values = Array.from(draw(at).dataSync())
        const slopes = values.map(
          (_, i) =>
            tf
              .grad((a: tf.Tensor) => tf.sum(tf.slice(draw(a), i, 1)))(at)
              .dataSync()[0]!,
        )
        return [values, slopes] as const
      })
      const h = 1e-4 * Math.sqrt(shape)
      x.forEach((v, i) => {
        const below = (a: number) => gammaCumulative.cdf(right(gamma64.make({ shape: a, rate: 1 })))(v)
        const density = Math.exp(gamma64.logProb(right(gamma64.make({ shape, rate: 1 })))(v))
        const expected = -(below(shape + h) - below(shape - h)) / (2 * h) / density
        near(slope[i]!, expected, 2e-5 * Math.max(1, Math.sqrt(shape) / 20), `slope at ${shape}`)
      })
    }
  })
})
