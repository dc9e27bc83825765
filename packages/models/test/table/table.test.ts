import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { random } from '@conjugate/distributions'
import { fileStorage } from '@conjugate/em/node'
import type { Scratch } from '@conjugate/executors'
import { scratchFile } from '@conjugate/executors/node'
import {
  componentsOf,
  describeFitError,
  type FitError,
  fit,
  gaussianMixture,
  groupedLabels,
  hiddenMarkovModelOf,
  modelOf,
  poissonMixture,
  predict,
  type Table,
  type TableOptions,
  table,
  variational,
} from '@conjugate/models'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { describe, expect, test } from 'vitest'
import { mixtures, rows } from '../mixture/mixtures.js'
import { gaussians } from '../mixture/support.js'

const done = async <A>(task: TaskEither<FitError, A>): Promise<A> => right(await task())
const refused = async (task: TaskEither<FitError, unknown>): Promise<FitError> => {
  const result = await task()
  if (E.isRight(result)) throw new Error('succeeded')
  return result.left
}

/** Observations in blocks of these lengths, by turns. */
const inBlocks = <X>(
  observations: ReadonlyArray<X>,
  lengths: ReadonlyArray<number>,
  options: TableOptions<ReadonlyArray<X>> = {},
): Table<ReadonlyArray<X>> =>
  table<ReadonlyArray<X>>(async function* () {
    for (let first = 0, i = 0; first < observations.length; i++) {
      const end = first + lengths[i % lengths.length]!
      yield observations.slice(first, end)
      first = end
    }
  }, options)

/** As a fit to a table is computed. */
const inMemory = { groupRows: false, skipping: false, threads: 1, backend: 'wasm' } as const

/** What a fit to rows says that one to a table says, too. */
const shared = (fitted: object): object => {
  const { assignments, distinctRows, backend, rows: count, ...rest } = fitted as Record<string, unknown>
  return rest
}

describe.each(mixtures)('$name', ({ mixture, observations }) => {
  test.each([
    ['one block', [observations.length], {}, 1],
    ['blocks of 1 and of 37, from a file', [1, 37], { scratch: scratchFile() }, 2],
  ] as const)('in %s: the bits of a fit to rows in memory', async (_, lengths, options, threads) => {
    for (const [name, model] of [
      ['points', mixture],
      ['posteriors', mixture.components.variational ? variational(mixture as never) : undefined],
    ] as const) {
      if (model === undefined) continue
      const settings = { iterations: 6, seed: 3 }
      const whole = await done(fit(model, observations, { ...settings, ...inMemory }))
      const blocks = await done(fit(model, inBlocks(observations, lengths, options), { ...settings, threads }))
      expect(shared(blocks), name).toEqual(shared(whole))
      expect(blocks).toMatchObject({ rows: observations.length })
    }
  })
})

const model = gaussianMixture({ components: 2 })

describe('a prior that follows from the data', () => {
  test('follows from all blocks, to the bit, and comes with the fit', async () => {
    const whole = await done(fit(model, rows, inMemory))
    const blocks = await done(fit(model, inBlocks(rows, [50, 3])))
    expect(shared(blocks)).toEqual(shared(whole))
    const said = await done(predict(model, blocks, rows.slice(0, 20)))
    expect(said.assignments).toEqual(whole.assignments.slice(0, 20))
  })

  test('with weights, whatever rows of weight 0 hold', async () => {
    const rowWeights = rows.map((_, n) => n % 4)
    const spoilt = rows.map((row, n) => (n % 4 === 0 ? [1e9, -1e9] : row))
    const whole = await done(fit(model, spoilt, { ...inMemory, rowWeights, iterations: 5 }))
    const weightOf = new Map(spoilt.map((row, n) => [row, n % 4]))
    const blocks = await done(
      fit(model, inBlocks(spoilt, [7], { rowWeights: block => block.map(row => weightOf.get(row)!) }), {
        iterations: 5,
      }),
    )
    expect(shared(blocks)).toEqual(shared(whole))
    expect(blocks.rows).toBe(rows.length - Math.ceil(rows.length / 4))
  })

  test('in columns', async () => {
    const counts = Array.from({ length: 500 }, (_, n) => (n % 2 ? 3 : 30) + (n % 5))
    const poisson = right(poissonMixture({ components: 2, concentration: 2, prior: { shape: 1, rate: 0.1 } }))
    const whole = await done(fit(poisson, Int32Array.from(counts), { ...inMemory, iterations: 5 }))
    const parts = table(() => [Int32Array.from(counts.slice(0, 123)), Int32Array.from(counts.slice(123))])
    expect(shared(await done(fit(poisson, parts, { iterations: 5 })))).toEqual(shared(whole))
  })
})

