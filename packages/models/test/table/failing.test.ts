import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileStorage } from '@conjugate/em/node'
import type { Scratch } from '@conjugate/executors'
import { scratchFile } from '@conjugate/executors/node'
import { describeFitError, fit, gaussianMixture, type Table, table } from '@conjugate/models'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { describe, expect, test } from 'vitest'
import { rows } from '../mixture/mixtures.js'

type Block = ReadonlyArray<ReadonlyArray<number>>

const model = gaussianMixture({ components: 2 })
const settings = { iterations: 12, restarts: 3, seed: 5, tolerance: 0 }

/** The readings before the first E-step. */
const BEFORE = 3

/** Rows in two blocks, which are others in the reading of a number. */
const otherIn = (time: number, other: () => Iterable<Block> | AsyncIterable<Block>): Table<Block> => {
  let reads = 0
  return table<Block>(() => (++reads === time ? other() : [rows.slice(0, 60), rows.slice(60)]))
}

const throwing = (error: Error) =>
  async function* () {
    yield rows.slice(0, 60)
    throw error
  }

/** A scratch that cannot be read any more from some time on. */
const failingScratch = (times: number): TaskEither<never, Scratch> => {
  let reads = 0
  return async () => {
    const file = right(await scratchFile()())
    return E.right({
      ...file,
      read: (target, position) =>
        ++reads > times ? Promise.reject(new Error('EIO: i/o error, read')) : file.read(target, position),
    })
  }
}

describe('what fails in the midst of a fit ends it with what and where, and it goes on from its checkpoint to the same bits', () => {
  const wrong = (n: number, row: ReadonlyArray<number>) => rows.with(n, row as never) as Block
  const ways: ReadonlyArray<readonly [string, (time: number) => Table<Block>, RegExp]> = [
    ['a source that throws', time => otherIn(time, throwing(new Error('the line is cut'))), /table.*the line is cut/],
    ['one that cannot be opened', time => otherIn(time, () => ({}) as never), /table/],
    ['a file that is cut', time => otherIn(time, () => [rows.slice(0, 97)]), /rows of all blocks|others than before/],
    ['one that grows', time => otherIn(time, () => [rows, rows.slice(0, 1)]), /rows of all blocks/],
    [
      'another file in its place',
      time => otherIn(time, () => [wrong(3, [rows[3]![0]! + 1e-9, rows[3]![1]!])]),
      /others than before, expected the same rows/,
    ],
    [
      'one of which two rows have changed places',
      time => otherIn(time, () => [rows.with(3, rows[10]!).with(10, rows[3]!)]),
      /others than before/,
    ],
    [
      'one of which two rows have other signs',
      time => otherIn(time, () => [rows.map((row, n) => (n === 4 || n === 90 ? row.map(x => -x) : row))]),
      /others than before/,
    ],
    ['one of other columns', time => otherIn(time, () => [rows.map(row => [...row, 1])]), /columns|numbers/],
    [
      'a cell that is missing by then',
      time => otherIn(time, () => [wrong(77, [Number.NaN, 1])]),
      /row 77, column 0: NaN|others than before/,
    ],
    ['what is no block', time => otherIn(time, () => [42 as never]), /42/],
    [
      'a disk that fails',
      time => table<Block>(() => [rows], { scratch: failingScratch(time) }),
      /the scratch failed: EIO: i\/o error, read/,
    ],
  ]
  test.each(ways)('%s', async (_, spoilt, message) => {
    const whole = right(
      await fit(
        model,
        table<Block>(() => [rows]),
        settings,
      )(),
    )
    const storage = fileStorage(join(await mkdtemp(join(tmpdir(), 'conjugate-failing-')), 'fit'))
    // In the first restart, and in the last but one.
    for (const time of [BEFORE + 4, BEFORE + 9]) {
      const found = await fit(model, spoilt(time), { ...settings, checkpoint: { storage } })()
      if (E.isRight(found)) return expect.fail('succeeded')
      expect(found.left).toMatchObject({ _tag: 'StepFailed', cause: { _tag: 'Interrupted' } })
      const line = describeFitError(found.left)
      expect(line).toMatch(message)
      expect(line).not.toContain('\n')
    }
    const rest = right(
      await fit(
        model,
        table<Block>(() => [rows]),
        { ...settings, checkpoint: { storage } },
      )(),
    )
    expect(rest.restarts.every(E.isRight)).toBe(true)
    expect(rest.objectives).toEqual(whole.objectives)
    expect(rest.components).toEqual(whole.components)
  })
})
