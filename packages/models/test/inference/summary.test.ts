import { random } from '@conjugate/distributions'
import { gibbs, summariseDraws } from '@conjugate/models'
import { rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { counts, poissons } from '../mixture/support.js'

/** Draws whose log joints are an autoregression of first order. */
interface Draw {
  readonly components: ReadonlyArray<number>
  readonly assignments: Int32Array
  readonly logJoint: number
}

async function* autoregression(rho: number, count: number): AsyncGenerator<E.Either<never, Draw>> {
  const stream = random(3)
  let value = 0
  for (let n = 0; n < count; n++) {
    value = rho * value + Math.sqrt(1 - rho ** 2) * stream.normal()
    yield E.right({ weights: [1], components: [0], assignments: Int32Array.of(0), logJoint: value })
  }
}

test.each([-0.5, 0, 0.5, 0.9])('the effective sample size of an autoregression of %d', async rho => {
  const count = 20_000
  const { logJoint } = await rightOf(summariseDraws(autoregression(rho, count)))
  const expected = (count * (1 - rho)) / (1 + rho)
  expect(Math.abs(logJoint.effectiveSampleSize / expected - 1)).toBeLessThan(0.15)
  expect(logJoint.standardDeviation).toBeCloseTo(1, 0)
})

test('the summary of a sampler', async () => {
  const source = counts(100)
  const options = { samples: 50, burnIn: 20, seed: 1, start: { _tag: 'k-means' } } as const
  const { count, best, logJoint, occupied } = await rightOf(summariseDraws(gibbs(poissons(2), source, options)))
  const all: number[] = []
  for await (const draw of gibbs(poissons(2), source, options)) if (E.isRight(draw)) all.push(draw.right.logJoint)
  expect(count).toBe(50)
  expect(best.logJoint).toBe(Math.max(...all))
  expect(logJoint.mean).toBeCloseTo(all.reduce((a, b) => a + b) / 50, 10)
  expect(Array.from(occupied)).toEqual([0, 0, 50])
})

test('observations that are noise occupy no component', async () => {
  const options = { samples: 20, start: { _tag: 'labels', labels: [0, 0, 0] } } as const
  const { occupied } = await rightOf(summariseDraws(gibbs(poissons(1, { noise: 50 }), [1, 2, 3], options)))
  expect(Array.from(occupied)).toEqual([20, 0])
})

test('errors are handed on, and no draws are one', async () => {
  expect(await summariseDraws(gibbs(poissons(2), [1, -3]))()).toMatchObject(
    E.left({ _tag: 'ImpossibleObservation', row: 1 }),
  )
  expect(await summariseDraws(autoregression(0, 0))()).toMatchObject(E.left({ _tag: 'InvalidOption', option: 'draws' }))
})