test('rows of numbers in columns by their names, which the fit keeps, in whatever order they come later', async () => {
  const columns = (from: number, to: number) => ({
    x: Float64Array.from(rows.slice(from, to), r => r[0]!),
    y: rows.slice(from, to).map(r => r[1]!),
  })
  const inOrder = (block: ReturnType<typeof columns>) => ({ y: block.y, x: block.x })
  const data = table(() => [columns(0, 50), inOrder(columns(50, rows.length))])
  const blocks = await done(fit(model, data, { iterations: 5 }))
  const whole = await done(fit(model, columns(0, rows.length), { ...inMemory, iterations: 5 }))
  expect(shared(blocks)).toEqual(shared(whole))
  expect((blocks as { readonly columns?: unknown }).columns).toEqual(['x', 'y'])
  const spoilt = table(() => [columns(0, 50), { ...columns(50, 60), y: [...columns(50, 59).y, Number.NaN] }])
  expect(describeFitError(await refused(fit(model, spoilt)))).toMatch(/row 59.*column y/)
})

test('record batches of Apache Arrow', async () => {
  const vector = (values: ReadonlyArray<number>) => ({ length: values.length, get: (n: number) => values[n]! })
  const batch = (from: number, to: number) => ({
    schema: { fields: [{ name: 'x' }, { name: 'y' }] },
    numRows: to - from,
    getChild: (name: string) => vector(rows.slice(from, to).map(row => row[name === 'x' ? 0 : 1]!)),
  })
  const data = table(async function* () {
    yield batch(0, 33)
    yield batch(33, rows.length)
  })
  const fitted = await done(fit(model, data as never, { iterations: 3 }))
  const whole = await done(fit(model, rows, { ...inMemory, iterations: 3 }))
  expect({ ...shared(fitted), columns: undefined }).toEqual({ ...shared(whole), columns: undefined })
  expect((fitted as { readonly columns?: unknown }).columns).toEqual(['x', 'y'])
})

test('more observations than a start is made of are fitted as well', async () => {
  const stream = random(4)
  const many = Array.from({ length: 70_000 }, (_, n) => [
    (n % 3) * 10 + stream.uniform(),
    (n % 3) * 10 + stream.uniform(),
  ])
  const fitted = await done(fit(gaussianMixture({ components: 3 }), inBlocks(many, [9999])))
  expect(fitted.converged).toBe(true)
  const means = fitted.components.map(c => c.mean[0]!).sort((a, b) => a - b)
  for (const [k, mean] of means.entries()) expect(Math.abs(mean - 10 * k - 0.5)).toBeLessThan(0.02)
  for (let i = 1; i < fitted.objectives.length; i++)
    expect(fitted.objectives[i]!).toBeGreaterThanOrEqual(fitted.objectives[i - 1]! - fitted.rounding)
}, 60_000)

