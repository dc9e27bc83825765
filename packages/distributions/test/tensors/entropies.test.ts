import * as D from '@conjugate/distributions'
import * as T from '@conjugate/distributions/tensors'
import { right } from '@conjugate/testing'
import { tensorBackends } from '@conjugate/testing/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { leavesNothing, near } from './batch.js'
import { sigmoidOf, softmaxOf } from './row.js'

type Entropy = (x: tf.Tensor) => tf.Tensor

/** A parameter's values, and the entropy by numbers; members are one batch. */
const cases: ReadonlyArray<
  readonly [string, Entropy, ReadonlyArray<ReadonlyArray<number>>, (x: ReadonlyArray<number>) => number]
> = [
  [
    'Poisson',
    rate => T.poisson.entropy({ rate: tf.squeeze(rate, [-1]) }),
    [1e-30, 1e-3, 0.7, 12, 29.9, 30.1, 55, 1e4, 1e30].map(rate => [rate]),
    ([rate]) => D.poisson.entropy(right(D.poisson.make({ rate: rate! }))),
  ],
  ...[0.05, 1, 3.5, 400].map(
    count =>
      [
        `negative binomial of ${count} successes`,
        (logit: tf.Tensor) => T.negativeBinomial(count).entropy({ logit: tf.squeeze(logit, [-1]) }),
        [-12, -3, 0, 2, 30].map(logit => [logit]),
        ([logit]: ReadonlyArray<number>) =>
          D.negativeBinomial(count).entropy(right(D.negativeBinomial(count).make({ probability: sigmoidOf(logit!) }))),
      ] as const,
  ),
  [
    'binomial of 40 trials',
    logit => T.binomial(40).entropy({ logit: tf.squeeze(logit, [-1]) }),
    [-120, -20, -1, 0, 3, 25].map(logit => [logit]),
    ([logit]) => D.binomial(40).entropy(right(D.binomial(40).make({ probability: sigmoidOf(logit!) }))),
  ],
  ...[1, 12, 300].map(
    count =>
      [
        `multinomial of ${count} draws`,
        (logits: tf.Tensor) => T.multinomial(count).entropy({ logits }),
        [
          [0, 0, 0],
          [1, -2, 3],
          [0, 14, 0],
          [0, 1, Number.NEGATIVE_INFINITY],
          [Number.NEGATIVE_INFINITY, 1, Number.NEGATIVE_INFINITY],
        ],
        (logits: ReadonlyArray<number>) =>
          D.multinomial(count).entropy(right(D.multinomial(count).make({ probabilities: softmaxOf(logits) }))),
      ] as const,
  ),
  ...[1, 12, 100].map(
    count =>
      [
        `Dirichlet-multinomial of ${count} draws`,
        (concentration: tf.Tensor) => T.dirichletMultinomial(count).entropy({ concentration }),
        [
          [1, 1, 1],
          [0.01, 3, 40],
          [0.5, 1e-3, 2],
          [1e4, 2e4, 5],
        ],
        (concentration: ReadonlyArray<number>) =>
          D.dirichletMultinomial(count).entropy(
            right(D.dirichletMultinomial(count).make({ concentration: [...concentration] })),
          ),
      ] as const,
  ),
  [
    'Dirichlet-multinomial of one category',
    concentration => T.dirichletMultinomial(5).entropy({ concentration }),
    [[2], [0.1]],
    () => 0,
  ],
]

describe.each(tensorBackends)('entropies of counts on %s', (_, activate) => {
  beforeEach(async () => {
    await activate()
  })

  test.each(cases)('%s: that of float64, with its slopes', (_name, of, members, expected) => {
    const entropy: Entropy = x => tf.tidy(() => of(x))
    tf.tidy(() => {
      const x = tf.tensor2d(members.map(m => [...m]))
      const value = entropy(x).dataSync()
      const slopes = tf
        .grad((v: tf.Tensor) => tf.sum(entropy(v)))(x)
        .dataSync()
      const held = Array.from(x.dataSync())
      const length = members[0]!.length
      members.forEach((_, n) => {
        const at = held.slice(n * length, (n + 1) * length)
        near(value[n]!, expected(at), 2e-6, `at ${at}`)
        at.forEach((v, i) => {
          const h = v === 0 ? 1e-4 : 1e-4 * Math.abs(v)
          const moved = (by: number) => expected(at.map((u, j) => (j === i ? u + by : u)))
          const slope = Number.isFinite(v) ? (moved(h) - moved(-h)) / (2 * h) : 0
          // In units of what a step as large as the parameter does.
          near(slopes[n * length + i]! * Math.abs(v || 1), slope * Math.abs(v || 1), 2e-5, `slope at ${at}`)
        })
      })
    })
    const x = tf.tensor2d(members.map(m => [...m]))
    leavesNothing(() => entropy(x))
    leavesNothing(() => tf.grad((v: tf.Tensor) => tf.sum(entropy(v)))(x))
    x.dispose()
  })

  test('that of a negative binomial says that it has no second derivatives', () => {
    tf.tidy(() => {
      const slope = tf.grad((logit: tf.Tensor) => T.negativeBinomial(2).entropy({ logit }))
      expect(() => tf.grad((v: tf.Tensor) => slope(v))(tf.scalar(1))).toThrow(
        'NegativeBinomial.entropy: second derivatives are not to be had',
      )
    })
  })
})
