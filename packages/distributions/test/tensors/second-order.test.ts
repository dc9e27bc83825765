import { registerSecondOrder } from '@conjugate/linalg/tensors'
import { tensorBackends } from '@conjugate/testing/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { beforeEach, describe, test } from 'vitest'
import { dot, drawn, lifted, near, numbersAt, valueFrom } from './batch.js'
import { directionsOf, type Numbers } from './row.js'
import { rows, valid } from './rows.js'

describe.each(tensorBackends.slice(0, 2))('second derivatives on %s', (_, activate) => {
  beforeEach(async () => {
    await activate()
    registerSecondOrder(tf)
  })

  // Along a sphere they depend on the way.
  test.each(rows.filter(r => !r.tangent).map(r => [r.name, r] as const))(
    '%s: of the log density in the parameters, by float64',
    (_name, r) => {
      tf.tidy(() => {
        const member = r.members.at(-1)!
        const p = r.tensors.lift(member)
        const names = Object.keys(p)
        const x = drawn(r, member, 1, 7)[0]!
        const value = valueFrom(r, [x], [])
        const at = numbersAt(lifted(r, member), 0, 1)
        const logProb64 = (q: Numbers) => r.family.logProb(valid(r.member(q)))(r.value(x))
        names.forEach((name, i) => {
          const directions = directionsOf(name, at[name]!)
          const along = at[name]!.map((_, j) => directions.reduce((sum, d, k) => sum + Math.cos(k) * d[j]!, 0))
          const towards = tf.tensor(along, p[name]!.shape)
          const slope = (v: tf.Tensor) =>
            tf.sum(tf.mul(towards, tf.grad((w: tf.Tensor) => r.tensors.logProb({ ...p, [name]: w })(value))(v)))
          const second = dot(Array.from(tf.grad(slope)(p[name]!).dataSync()), along)
          const h = 1e-3 * Math.max(0.1, Math.min(...at[name]!.filter(v => v !== 0).map(Math.abs)))
          const moved = (step: number) => logProb64({ ...at, [name]: at[name]!.map((v, j) => v + step * along[j]!) })
          const expected = (moved(h) - 2 * moved(0) + moved(-h)) / (h * h)
          near(second, expected, 2e-3, `${name} ${i}`)
        })
      })
    },
  )
})