test('a fit that is cancelled goes on from its checkpoint with the same bits, and not on other rows', async () => {
  const storage = fileStorage(join(await mkdtemp(join(tmpdir(), 'conjugate-table-')), 'fit'))
  const whole = await done(fit(model, inBlocks(rows, [40]), { iterations: 12 }))
  const controller = new AbortController()
  const cancelled = await refused(
    fit(model, inBlocks(rows, [40]), {
      iterations: 12,
      checkpoint: { storage, everyIterations: 1 },
      signal: controller.signal,
      onIteration: ({ iteration }) => {
        if (iteration.index === 5) controller.abort()
      },
    }),
  )
  expect(cancelled._tag).toBe('Cancelled')
  const resumed = await done(fit(model, inBlocks(rows, [33]), { iterations: 12, checkpoint: { storage } }))
  expect(resumed.objectives).toEqual(whole.objectives)
  expect(resumed.components).toEqual(whole.components)
  const others = rows.map((row, n) => (n === 99 ? [row[0]!, row[1]! + 1e-9] : row))
  const other = await refused(fit(model, inBlocks(others, [40]), { iterations: 12, checkpoint: { storage } }))
  expect(other._tag).toBe('CheckpointRefused')
})

/** Gives some blocks, and then nothing for as long as somebody waits. Notes whether it was closed. */
const waiting = (blocks: ReadonlyArray<unknown>) => {
  const seen = { opened: 0, closed: 0 }
  const read = (): AsyncIterable<never> => ({
    [Symbol.asyncIterator]: () => {
      let next = 0
      seen.opened++
      return {
        next: () =>
          next < blocks.length
            ? Promise.resolve({ done: false, value: blocks[next++] as never })
            : new Promise(() => {}),
        return: async () => {
          seen.closed++
          return { done: true, value: undefined }
        },
      }
    },
  })
  return { seen, read }
}

/** A scratch that notes whether it is open. */
const noted = () => {
  const seen = { open: 0 }
  const scratch: TaskEither<never, Scratch> = async () => {
    seen.open++
    return E.right({ read: async () => {}, write: async () => {}, close: async () => void seen.open-- })
  }
  return { seen, scratch }
}

test('blocks that have been read are held by nobody, where they are more than a start is made of', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const heldIn: number[] = []
  async function* read() {
    const given: WeakRef<object>[] = []
    for (let i = 0; i < 100; i++) {
      const data = Float64Array.from({ length: 2000 }, (_, n) => (n % 7) + (n % 3) * i)
      given.push(new WeakRef(data))
      yield { rows: 1000, columns: 2, data }
    }
    await new Promise(resolve => setTimeout(resolve, 1))
    collect()
    heldIn.push(given.filter(block => block.deref() !== undefined).length)
  }
  await done(fit(model, table(read), { iterations: 1, threads: 2, signal: new AbortController().signal }))
  expect(heldIn.length).toBeGreaterThan(3)
  expect(Math.max(...heldIn)).toBeLessThan(5)
})

describe('a source that gives nothing more is not waited for', () => {
  test.each([
    ['a fit that is cancelled', { cancelled: true }, /cancelled after iteration 0/],
    ['a fit whose time is over', { timeLimit: 100 }, /the table did not finish: the time limit has passed$/],
  ] as const)(
    '%s, in any round',
    async (_, { timeLimit, cancelled }: { timeLimit?: number; cancelled?: true }, told) => {
      for (const round of [1, 2, 3, 4]) {
        const { seen, read } = waiting([rows.slice(0, 50)])
        const scratch = noted()
        let reads = 0
        const whole = [rows.slice(0, 50), rows.slice(50)]
        const data = table<ReadonlyArray<ReadonlyArray<number>>>(() => (++reads < round ? whole : read()), {
          ...(round < 4 && { scratch: scratch.scratch }),
        })
        const controller = new AbortController()
        const ended = refused(fit(model, data, { ...(timeLimit && { timeLimit }), signal: controller.signal }))
        if (cancelled) setTimeout(() => controller.abort(), 100)
        expect(describeFitError(await ended), `round ${round}`).toMatch(told)
        expect(seen).toEqual({ opened: 1, closed: 1 })
        expect(scratch.seen.open).toBe(0)
      }
    },
  )

  test('where a point is there, it is the result of a fit whose time is over', async () => {
    const { read } = waiting([])
    let reads = 0
    const data = table<ReadonlyArray<ReadonlyArray<number>>>(() => (++reads < 6 ? [rows] : read()))
    const fitted = await done(fit(model, data, { timeLimit: 1500 }))
    expect(fitted.stoppedBy).toBe('time limit')
    expect(fitted.objectives.length).toBe(2)
  })
})

