import { type EMError, type Iteration, type RunOptions, run } from '@conjugate/em'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, expect, test } from 'vitest'

interface Lost {
  readonly _tag: 'Interrupted' | 'ExecutionFailed'
}
type Point = Iteration<number, null>

const point = (index: number, objective: number): Point => ({
  index,
  parameters: index,
  expectation: { statistics: null, logLikelihood: objective },
  logPrior: 0,
  objective,
  rounding: () => 1e-9,
  position: { index, parameters: index },
})

/** Points that are there, and then a step that fails. */
async function* path(
  points: ReadonlyArray<Point>,
  _tag: Lost['_tag'],
  before: () => unknown = () => {},
): AsyncGenerator<E.Either<EMError<Lost>, Point>, void> {
  for (const one of points) yield E.right(one)
  await before()
  yield E.left({ _tag: 'StepFailed', step: 'expectation', iteration: points.length, cause: { _tag } })
}

const points = [point(0, -9), point(1, -5), point(2, -4)]

describe('a step that was stopped or lost', () => {
  const saved: unknown[] = []
  const options = (more: Partial<RunOptions<number, null>> = {}): RunOptions<number, null> => ({
    iterations: 9,
    save: {
      everyIterations: 100,
      write: progress => {
        saved.push(progress)
        return TE.right(undefined)
      },
    },
    ...more,
  })
  const ended = async (task: TE.TaskEither<unknown, unknown>): Promise<unknown> => {
    saved.length = 0
    const found = await task()
    return E.isLeft(found) ? found.left : found.right
  }

  test('leaves the point before it where progress is kept; one that failed by itself does not', async () => {
    const lost = await ended(run(path(points, 'Interrupted'), options()))
    expect(lost).toMatchObject({ _tag: 'StepFailed', cause: { _tag: 'Interrupted' } })
    expect(saved).toEqual([{ position: { index: 2, parameters: 2 }, objectives: [-9, -5, -4] }])
    const failed = await ended(run(path(points, 'ExecutionFailed'), options()))
    expect(failed).toMatchObject({ _tag: 'StepFailed', cause: { _tag: 'ExecutionFailed' } })
    expect(saved).toEqual([])
  })

  test('by a signal is a run that was cancelled, and by time one that ended where it stands', async () => {
    const signal = { aborted: false }
    const stop = (): void => {
      signal.aborted = true
    }
    const cancelled = await ended(run(path(points, 'Interrupted', stop), options({ signal })))
    expect(cancelled).toEqual({ _tag: 'Cancelled', iteration: 2 })
    expect(saved).toHaveLength(1)
    const wait = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 320))
    const late = await ended(run(path(points, 'Interrupted', wait), options({ timeLimit: 300 })))
    expect(late).toMatchObject({ stoppedBy: 'time limit' })
    // Before the first point there is nothing to end with.
    expect(await ended(run(path([], 'Interrupted', wait), options({ timeLimit: 300 })))).toMatchObject({
      _tag: 'StepFailed',
    })
  })
})

test('a run goes on within rounding where sums have other bits every time, and not beyond', async () => {
  const found = async (objective: number, reproducible: boolean): Promise<boolean> => {
    const previous = { objectives: [-9, objective], where: 'here', reproducible }
    const going = async function* (): AsyncGenerator<E.Either<EMError<Lost>, Point>, void> {
      yield E.right(point(1, -5))
    }
    return E.isRight(await run(going(), { iterations: 9, previous })())
  }
  expect(await found(-5, true)).toBe(true)
  expect(await found(-5 - 1e-9, true)).toBe(false)
  expect(await found(-5 - 1e-9, false)).toBe(true)
  expect(await found(-5 - 1e-8, false)).toBe(false)
})
