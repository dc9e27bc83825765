import { random } from '@conjugate/distributions'
import type { Storage } from '@conjugate/em'
import type { Matrix } from '@conjugate/linalg'
import { fit, gaussianMixture, predict } from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import * as O from 'fp-ts/lib/Option.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { expect, test } from 'vitest'

const [ROWS, COLUMNS, COMPONENTS] = [20_000, 8, 8]

/** Clusters far apart, in random order. */
const rows = ((): Matrix => {
  const stream = random(4)
  const means = Float64Array.from({ length: COMPONENTS * COLUMNS }, () => 5 * stream.normal())
  const data = new Float64Array(ROWS * COLUMNS)
  for (let n = 0; n < ROWS; n++) {
    const k = stream.integer(COMPONENTS)
    for (let i = 0; i < COLUMNS; i++) data[n * COLUMNS + i] = means[k * COLUMNS + i]! + stream.normal()
  }
  return { rows: ROWS, columns: COLUMNS, data }
})()

type FitOptions = NonNullable<Parameters<typeof fit<typeof mixture>>[2]>

const mixture = right(gaussianMixture({ components: COMPONENTS }))

const fitted = (options: FitOptions = {}) =>
  rightOf(fit(mixture, rows, { iterations: 15, start: { _tag: 'distinct-rows' }, threads: 1, ...options }))

/** A checkpoint that is kept in memory. */
const kept = (): Storage => {
  let text: O.Option<string> = O.none
  return {
    name: 'memory',
    read: TE.fromIO(() => text),
    write: written =>
      TE.fromIO(() => {
        text = O.some(written)
      }),
  }
}

const plain = await fitted({ skipping: false })
const skipped = await fitted()

test('a fit that leaves out what rounds away is that of one which does not, but for rounding, and never falls', async () => {
  expect(skipped.objectives).not.toEqual(plain.objectives)
  expect(skipped.assignments).toEqual(plain.assignments)
  for (const [i, objective] of plain.objectives.entries()) {
    expect(Math.abs(skipped.objectives[i]! - objective)).toBeLessThan(1e-13 * Math.abs(objective))
    if (i > 0) expect(skipped.objectives[i]).toBeGreaterThan(skipped.objectives[i - 1]! - 1e-12 * Math.abs(objective))
  }
})

test('its rows are said of in their own order', async () => {
  const { assignments } = await rightOf(predict(mixture, skipped, rows))
  expect(assignments).toEqual(skipped.assignments)
})

test('it has the same bits at every run, for any number of threads, and as a restart among others', async () => {
  for (const options of [{}, { threads: 2 }, { threads: 3 }] as const)
    expect((await fitted(options)).objectives).toEqual(skipped.objectives)
  const restarts = { restarts: 2, start: { _tag: 'rows', indices: [1, 2, 3, 4, 5, 6, 7, 8] } } as const
  const [first] = (await fitted(restarts)).restarts
  const alone = await fitted({ ...restarts, restarts: 1 })
  expect(first).toEqual(alone.restarts[0])
})

test('with a checkpoint, and in restarts at a time, everything is computed', async () => {
  const checkpointed = await fitted({ checkpoint: { storage: kept(), everyIterations: 5 } })
  expect(checkpointed.objectives).toEqual(plain.objectives)
  const restarts = { restarts: 2, iterations: 5 } as const
  const together = await fitted({ ...restarts, parallel: 2 })
  expect(together.restarts).toEqual((await fitted({ ...restarts, skipping: false })).restarts)
})
