import {
  above,
  type Bijection,
  direction,
  logCholesky,
  ordered,
  positive,
  real,
  simplex,
  TensorMismatch,
  unitInterval,
} from '@conjugate/distributions/tensors'
import { tensorBackends } from '@conjugate/testing/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { leavesNothing, near } from './batch.js'
import { rows } from './rows.js'

const lowerEntries = (d: number): number[] =>
  Array.from({ length: d * d }, (_, at) => at).filter(at => at % d <= Math.floor(at / d))

/** Bijections, with those of their values that the Jacobian is of. */
const bijections: ReadonlyArray<readonly [name: string, bijection: Bijection, free: ReadonlyArray<number>]> = [
  ['real', real(2), [0, 1]],
  ['positive', positive(3), [0, 1, 2]],
  ['positive, one', positive(), [0]],
  ['above', above(2, 2), [0, 1]],
  ['unit interval', unitInterval(2), [0, 1]],
  ['simplex', simplex(4), [0, 1, 2]],
  ['ordered', ordered(4), [0, 1, 2, 3]],
  ['log-Cholesky', logCholesky(3), lowerEntries(3)],
  [
    'log-Cholesky, as matrices',
    {
      ...logCholesky(3),
      forward: u =>
        tf.tidy(() => {
          const l = logCholesky(3).forward(u)
          return tf.matMul(l, l, false, true)
        }),
      logJacobian: logCholesky(3).logJacobianOfMatrix,
      inverse: undefined as never,
    },
    lowerEntries(3),
  ],
]

/** log |det| by elimination. */
const logDeterminant = (matrix: number[][]): number => {
  let log = 0
  const m = matrix.map(row => [...row])
  for (let i = 0; i < m.length; i++) {
    const pivot = m.slice(i).reduce((best, row, k) => (Math.abs(row[i]!) > Math.abs(m[best]![i]!) ? i + k : best), i)
    ;[m[i], m[pivot]] = [m[pivot]!, m[i]!]
    log += Math.log(Math.abs(m[i]![i]!))
    for (let r = i + 1; r < m.length; r++) {
      const factor = m[r]![i]! / m[i]![i]!
      m[r] = m[r]!.map((v, c) => v - factor * m[i]![c]!)
    }
  }
  return log
}

describe.each(tensorBackends)('bijections on %s', (_, activate) => {
  beforeEach(async () => {
    await activate()
  })

  test.each(bijections)(
    '%s: back and forth, with its Jacobian',
    (_name, { size, forward, inverse, logJacobian }, free) => {
      tf.tidy(() => {
        const u = tf.tensor2d(
          Array.from({ length: 3 * size }, (_, i) => 1.5 * Math.sin(3 * i + 1)),
          [3, size],
        )
        const x = forward(u)
        if (inverse !== undefined)
          Array.from(inverse(x).dataSync()).forEach((v, i) => {
            near(v, u.dataSync()[i]!, 1e-5, 'inverse')
          })
        const log = logJacobian(u)
        expect(log.shape).toEqual([3])
        // Rows of the Jacobian by the gradient of each value.
        const values = x.size / 3
        const jacobian = (n: number) =>
          free.map(j =>
            Array.from(
              tf
                .grad((v: tf.Tensor) => tf.sum(tf.slice(tf.reshape(forward(v), [3, values]), [n, j], [1, 1])))(u)
                .dataSync()
                .slice(n * size, (n + 1) * size),
            ),
          )
        for (const n of [0, 1, 2]) near(log.dataSync()[n]!, logDeterminant(jacobian(n)), 1e-5, 'log Jacobian')
      })
      leavesNothing(() => {
        const u = tf.zeros([2, size])
        const results = [forward(u), logJacobian(u)]
        u.dispose()
        return results
      })
    },
  )

  test('a direction has length 1', () => {
    const lengths = tf.tidy(() =>
      tf
        .norm(
          direction(3).forward(
            tf.tensor2d([
              [3, 0, 4],
              [1e-3, 0, 0],
            ]),
          ),
          2,
          -1,
        )
        .dataSync(),
    )
    for (const length of lengths) near(length, 1, 1e-6, 'length')
  })

  test.each(rows.map(r => [r.name, r] as const))('%s: a head makes parameters of what a network says', (_name, r) => {
    tf.tidy(() => {
      const given = r.tensors.lift(r.members.at(-1)!)
      const size = Math.max(...Object.values(given).map(t => t.shape.at(-1) ?? 1))
      const head = r.tensors.head(size)
      const u = tf.tensor2d(
        Array.from({ length: 2 * head.units }, (_, i) => Math.sin(2 * i + 1)),
        [2, head.units],
      )
      const p = head.parameters(u)
      const x = r.tensors.sample(p)([], 1)
      expect(Array.from(r.tensors.logProb(p)(x).dataSync()).every(Number.isFinite)).toBe(true)
      const slope = tf.grad((v: tf.Tensor) => tf.sum(r.tensors.logProb(head.parameters(v))(x)))(u)
      expect(Array.from(slope.dataSync()).every(Number.isFinite)).toBe(true)
      expect(Array.from(slope.dataSync()).some(v => v !== 0)).toBe(true)
      const again = head.parameters(head.inverse(p))
      for (const [name, t] of Object.entries(p))
        Array.from(t.dataSync()).forEach((v, i) => {
          near(again[name]!.dataSync()[i]!, v, 1e-5, name)
        })
      expect(() => head.parameters(tf.zeros([2, head.units + 1]))).toThrow(TensorMismatch)
    })
  })
})
