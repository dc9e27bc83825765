import {
  absoluteGain,
  anyOf,
  type CheckpointError,
  checkpointIn,
  describeCheckpointError,
  type EMError,
  type EMModel,
  fromText,
  iterations,
  type Position,
  relativeGain,
  repeatedly,
  run,
  runWithCheckpoints,
  type Storage,
  squarem,
  toText,
} from '@conjugate/em'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, expect, test } from 'vitest'

const inMemory = (text: { current?: string } = {}): Storage => ({
  name: 'memory',
  read: async () => E.right(O.fromNullable(text.current)),
  write: next => async () => {
    text.current = next
    return E.right(undefined)
  },
})

/** A concave objective, -|x|^2, that EM climbs slowly by a rate of its own in each direction. */
const model: EMModel<Float64Array, Float64Array, never> = {
  expect: x => TE.right({ statistics: x, logLikelihood: -x.reduce((sum, v) => sum + v * v, 0) }),
  maximize: x => E.right(x.map((v, i) => v * (0.9 + 0.03 * i))),
  logPrior: () => 0,
}
const start = Float64Array.of(1, 2, 3)
const leaping = squarem<Float64Array>({ toVector: x => x, fromVector: E.right })(model)

describe.each([
  ['plain EM', iterations(model)],
  ['SQUAREM', leaping],
] as const)('a run by %s', (_, path) => {
  test('that goes on from any of its points has the same bits as in one piece', async () => {
    const whole = await rightOf(run<Float64Array, Float64Array>({ iterations: 20 })(path(start)))
    for (let broken = 0; broken <= 20; broken++) {
      const text: { current?: string } = {}
      const checkpoint = { storage: inMemory(text), everyIterations: 1, fingerprint: ['a model'] }
      await rightOf(runWithCheckpoints<Float64Array, Float64Array>({ iterations: broken }, checkpoint)(path)(start))
      const { last, objectives } = await rightOf(
        runWithCheckpoints<Float64Array, Float64Array>({ iterations: 20 }, checkpoint)(path)(start),
      )
      expect(objectives).toEqual(whole.objectives)
      expect(last.parameters).toEqual(whole.last.parameters)
    }
  })
})

describe('a checkpoint', () => {
  const stored = async (): Promise<{ current?: string }> => {
    const text = {}
    const checkpoint = { storage: inMemory(text), fingerprint: ['a model'] }
    await rightOf(
      runWithCheckpoints<Float64Array, Float64Array>({ iterations: 5 }, checkpoint)(iterations(model))(start),
    )
    return text
  }
  const resume = async (text: { current?: string }, other: typeof model = model, fingerprint = 'a model') => {
    const checkpoint = { storage: inMemory(text), fingerprint: [fingerprint] }
    const options = { iterations: 9 }
    return runWithCheckpoints<Float64Array, Float64Array>(options, checkpoint)(iterations(other))(start)()
  }

  test('of another model is refused, even where the fingerprint is the same', async () => {
    const shifted = { ...model, logPrior: () => 1e-9 }
    expect(await resume(await stored(), model, 'b')).toMatchObject(E.left({ _tag: 'CheckpointRefused' }))
    const refused = await resume(await stored(), shifted)
    expect(refused).toMatchObject(E.left({ _tag: 'CheckpointRefused', what: 'objective' }))
    expect(E.isLeft(refused) && describeCheckpointError(refused.left as CheckpointError)).toContain('objective')
    expect(E.isRight(await resume(await stored()))).toBe(true)
  })

  test.each<[string, unknown, string]>([
    ['nothing', null, 'state is null'],
    ['a list', [], 'state is []'],
    ['no position', { objectives: [-14] }, 'state.position is missing'],
    ['no objectives', { position: { index: 0, parameters: start }, objectives: [] }, 'state.objectives is none'],
    [
      'objectives that are none',
      { position: { index: 0, parameters: start }, objectives: [Number.NaN] },
      'state.objectives[0] is NaN',
    ],
    [
      'an index that is none',
      { position: { index: -1, parameters: start }, objectives: [-14] },
      'state.position.index is -1',
    ],
    ['another index', { position: { index: 3, parameters: start }, objectives: [-14] }, 'state.position.index is 3'],
    ['no parameters', { position: { index: 0 }, objectives: [-14] }, 'state.position.parameters is missing'],
    [
      'other parameters',
      { position: { index: 0, parameters: Float64Array.of(1) }, objectives: [-14] },
      'state.position.parameters is an array of 1',
    ],
    [
      'a cycle that is none',
      { position: { index: 0, parameters: start, cycle: { start: null, longest: 0 } }, objectives: [-14] },
      'state.position.cycle.longest is 0',
    ],
  ])('of another shape is refused, by the place that is wrong: %s', async (_, state, message) => {
    const text: { current?: string } = {}
    await rightOf(checkpointIn<unknown>(inMemory(text), ['a model']).write(state))
    const refused = await resume(text)
    expect(E.isLeft(refused) && describeCheckpointError(refused.left as CheckpointError)).toContain(message)
  })

  test.each([
    'null',
    '[]',
    '7',
    '{"format":{"toString":1}}',
    '{"format":"conjugate-checkpoint","version":{"valueOf":1}}',
  ])('that is none is an error: %s', async text => expect(E.isLeft(await resume({ current: text }))).toBe(true))

  test('is written as often as told, and at the end', async () => {
    const at: number[] = []
    const write = ({
      position,
    }: {
      readonly position: Position<Float64Array>
    }): TE.TaskEither<CheckpointError, void> => {
      at.push(position.index)
      return TE.right(undefined)
    }
    await rightOf(
      run<Float64Array, Float64Array>({ iterations: 10, save: { everyIterations: 4, write } })(
        iterations(model)(start),
      ),
    )
    expect(at).toEqual([3, 7, 10])
  })

  test('is written when a run is cancelled, and what goes on for less than it has is refused', async () => {
    const text: { current?: string } = {}
    const checkpoint = { storage: inMemory(text), everyIterations: 1000, fingerprint: ['a model'] }
    const controller = new AbortController()
    const onIteration = ({ index }: { readonly index: number }) => {
      if (index === 6) controller.abort()
    }
    const options = { iterations: 20, signal: controller.signal, onIteration }
    const cancelled = await runWithCheckpoints<Float64Array, Float64Array>(options, checkpoint)(iterations(model))(
      start,
    )()
    expect(cancelled).toEqual(E.left({ _tag: 'Cancelled', iteration: 6 }))
    const resumed = await rightOf(
      runWithCheckpoints<Float64Array, Float64Array>({ iterations: 20 }, checkpoint)(iterations(model))(start),
    )
    const whole = await rightOf(run<Float64Array, Float64Array>({ iterations: 20 })(iterations(model)(start)))
    expect(resumed.objectives).toEqual(whole.objectives)
    const shorter = await runWithCheckpoints<Float64Array, Float64Array>(
      { iterations: 9 },
      checkpoint,
    )(iterations(model))(start)()
    expect(shorter).toMatchObject(E.left({ _tag: 'CheckpointRefused', what: 'number of iterations', received: '20' }))
  })

  test('that cannot be written ends the run', async () => {
    const error: EMError<never> = { _tag: 'CheckpointUnwritable', where: 'memory', reason: 'full' }
    const write = () => TE.left(error)
    expect(
      await run<Float64Array, Float64Array>({ iterations: 10, save: { everyIterations: 1, write } })(
        iterations(model)(start),
      )(),
    ).toEqual(E.left(error))
  })
})

