import {
  absoluteGain,
  anyOf,
  type CheckpointError,
  describeCallbackFailed,
  type EMError,
  type EMModel,
  iterations,
  type Progress,
  type RunOptions,
  relativeGain,
  repeatedly,
  run,
  runWithCheckpoints,
  type StoppingRule,
  type Storage,
} from '@conjugate/em'
import { rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, expect, test } from 'vitest'

type Options = RunOptions<number, number>

/** A point x of objective -x^2 - 1, which each iteration halves. */
const halving: EMModel<number, number, string> = {
  expect: x => TE.right({ statistics: x, logLikelihood: -x * x - 1 }),
  maximize: x => E.right(x / 2),
  logPrior: () => 0,
}

const ended = (options: Partial<Options>, model = halving) =>
  run<number, number>({ iterations: 100, ...options })(iterations(model)(1))()

/** An objective that falls by as many nats in each iteration, which is said to be rounding. */
const falling = (nats: number): typeof halving => ({
  expect: x => TE.right({ statistics: x, logLikelihood: -1000 - nats * x }),
  maximize: x => E.right(x + 1),
  logPrior: () => 0,
  rounding: () => 10,
})

const never: StoppingRule = () => false
const atFive: StoppingRule = objectives => objectives.length > 5

describe('a run says how it ended', () => {
  test.each<[string, Partial<Options>, typeof halving, string, boolean, number]>([
    ['by its iterations', { iterations: 2 }, halving, 'iterations', false, 0.25 - 0.0625],
    ['by no iterations, of which nothing is known', { iterations: 0 }, halving, 'iterations', false, Infinity],
    ['by none with a tolerance', { iterations: 0, tolerance: 1 }, halving, 'iterations', false, Infinity],
    ['by its tolerance', { tolerance: 0.1 }, halving, 'tolerance', true, 0.0625 - 0.0625 / 4],
    ['by both at once', { tolerance: 0.1, iterations: 3 }, halving, 'tolerance', true, 0.0625 - 0.0625 / 4],
    ['by its tolerance before a rule', { tolerance: 2, stop: absoluteGain(2) }, halving, 'tolerance', true, 0.75],
    ['by no gain at all', { tolerance: 0 }, { ...falling(0), rounding: () => 0 }, 'tolerance', true, 0],
    ['by none, where rounding hides gains', { tolerance: 0 }, falling(0), 'tolerance', false, 0],
    ['by none that was asked for', { tolerance: 0.1 }, falling(0), 'tolerance', true, 0],
    ['by a rule about gains', { stop: absoluteGain(0.1) }, halving, 'rule', true, 0.0625 - 0.0625 / 4],
    ['by one relative', { stop: relativeGain(0.1) }, halving, 'rule', true, 0.0625 - 0.0625 / 4],
    ['by one in a row', { stop: repeatedly(2, absoluteGain(0.2)) }, halving, 'rule', true, 0.0625 - 0.0625 / 4],
    ['by one of two that is', { stop: anyOf(never, absoluteGain(0.8)) }, halving, 'rule', true, 0.75],
    ['by one of two that is not', { stop: anyOf(atFive, absoluteGain(0)) }, halving, 'rule', false, 3 / 4 ** 5],
    ['by a rule that tells nothing', { stop: atFive }, halving, 'rule', false, 3 / 4 ** 5],
    ['by time', { timeLimit: 0, tolerance: 0.1 }, halving, 'time limit', false, Infinity],
    // A fall that only the rounding of the model explains.
    ['by a fall', { tolerance: 0.1 }, falling(1e-4), 'tolerance', false, -1e-4],
    ['by a fall under a rule', { stop: absoluteGain(0.1) }, falling(1e-4), 'rule', false, -1e-4],
    ['before a fall that a person would see', { tolerance: 0.1 }, falling(1), 'rounding', false, Infinity],
    ['by a fall that sums explain', { tolerance: 0.1 }, falling(2 ** -31), 'tolerance', true, -(2 ** -31)],
  ])('%s', async (_, options, model, stoppedBy, converged, lastGain) => {
    const result = await rightOf(() => ended(options, model))
    expect(result).toMatchObject({ stoppedBy, converged })
    if (Number.isFinite(lastGain)) expect(result.lastGain).toBeCloseTo(lastGain, 12)
    else expect(result.lastGain).toBe(lastGain)
  })

  test('an objective that rises, and falls by what only the rounding of the model explains: the highest point is kept', async () => {
    const heights = [-1000, -990, -985, -987, -980]
    const model: typeof halving = {
      ...falling(0),
      expect: x => TE.right({ statistics: x, logLikelihood: heights[x - 1]! }),
    }
    const found = await rightOf(() => ended({ iterations: 4 }, model))
    expect(found).toMatchObject({
      objectives: [-1000, -990, -985],
      stoppedBy: 'rounding',
      converged: false,
      lastGain: 5,
    })
    expect(found.last.objective).toBe(-985)
  })

  test('a path that ends by itself gives its last point, and saves it', async () => {
    const saved: Progress<number>[] = []
    const save = {
      write: (progress: Progress<number>) => {
        saved.push(progress)
        return TE.right(undefined)
      },
    }
    const path = async function* (points: number) {
      for await (const step of iterations(halving)(1)) {
        if (E.isRight(step) && step.right.index === points) return
        yield step
      }
    }
    const whole = run<number, number>({ iterations: 100, save })
    expect(await whole(path(3))()).toMatchObject({
      right: { last: { index: 2 }, objectives: [-2, -1.25, -1.0625], stoppedBy: 'path ended', converged: false },
    })
    expect(saved).toMatchObject([{ objectives: [-2, -1.25, -1.0625] }])
    expect(await whole(path(0))()).toEqual(E.left({ _tag: 'NoPoint' }))
  })
})

