import * as T from '@conjugate/distributions/tensors'
import { right } from '@conjugate/testing'
import { tensorBackends } from '@conjugate/testing/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Pair } from '../support/pair.js'
import { pairs } from '../support/pairs.js'
import { leavesNothing, near } from './batch.js'

type Parameters = Readonly<Record<string, tf.Tensor>>

/** A pair on tensors: what is known of it is what the float64 pair of the same name knows. */
interface OnTensors {
  readonly prior: () => T.TensorPrior<Parameters>
  readonly family: { readonly lift: (member: never) => Parameters }
  /** An observation that the likelihood cannot have. */
  readonly outside: number
}

const onTensors = <P>(prior: () => T.TensorPrior<P>, family: { lift: (member: never) => P }, outside: number) =>
  ({ prior, family, outside }) as unknown as OnTensors

const infinite = Number.POSITIVE_INFINITY
const table: Readonly<Record<string, OnTensors>> = {
  'normal-inverse-Wishart and multivariate normal': onTensors(
    () => T.normalInverseWishartPrior,
    T.normalInverseWishart,
    infinite,
  ),
  'Wishart and the precision of a multivariate normal': onTensors(
    () => T.wishartPrior(tf.tensor1d([1, -1])),
    T.wishart,
    infinite,
  ),
  'von Mises-Fisher and the mean direction of von Mises-Fishers': onTensors(
    () => T.meanDirectionPrior(3),
    T.vonMisesFisher,
    2,
  ),
  'Dirichlet and multinomial': onTensors(() => T.dirichletMultinomialPrior, T.dirichlet, -1),
  // Counts of any total are those of multinomials.
  'Dirichlet and counts of any total': onTensors(() => T.dirichletMultinomialPrior, T.dirichlet, -1),
  // A batch of one for each column.
  'normal-inverse-gammas and diagonal normal': onTensors(
    () => T.normalInverseGammaPrior,
    T.normalInverseGamma,
    infinite,
  ),
  'gammas and independent Poissons': onTensors(() => T.gammaPoissonPrior, T.gamma, 0.5),
  'betas and independent Bernoullis': onTensors(() => T.betaBernoulliPrior, T.beta, 2),
  'normal-inverse-gamma and isotropic normal': onTensors(
    () => T.isotropicNormalPrior,
    T.isotropicNormalInverseGamma,
    infinite,
  ),
  'normal-inverse-gamma and normal': onTensors(() => T.normalInverseGammaPrior, T.normalInverseGamma, infinite),
  'normal and the mean of a normal': onTensors(() => T.normalMeanPrior(Math.SQRT2), T.normal, infinite),
  'Dirichlet and categories': onTensors(() => T.dirichletPrior(3), T.dirichlet, 3),
  'gamma and Poisson': onTensors(() => T.gammaPoissonPrior, T.gamma, 0.5),
  'gamma and exponential': onTensors(() => T.gammaExponentialPrior, T.gamma, -1),
  'gamma and the precision of a normal': onTensors(() => T.gammaNormalPrior(0.75), T.gamma, infinite),
  'gamma and the rate of a gamma': onTensors(() => T.gammaRatePrior(2.5), T.gamma, 0),
  'inverse gamma and the variance of a normal': onTensors(
    () => T.inverseGammaNormalPrior(0.75),
    T.inverseGamma,
    infinite,
  ),
  'beta and Bernoulli': onTensors(() => T.betaBernoulliPrior, T.beta, 2),
  'beta and binomial': onTensors(() => T.betaBinomialPrior(7), T.beta, 8),
}

/** Whether observations are numbers or vectors, which are one tensor; columns of tables and of records are several. */
const areOneTensor = ({ observations: [x] }: Pair): boolean =>
  typeof x === 'number' || Array.isArray(x) || ArrayBuffer.isView(x)

const float64 = ({ prior, hyperparameters, observations }: Pair, weights: ReadonlyArray<number>): never => {
  const { concat, empty } = prior.monoid(hyperparameters)
  const sums = observations.map((x, n) => prior.observe(hyperparameters)(x, weights[n]!)).reduce(concat, empty)
  return right(prior.update(sums)(hyperparameters)) as never
}

