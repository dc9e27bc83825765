import { readdirSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type BlockOptions,
  type Densities,
  type ExecutorError,
  type LoadedBlocks,
  loadBlocks,
  type MixtureExpectation,
  type RowBlock,
  type RowBlocks,
  type Scratch,
  wasm,
} from '@conjugate/executors'
import { scratchFile } from '@conjugate/executors/node'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, expect, test } from 'vitest'
import { kinds, randomDensities, randomLinear, randomRows, uniforms, withGaps } from '../support/random.js'
import { expectBits, failure, loadFor, success, sumsOf } from '../support/run.js'

const executor = await success(wasm)

/** Rows in blocks of these lengths, by turns. */
const inBlocks = (
  data: Float64Array,
  columns: number,
  lengths: ReadonlyArray<number>,
  rowWeights?: Float64Array,
): RowBlocks<never> => ({
  rows: data.length / columns,
  columns,
  weighted: rowWeights !== undefined,
  async *read() {
    for (let row = 0, i = 0; row < data.length / columns; i++) {
      const end = Math.min(row + lengths[i % lengths.length]!, data.length / columns)
      yield E.right<never, RowBlock>({
        rows: { rows: end - row, columns, data: data.slice(row * columns, end * columns) },
        ...(rowWeights && { rowWeights: rowWeights.slice(row, end) }),
      })
      row = end
    }
  },
})

/** With some of the numbers in place of others. */
const withNumbers = (data: Float64Array, numbers: Readonly<Record<number, number>>): Float64Array => {
  const changed = data.slice()
  for (const [i, value] of Object.entries(numbers)) changed[Number(i)] = value
  return changed
}

const expectSameSums = (found: MixtureExpectation, expected: MixtureExpectation): void => {
  expect(found.logLikelihood).toBe(expected.logLikelihood)
  const sums = sumsOf(found.statistics)
  for (const [name, values] of Object.entries(sumsOf(expected.statistics))) expectBits(sums[name]!, values, name)
}

/** Scratch in memory. */
const inMemory = (): TE.TaskEither<ExecutorError, Scratch> => {
  let bytes = new Uint8Array(0)
  return TE.right({
    write: async (part, position) => {
      const grown = new Uint8Array(Math.max(bytes.length, position + part.length))
      grown.set(bytes)
      grown.set(part, position)
      bytes = grown
    },
    read: async (target, position) => target.set(bytes.subarray(position, position + target.length)),
    close: async () => {},
  })
}

const places = [
  ['read again', () => ({})],
  ['in memory', () => ({ scratch: inMemory() })],
  ['in a file', () => ({ scratch: scratchFile() })],
] as const satisfies ReadonlyArray<readonly [string, () => BlockOptions]>

const opened = async (
  source: RowBlocks<ExecutorError>,
  densities: Densities,
  options: BlockOptions,
): Promise<LoadedBlocks<ExecutorError>> =>
  success(loadBlocks(source, { ...options, ...(densities._tag === 'Product' && { factors: densities.factors }) }))

describe.each(kinds)('%s densities', (_kind, random) => {
  describe.each(places)('rows %s', (_place, place) => {
    test.each([
      [0, 3, 2],
      [1, 3, 2],
      [5000, 3, 2],
      [5001, 1, 3],
      [4096, 9, 5],
      [9999, 4, 1],
    ])('%d of %d columns, %d components: the bits of rows in memory', async (rows, columns, components) => {
      const densities = random(components, columns, rows)
      const given = randomRows(rows, columns, rows)
      const data = densities._tag === 'Product' ? withGaps(given, densities, 0.2, 1) : given
      const origin = Float64Array.from({ length: columns }, (_, i) => (densities._tag === 'Product' ? 0 : i))
      const uniform = uniforms(3)
      const some = Float64Array.from({ length: rows }, () => Math.floor(uniform() * 3))
      for (const rowWeights of [undefined, some]) {
        const options = { origin, ...(rowWeights && { rowWeights }) }
        const whole = await loadFor(executor, densities, data, options)
        const [sums, said] = [await success(whole.expectation(densities)), await success(whole.prediction(densities))]
        for (const [lengths, chunkBytes, threads] of [
          [[1000, 1, 777], 1, rowWeights ? 3 : 1],
          [[rows + 1], 64 * 1024, rowWeights ? 1 : 2],
          [[63], 40_000, 1],
        ] as const) {
          const source = inBlocks(data, columns, lengths, rowWeights)
          const blocks = await opened(source, densities, { ...place(), chunkBytes, origin, threads })
          for (let run = 0; run < 2; run++) expectSameSums(await success(blocks.expectation(densities)), sums)
          let next = 0
          for await (const found of blocks.predictions(densities)) {
            if (E.isLeft(found)) throw new Error(JSON.stringify(found.left))
            const { first, assignments, logProb, responsibilities } = found.right
            expect(first).toBe(next)
            next += assignments.length
            expectBits(assignments, said.assignments.subarray(first, next), 'assignments')
            expectBits(logProb, said.logProb.subarray(first, next), 'log densities')
            const q = Float64Array.from(said.responsibilities.data).subarray(first * components, next * components)
            expectBits(responsibilities.data, q, 'responsibilities')
          }
          expect(next).toBe(rows)
          await blocks.dispose()
        }
        whole.dispose()
      }
    })
  })
})

