import { type EMModel, type Iteration, iterations, run } from '@conjugate/em'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, expect, test } from 'vitest'

/**
 * Exponential lifetimes of which some are known only to exceed a time: no mixture, and its maximum has a closed form,
 * events / total time. The prior is flat.
 */
const observed = [0.4, 1.7, 2.2, 0.9]
const censored = [3, 1.5, 4.2]
const total = [...observed, ...censored].reduce((a, b) => a + b, 0)
const maximumLikelihoodRate = observed.length / total

const censoredLifetimes: EMModel<number, number, string> = {
  // A lifetime that exceeded c is expected to be c + 1 / rate.
  expect: rate =>
    TE.right({
      statistics: total + censored.length / rate,
      logLikelihood: observed.length * Math.log(rate) - rate * total,
    }),
  maximize: expectedTotal => E.right((observed.length + censored.length) / expectedTotal),
  logPrior: () => 0,
}

const altered = (changes: Partial<EMModel<number, number, string>>): EMModel<number, number, string> => ({
  ...censoredLifetimes,
  ...changes,
})

const outcome = (model: EMModel<number, number, string>, count = 50) =>
  run(iterations(model)(1), { iterations: count })()

test('the path climbs to the closed-form maximum', async () => {
  const { last, objectives } = await rightOf(pipe(iterations(censoredLifetimes)(1), run({ iterations: 60 })))
  expect(last.parameters).toBeCloseTo(maximumLikelihoodRate, 12)
  expect(objectives).toHaveLength(61)
  for (const [i, v] of objectives.slice(1).entries()) expect(v).toBeGreaterThanOrEqual(objectives[i]! - 1e-14)
})

test('the first point is the start, and no iterations mean an E-step alone', async () => {
  const { last, objectives } = await rightOf(run(iterations(censoredLifetimes)(1), { iterations: 0 }))
  expect(last).toMatchObject({ index: 0, parameters: 1, objective: -total })
  expect(objectives).toEqual([-total])
})

test('the objective is log-likelihood plus log prior', async () => {
  const model = altered({ logPrior: rate => -rate })
  const path = iterations(model)(0.5)
  const step = right((await path.next()).value as E.Either<unknown, Iteration<number, number>>)
  expect(step.objective).toBe(step.expectation.logLikelihood - 0.5)
})

test('nothing is computed before it is asked for', async () => {
  let calls = 0
  const model = altered({
    expect: rate => {
      calls++
      return censoredLifetimes.expect(rate)
    },
  })
  const path = iterations(model)(1)
  expect(calls).toBe(0)
  await path.next()
  expect(calls).toBe(1)
})

test('a tolerance ends the run early, and every E-step is shown', async () => {
  const seen: number[] = []
  const { objectives } = await rightOf(
    run<number, number>({ iterations: 1000, tolerance: 1e-9, onIteration: i => seen.push(i.objective) })(
      iterations(censoredLifetimes)(1),
    ),
  )
  expect(objectives.length).toBeLessThan(60)
  expect(seen).toEqual(objectives)
  const [before, after] = objectives.slice(-2) as [number, number]
  expect(after - before).toBeLessThanOrEqual(1e-9 * Math.abs(after))
})

describe('errors', () => {
  test('an objective that falls is an error that tells from where to where', async () => {
    const model = altered({ maximize: () => E.right(5) })
    expect(await outcome(model)).toMatchObject({
      left: { _tag: 'ObjectiveDecreased', iteration: 1, from: -total, to: 4 * Math.log(5) - 5 * total },
    })
  })

  test('a fall within rounding is none', async () => {
    const at = (value: number) => TE.right({ statistics: 0, logLikelihood: value })
    const falling = (share: number) => {
      let value = -1000
      return altered({
        expect: () => {
          value -= share * 1000
          return at(value)
        },
      })
    }
    expect(E.isRight(await outcome(falling(1e-13), 1))).toBe(true)
    expect(E.isLeft(await outcome(falling(1e-11), 1))).toBe(true)
    expect(E.isRight(await outcome({ ...falling(1e-11), rounding: () => 1e-7 }, 1))).toBe(true)
    let asked = 0
    const counting = () => {
      asked++
      return 1e-7
    }
    // What sums are off explains it: the model, whose answer takes a while, is asked at the end of the run alone.
    expect(E.isRight(await outcome({ ...falling(1e-13), rounding: counting }, 1))).toBe(true)
    expect(asked).toBe(1)
    expect(E.isRight(await outcome({ ...falling(1e-11), rounding: counting }, 1))).toBe(true)
    expect(asked).toBe(1 + 3)
  })

  test('an objective that is not finite', async () => {
    const model = altered({ logPrior: () => Number.NaN })
    expect(await outcome(model)).toMatchObject({ left: { _tag: 'ObjectiveNotFinite', iteration: 0 } })
  })

  test('a step that fails tells which, when and why', async () => {
    expect(await outcome(altered({ expect: () => TE.left('no data') }))).toMatchObject({
      left: { _tag: 'StepFailed', step: 'expectation', iteration: 0, cause: 'no data' },
    })
    expect(await outcome(altered({ maximize: () => E.left('no mode') }))).toMatchObject({
      left: { _tag: 'StepFailed', step: 'maximization', iteration: 0, cause: 'no mode' },
    })
  })

  test('an abort ends the run between two iterations', async () => {
    const controller = new AbortController()
    const result = await run<number, number>({
      iterations: 1000,
      signal: controller.signal,
      onIteration: i => i.index === 3 && controller.abort(),
    })(iterations(censoredLifetimes)(1))()
    expect(result).toEqual(E.left({ _tag: 'Cancelled', iteration: 3 }))
  })

  test('after an error the path ends', async () => {
    const steps = []
    for await (const step of iterations(altered({ maximize: () => E.left('no mode') }))(1)) steps.push(step)
    expect(steps.map(s => s._tag)).toEqual(['Right', 'Left'])
  })
})