const check = (actual: Parameters, expected: Parameters): void => {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort())
  for (const [name, t] of Object.entries(expected)) {
    expect(actual[name]!.shape).toEqual(t.shape)
    const found = actual[name]!.dataSync()
    for (const [i, v] of Array.from(t.dataSync()).entries()) near(found[i]!, v, 1e-5, name)
  }
}

test('every pair of float64 is there on tensors', () =>
  expect(Object.keys(table).sort()).toEqual(
    pairs
      .filter(areOneTensor)
      .map(({ name }) => name)
      .sort(),
  ))

describe.each(tensorBackends)('conjugate updates on %s', (_, activate) => {
  beforeEach(async () => {
    await activate()
  })

  test.each(pairs.filter(areOneTensor).map(p => [p.name, p] as const))('%s', (name, pair) => {
    tf.tidy(() => {
      const { prior, family, outside } = table[name]!
      const { update } = prior()
      const given = family.lift(pair.hyperparameters)
      const values = pair.observations as ReadonlyArray<number | ArrayLike<number>>
      const x = tf.tensor(values.map(v => (typeof v === 'number' ? v : Array.from(v)))) as tf.Tensor
      const w = values.map((_, n) => [1, 0.5, 2, 0, 0.25][n % 5]!)
      // A batch of one for each column has a weight for each, or one for all.
      const batched = /diagonal|independent/.test(name)
      const weigh = (weights: ReadonlyArray<number>) =>
        tf.tensor([...weights], batched ? [weights.length, 1] : [weights.length])
      check(
        update(given)(x),
        family.lift(
          float64(
            pair,
            w.map(() => 1),
          ),
        ),
      )
      check(update(given)(x, weigh(w)), family.lift(float64(pair, w)))
      check(update(given)(x, weigh(w.map(() => 0))), given)

      // What does not count is not read, and what does has to be possible.
      const [first, ...rest] = tf.unstack(x)
      const bad = tf.stack([tf.fill(first!.shape, outside), ...rest])
      const without = w.map((v, n) => (n === 0 ? 0 : v))
      check(update(given)(bad, weigh(without)), family.lift(float64(pair, without)))
      const allNaN = (p: Parameters) =>
        Object.values(p).every(t => Array.from(t.dataSync()).every((v, i) => Number.isNaN(v) || isAbove(t, i)))
      expect(allNaN(update(given)(bad, weigh(w)))).toBe(true)
      expect(allNaN(update(given)(x, weigh(w.map(v => -v))))).toBe(true)
      const none = Object.fromEntries(Object.entries(given).map(([key, t]) => [key, tf.neg(t)]))
      if (name !== 'normal and the mean of a normal') expect(allNaN(update(none)(x))).toBe(true)

      // Gradients in weights, which responsibilities are.
      const slope = tf.grad((v: tf.Tensor) =>
        Object.values(update(given)(x, v))
          .map(t => tf.sum(t))
          .reduce((a, b) => tf.add(a, b)),
      )(weigh(w))
      expect(Array.from(slope.dataSync()).every(Number.isFinite)).toBe(true)
      expect(Array.from(slope.dataSync()).some(v => v !== 0)).toBe(true)
      const weights = weigh(w)
      leavesNothing(() => update(given)(x, weights) as tf.TensorContainer)
      const inPrior = tf.grads((...parts: tf.Tensor[]) => {
        const q = Object.fromEntries(Object.keys(given).map((key, i) => [key, parts[i]!]))
        return Object.values(update(q)(x, weights))
          .map(t => tf.sum(t))
          .reduce((a, b) => tf.add(a, b))
      })(Object.values(given))
      for (const t of inPrior) expect(Array.from(t.dataSync()).every(Number.isFinite)).toBe(true)
    })
  })

  test('responsibilities update a batch of priors at once', () => {
    tf.tidy(() => {
      const member = pairs[0]!.hyperparameters
      const both = T.normalInverseWishartPrior.update(T.normalInverseWishart.lift([member, member]))
      expect(both(tf.zeros([4, 1, 2]), tf.ones([4, 2])).factor.shape).toEqual([2, 2, 2])
    })
  })
})

/** Whether an entry is above the diagonal of a factor, of which nothing is read. */
const isAbove = (t: tf.Tensor, at: number): boolean => {
  const d = t.shape.at(-1) ?? 1
  return t.rank >= 2 && at % d > Math.floor(at / d) % d
}