test('an observation that is refused is told by its number in the table, its key and its column', async () => {
  const told = async (spoilt: ReadonlyArray<unknown>, weights = rows.map(() => 1)): Promise<string> => {
    const first = new Map<object, number>()
    const block = (from: number, to: number): ReadonlyArray<ReadonlyArray<number>> => {
      const found = spoilt.slice(from, to) as ReadonlyArray<ReadonlyArray<number>>
      first.set(found, from)
      return found
    }
    const data = table(() => [block(0, 40), block(40, 40), block(40, 90), block(90, rows.length)], {
      key: async (block, row, place) => `id ${first.get(block)! + row}/${place}`,
      rowWeights: block => weights.slice(first.get(block)!, first.get(block)! + block.length),
    })
    return describeFitError(await refused(fit(model, data)))
  }
  const light = rows.map((_, n) => n % 5)
  expect(await told(rows.with(101, [1, Number.NaN]))).toMatch(/^row 101 \(key "id 101\/101"\), column 1: NaN/)
  expect(await told(rows.with(101, [1, Number.NaN]), light)).toMatch(/^row 101 \(key "id 101\/101"\), column 1: NaN/)
  expect(await told(rows.with(57, [1, 2, 3]))).toMatch(/^row 57 \(key "id 57\/57"\) of the data has 3 numbers/)
  expect(await told(rows, light.with(93, -1))).toMatch(/^the weight of row 93 \(key "id 93\/93"\) is -1/)
})

describe('what is wrong is told', () => {
  const withRow = (n: number, row: unknown): ReadonlyArray<ReadonlyArray<number>> =>
    rows.with(n, row as ReadonlyArray<number>)
  const thrown = table(async function* () {
    yield rows.slice(0, 10)
    throw new Error('the connection is lost')
  })
  let reads = 0
  const changing = table(() => [rows.slice(0, 50 + ++reads)])
  /** From the second, third or fourth reading on, one number is another one. */
  const otherFrom = (time: number) => {
    let reads = 0
    return table(() => [++reads < time ? rows : rows.with(7, [rows[7]![0]!, rows[7]![1]! + 1e-9])])
  }
  const weighted = (weights: ReadonlyArray<number>) => inBlocks(rows, [1000], { rowWeights: () => weights })
  test.each([
    ['a cell that is missing', inBlocks(withRow(101, [1, null]), [40]), /^row 101/],
    ['a row of other columns', inBlocks(withRow(77, [1, 2, 3]), [40]), /row 77|columns/],
    ['a table that throws', thrown, /the connection is lost/],
    ['a table that grows', changing, /rows of all blocks/],
    ['a table that is another one when it is kept', otherFrom(3), /^table: others than before, expected the same rows/],
    ['a table that is another one in an E-step', otherFrom(5), /table: others than before, expected the same rows/],
    ['no rows', inBlocks([], [1]), /no rows|rows/],
    ['weights of other rows', weighted([1, 2]), /rowWeights/],
    ['a weight that is none', weighted(rows.map((_, n) => (n === 7 ? -1 : 1))), /7/],
    ['what is no block', table(() => [42 as never]), /42|number/],
  ])('%s', async (_, data, message) => {
    const error = await refused(fit(model, data))
    expect(describeFitError(error)).toMatch(message)
  })

  test('options of single rows, starts from them, and models that are no mixtures', async () => {
    const data = inBlocks(rows, [40])
    for (const option of [{ labels: [1] }, { backend: 'javascript' }, { groupRows: false }, { abc: 1 }])
      expect((await refused(fit(model, data, option as never)))._tag).toBe('InvalidOption')
    const chain = right(hiddenMarkovModelOf(gaussians(2)))
    expect(describeFitError(await refused(fit(chain as unknown as typeof model, data)))).toMatch(/mixture/)
    const grouped = right(modelOf(componentsOf(gaussians(2)), right(groupedLabels(2, [1, 1]))))
    expect(describeFitError(await refused(fit(grouped as unknown as typeof model, data)))).toMatch(/mixture/)
  })
})