describe('in the midst of it', () => {
  const data = randomRows(5000, 3, 1)
  const densities = randomDensities(2, 3, 1)
  const source = inBlocks(data, 3, [512])

  test('densities of any kind may follow each other, and passes that are asked for at once do', async () => {
    const whole = await loadFor(executor, densities, data)
    const blocks = await success(loadBlocks(source, { scratch: inMemory(), chunkBytes: 20_000 }))
    const linear = randomLinear(40, 3, 1)
    const found = await Promise.all([densities, linear, densities].map(d => success(blocks.expectation<Densities>(d))))
    expect(found[0]).toEqual(await success(whole.expectation(densities)))
    expect(found[1]).toEqual(await success(whole.expectation(linear)))
    expect(found[2]).toEqual(found[0])
    const halfway: unknown[] = []
    for await (const part of blocks.predictions(densities)) {
      halfway.push(part, await success(blocks.expectation(linear)))
      if (halfway.length === 4) break
    }
    expect(await success(blocks.expectation(densities))).toEqual(found[0])
    await blocks.dispose()
  })

  test('a pass ends when its signal says so, and another one can follow', async () => {
    const blocks = await success(loadBlocks(source, { chunkBytes: 20_000 }))
    const controller = new AbortController()
    controller.abort()
    const ended = blocks.expectation(densities, controller.signal)
    expect(await failure(ended)).toMatchObject({ _tag: 'Interrupted', reason: 'the pass was cancelled' })
    await success(blocks.expectation(densities))
    await blocks.dispose()
    expect(await failure(blocks.expectation(densities))).toMatchObject({ reason: 'the rows have been disposed of' })
    for await (const part of blocks.predictions(densities)) expect(E.isLeft(part)).toBe(true)
    await blocks.dispose()
  })
})

test.each([1, 2])('rows that are disposed of in the midst of a pass end it, on %d threads', async threads => {
  const data = randomRows(60_000, 2, 1)
  const densities = randomDensities(2, 2, 1)
  let closed = 0
  const scratch = TE.map((held: Scratch) => ({
    ...held,
    close: async () => {
      closed++
      await held.close()
    },
  }))(scratchFile())
  const blocks = await success(loadBlocks(inBlocks(data, 2, [999]), { scratch, threads, chunkBytes: 1 }))
  const passes = [failure(blocks.expectation(densities)), failure(blocks.expectation(densities))]
  await new Promise(resolve => setImmediate(resolve))
  await blocks.dispose()
  for (const error of await Promise.all(passes))
    expect(error).toMatchObject({ reason: 'the rows have been disposed of' })
  expect(closed).toBe(1)
})