describe('plain data as text', () => {
  test('comes back bit for bit', () => {
    const value = {
      a: [0.1 + 0.2, -0, Number.NaN, Number.NEGATIVE_INFINITY, 5e-324, null, 'x', true],
      b: Float64Array.of(-0, 1 / 3, Number.POSITIVE_INFINITY, 2 ** 53 + 2),
      c: { d: Int32Array.of(-1, 7), e: Float32Array.of(0.1, -0), f: Uint8ClampedArray.of(3), g: 2n ** 70n },
    }
    expect(right(fromText(toText(value)))).toStrictEqual(value)
  })
  test.each(['$float64', '$number', '$bigint', '$$number', '$', '__proto__', 'constructor', 'toString', '', '0'])(
    'comes back under the key %j',
    key => {
      const value = { [key]: { [key]: [1, Number.NaN], b: Float64Array.of(2) }, b: 1 }
      const back = right(fromText(toText(value)))
      // A strict comparison takes what is called `constructor` for one.
      expect(back).toEqual(value)
      expect(Object.keys(back as object)).toEqual(Object.keys(value))
    },
  )
  test('comes back whatever layers it is in', () => {
    let value: unknown = -0
    for (let i = 0; i < 1e5; i++) value = i % 2 ? [value] : { a: value }
    const text = toText(value)
    expect(toText(right(fromText(text)))).toBe(text)
  })
  test.each([[null], [1], ['x'], [[]], [{}], [[undefined, 1]], [{ a: undefined, b: 1 }], [{ 'a"\n': 'b"\u2028' }]])(
    'that JSON can hold is JSON: %#',
    value => {
      expect(toText(value)).toBe(JSON.stringify(value))
      expect(right(fromText(toText(value)))).toEqual(JSON.parse(JSON.stringify(value)))
    },
  )
  test('that is inside itself is refused; the same twice is not', () => {
    const value: Record<string, unknown> = { a: 1 }
    expect(toText([value, value])).toBe('[{"a":1},{"a":1}]')
    value['b'] = [value]
    expect(() => toText(value)).toThrow('inside itself')
  })
  test.each([[new Map([[1, 2]])], [() => 1], [new DataView(new ArrayBuffer(8))], [new Date(0)]])(
    'of something else is refused, not dropped: %#',
    value => expect(() => toText({ value })).toThrow('is no plain data'),
  )
  test.each([
    '{"a":',
    '{"$float64":{"length":1000000000}}',
    '{"$int8":"123"}',
    '{"$float64":[[1]]}',
    '{"$bigint":"x"}',
  ])('that is none is an error: %s', text => expect(E.isLeft(fromText(text))).toBe(true))
})

describe('stopping rules', () => {
  test.each([
    ['relative gain', relativeGain(0.01), [-100, -99.5], [-100, -98]],
    ['absolute gain', absoluteGain(0.1), [-100, -99.95], [-100, -99.8]],
    ['repeatedly', repeatedly(2, absoluteGain(0.1)), [-9, -8.95, -8.9], [-9, -8, -7.95]],
    ['any of', anyOf(absoluteGain(0.1), relativeGain(0.01)), [-100, -99.5], [-1, 0]],
  ] as const)('%s', (_, rule, stops, goesOn) => {
    expect(rule(stops)).toBe(true)
    expect(rule(goesOn)).toBe(false)
    expect(rule([-1])).toBe(false)
  })

  test('end a run, which says so', async () => {
    const from = () => iterations(model)(start)
    const options = { iterations: 1000 }
    const reasons = await Promise.all(
      [{}, { stop: absoluteGain(1e-3) }, { tolerance: 0.5 }, { timeLimit: 0 }].map(
        async more => (await rightOf(run<Float64Array, Float64Array>({ ...options, ...more })(from()))).stoppedBy,
      ),
    )
    expect(reasons).toEqual(['iterations', 'rule', 'tolerance', 'time limit'])
  })
})