test.each<[string, object, string]>([
  ['iterations that never end', { iterations: Number.NaN }, 'iterations'],
  ['iterations without end', { iterations: Number.POSITIVE_INFINITY }, 'iterations'],
  ['iterations below 0', { iterations: -1 }, 'iterations'],
  ['half an iteration', { iterations: 0.5 }, 'iterations'],
  ['a tolerance below 0', { tolerance: -1 }, 'tolerance'],
  ['a tolerance that is none', { tolerance: Number.NaN }, 'tolerance'],
  ['a tolerance of everything', { tolerance: Number.POSITIVE_INFINITY }, 'tolerance'],
  ['a time that is none', { timeLimit: Number.NaN }, 'timeLimit'],
  ['a time below 0', { timeLimit: -1 }, 'timeLimit'],
  ['a rule that is none', { stop: 3 }, 'stop'],
  ['an interval of no iterations', { save: { everyIterations: 0, write: () => TE.right(undefined) } }, 'save.every'],
  ['an interval that is none', { save: { everySeconds: Number.NaN, write: () => TE.right(undefined) } }, 'save.every'],
  ['a misspelt option', { tolerence: 1 }, 'tolerence'],
])('%s is an error', async (_, options, option) => {
  expect(await ended(options)).toMatchObject({
    left: { _tag: 'InvalidOption', option: expect.stringContaining(option) },
  })
})

const fail = (): never => {
  throw new Error('no such\nluck')
}
const reject = () => Promise.reject(new Error('no such luck'))
const failsAfter = (count: number, how: () => unknown) => {
  let calls = 0
  return (): never => (++calls > count ? how() : undefined) as never
}

describe('a function of the caller that throws is an error, and what was reached is saved', () => {
  test.each<[string, Partial<Options>, typeof halving, string]>([
    ['onIteration', { onIteration: failsAfter(3, fail) }, halving, 'onIteration'],
    ['onIteration, later', { onIteration: failsAfter(3, reject) }, halving, 'onIteration'],
    ['stop', { stop: failsAfter(3, fail) }, halving, 'stop'],
    ['the E-step', {}, { ...halving, expect: x => (x < 0.2 ? fail() : halving.expect(x)) }, 'the path'],
    ['the M-step', {}, { ...halving, maximize: x => (x < 0.2 ? fail() : E.right(x / 2)) }, 'the path'],
    ['the log prior', {}, { ...halving, logPrior: x => (x < 0.2 ? fail() : 0) }, 'the path'],
  ])('%s', async (_, options, model, callback) => {
    const saved: Progress<number>[] = []
    const write = (progress: Progress<number>) => {
      saved.push(progress)
      return TE.right(undefined)
    }
    const result = await ended({ ...options, save: { write } }, model)
    const error = { _tag: 'CallbackFailed', callback, reason: expect.stringMatching(/^no such/) } as const
    expect(result).toEqual(E.left(error))
    expect(saved.at(-1)?.objectives.slice(0, 3)).toEqual([-2, -1.25, -1.0625])
    expect(E.isLeft(result) && result.left._tag === 'CallbackFailed' && describeCallbackFailed(result.left)).toMatch(
      /^.* failed: no such/,
    )
  })

  test('a rule that gives a promise, which would be taken for true', async () => {
    const stop = (async () => false) as unknown as StoppingRule
    expect(await ended({ stop })).toMatchObject({ left: { _tag: 'CallbackFailed', callback: 'stop' } })
  })

  test('a promise of onIteration is waited for', async () => {
    const done: number[] = []
    const onIteration = async ({ index }: { readonly index: number }) => {
      await new Promise(resolve => setTimeout(resolve, 5))
      done.push(index)
    }
    await rightOf(run<number, number>({ iterations: 3, onIteration })(iterations(halving)(1)))
    expect(done).toEqual([0, 1, 2, 3])
  })

  const good: Storage = { name: 'a shelf', read: async () => E.right(O.none), write: () => TE.right(undefined) }
  test.each<[string, Partial<Storage>, CheckpointError['_tag']]>([
    ['reads', { read: fail }, 'CheckpointUnreadable'],
    ['reads, later', { read: reject }, 'CheckpointUnreadable'],
    ['writes', { write: fail }, 'CheckpointUnwritable'],
    ['writes, later', { write: () => reject }, 'CheckpointUnwritable'],
  ])('a storage that throws where it %s', async (_, faults, tag) => {
    const checkpoint = { storage: { ...good, ...faults }, everyIterations: 1, fingerprint: [] }
    const failed = await runWithCheckpoints<number, number>({ iterations: 3 }, checkpoint)(iterations(halving))(1)()
    const error = { _tag: tag, where: 'a shelf', reason: expect.stringMatching(/^no such/) } as EMError<never>
    expect(failed).toEqual(E.left(error))
  })
})