describe('what is wrong is told with the row among all', () => {
  const data = randomRows(3000, 2, 1)
  const good = inBlocks(data, 2, [700])
  const bad = withNumbers(data, { [2 * 2222 + 1]: Number.NaN })
  const weights = withNumbers(new Float64Array(3000).fill(1), { 2999: -1 })
  const thrown: RowBlocks<never> = {
    ...good,
    async *read() {
      yield* inBlocks(data.subarray(0, 2000), 2, [700]).read()
      throw new Error('the disk is gone')
    },
  }
  const told: RowBlocks<ExecutorError> = {
    ...good,
    async *read() {
      yield E.left<ExecutorError>({ _tag: 'NonFiniteData', row: 5, column: 0, value: 7 })
    },
  }
  const broken = (what: Partial<Scratch>): TE.TaskEither<ExecutorError, Scratch> =>
    TE.map((scratch: Scratch) => ({ ...scratch, ...what }))(inMemory())
  test.each<readonly [string, RowBlocks<ExecutorError>, BlockOptions, object]>([
    ['a value', inBlocks(bad, 2, [700]), {}, { _tag: 'NonFiniteData', row: 2222, column: 1 }],
    ['a weight', inBlocks(data, 2, [700], weights), {}, { _tag: 'InvalidRowWeight', row: 2999, value: -1 }],
    ['fewer rows', { ...good, rows: 3001 }, {}, { _tag: 'ShapeMismatch', expected: 3001, received: 3000 }],
    ['more rows', { ...good, rows: 2999 }, {}, { _tag: 'ShapeMismatch', expected: 2999, received: 3000 }],
    ['other columns', { ...good, columns: 3 }, {}, { _tag: 'ShapeMismatch', what: 'columns', expected: 3 }],
    ['no number of rows', { ...good, rows: 1.5 }, {}, { _tag: 'ShapeMismatch', what: 'rows' }],
    ['weights that were not told', { ...good, weighted: true }, {}, { _tag: 'ShapeMismatch', what: 'rowWeights' }],
    ['an origin', good, { origin: [1] }, { _tag: 'ShapeMismatch', what: 'origin' }],
    ['no size of chunks', good, { chunkBytes: Number.NaN }, { _tag: 'ShapeMismatch', what: 'chunkBytes' }],
    ['blocks that throw', thrown, {}, { _tag: 'ExecutionFailed', reason: 'the disk is gone' }],
    ['blocks that say so', told, {}, { _tag: 'NonFiniteData', row: 5 }],
    [
      'a full disk',
      good,
      { scratch: broken({ write: () => Promise.reject(new Error('ENOSPC: no space left on device')) }) },
      { _tag: 'ExecutionFailed', backend: 'the scratch', reason: 'ENOSPC: no space left on device' },
    ],
  ])('%s', async (_what, source, options, expected) => {
    expect(await failure(loadBlocks(source, options))).toMatchObject(expected)
  })

  test('scratch that cannot be read is an error of the pass', async () => {
    const scratch = broken({ read: () => Promise.reject(new Error('EIO: i/o error')) })
    const blocks = await success(loadBlocks(good, { scratch }))
    expect(await failure(blocks.expectation(randomDensities(2, 2, 1)))).toMatchObject({ reason: 'EIO: i/o error' })
    await blocks.dispose()
  })

  test('an overflow is told with its row, whichever chunk it is in', async () => {
    const wild = withNumbers(randomRows(3000, 2, 1), { [2 * 2500]: 6e307, [2 * 2500 + 1]: 2e307 })
    const blocks = await success(loadBlocks(inBlocks(wild, 2, [700]), { chunkBytes: 1 }))
    const linear = { ...randomLinear(2, 2, 1), natural: Float64Array.of(1, 1, 10, 10) }
    expect(await failure(blocks.expectation(linear))).toMatchObject({ _tag: 'Overflow', row: 2500, component: 1 })
    await blocks.dispose()
  })
})

test('a scratch file is private, has no name once it is open, and says where it ends', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'conjugate-scratch-'))
  const scratch = await success(scratchFile(folder))
  expect(readdirSync(folder)).toEqual([])
  await scratch.write(Uint8Array.of(1, 2, 3), 2)
  const target = new Uint8Array(4)
  await scratch.read(target, 1)
  expect([...target]).toEqual([0, 1, 2, 3])
  await expect(scratch.read(target, 3)).rejects.toThrow('ended too early')
  await scratch.close()
  const error = await failure(scratchFile(join(folder, 'nowhere')))
  expect(error).toMatchObject({ _tag: 'ExecutionFailed', backend: 'a scratch file' })
})
