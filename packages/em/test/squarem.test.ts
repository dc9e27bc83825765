import { type Coordinates, type EMModel, iterations, run, squarem } from '@conjugate/em'
import { rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, expect, test } from 'vitest'

/** A concave objective with maximum 0 at 0 that plain steps approach slowly: x moves by a share of its distance. */
const creep = [0.9, 0.99]
let expectations = 0
const slow: EMModel<Float64Array, Float64Array, string> = {
  expect: x => {
    expectations++
    return TE.right({ statistics: x, logLikelihood: -x.reduce((sum, v) => sum + v * v, 0) })
  },
  maximize: x => E.right(x.map((v, i) => creep[i]! * v)),
  logPrior: () => 0,
}
const asIs: Coordinates<Float64Array> = { toVector: x => x, fromVector: E.right }
const start = Float64Array.of(1, 1)

const passesTo = async (tolerance: number, path: ReturnType<typeof iterations<Float64Array, Float64Array, string>>) => {
  expectations = 0
  for await (const step of path(start))
    if (E.isLeft(step) || step.right.objective >= -tolerance) return { expectations, ok: E.isRight(step) }
  return { expectations, ok: false }
}

test('it arrives in far fewer E-steps', async () => {
  const plain = await passesTo(1e-12, iterations(slow))
  const fast = await passesTo(1e-12, squarem(asIs)(slow))
  expect([plain.ok, fast.ok]).toEqual([true, true])
  expect(fast.expectations).toBeLessThan(plain.expectations / 10)
})

describe('a leap is replaced by the plain step', () => {
  const plainPath = async () =>
    (await rightOf(run<Float64Array, Float64Array>({ iterations: 12 })(iterations(slow)(start)))).objectives
  const path = async (coordinates: Coordinates<Float64Array>, model = slow) =>
    (await rightOf(run<Float64Array, Float64Array>({ iterations: 12 })(squarem(coordinates)(model)(start)))).objectives

  test('where it leaves the parameter space', async () => {
    expect(await path({ ...asIs, fromVector: () => E.left('outside') })).toEqual(await plainPath())
  })

  test('where it would lower the objective', async () => {
    expect(await path({ ...asIs, fromVector: x => E.right(x.map(v => v + 100)) })).toEqual(await plainPath())
  })

  test('where the E-step fails there', async () => {
    const limited = { ...slow, expect: (x: Float64Array) => (x[0]! > 50 ? TE.left('too far') : slow.expect(x)) }
    expect(await path({ ...asIs, fromVector: x => E.right(x.map(v => v + 100)) }, limited)).toEqual(await plainPath())
  })
})

test('at a fixed point it stays', async () => {
  const { objectives } = await rightOf(
    run<Float64Array, Float64Array>({ iterations: 5 })(squarem(asIs)(slow)(Float64Array.of(0, 0))),
  )
  expect(objectives.map(Math.abs)).toEqual([0, 0, 0, 0, 0, 0])
})

test('what stays infinite, as the logarithm of 0, does not keep the rest from leaping', async () => {
  const never = Number.NEGATIVE_INFINITY
  const withZero: typeof slow = {
    ...slow,
    expect: x =>
      pipe(
        slow.expect(x.subarray(1)),
        TE.map(({ logLikelihood }) => ({ statistics: x, logLikelihood })),
      ),
    maximize: x => E.right(Float64Array.of(never, ...creep.map((c, i) => c * x[i + 1]!))),
  }
  const objectives = async (model: typeof slow, from: Float64Array) =>
    (await rightOf(run<Float64Array, Float64Array>({ iterations: 12 })(squarem(asIs)(model)(from)))).objectives
  expect(await objectives(withZero, Float64Array.of(never, 1, 1))).toEqual(await objectives(slow, start))
})
