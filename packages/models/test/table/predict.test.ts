import {
  type BlockPrediction,
  describeFitError,
  type FitError,
  fit,
  gaussianMixture,
  latentClassMixture,
  type ModelPrediction,
  predict,
  predictBlocks,
  type Table,
  table,
} from '@conjugate/models'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { describe, expect, test } from 'vitest'
import { mixtures } from '../mixture/mixtures.js'

/** Where the kind of mixture is not known. */
const [fitAny, predictAny, predictBlocksOfAny] = [fit, predict, predictBlocks] as unknown as [
  (...args: ReadonlyArray<unknown>) => TaskEither<FitError, object>,
  (...args: ReadonlyArray<unknown>) => TaskEither<FitError, ModelPrediction>,
  (...args: ReadonlyArray<unknown>) => AsyncIterable<E.Either<FitError, BlockPrediction<unknown, ModelPrediction>>>,
]

/** What has come of blocks, and how it ended. */
const gathered = async <A>(
  blocks: AsyncIterable<E.Either<FitError, A>>,
): Promise<{ readonly found: ReadonlyArray<A>; readonly error?: string }> => {
  const found: A[] = []
  for await (const block of blocks) {
    if (E.isLeft(block)) return { found, error: describeFitError(block.left) }
    found.push(block.right)
  }
  return { found }
}

const blocksIn = <X>(rows: ReadonlyArray<X>, length: number): Table<ReadonlyArray<X>> =>
  table<ReadonlyArray<X>>(function* () {
    for (let first = 0; first < rows.length; first += length) yield rows.slice(first, first + length)
  })

describe.each(mixtures)('$name', ({ mixture, observations }) => {
  test('in blocks of any length, what is said of all rows at once, to the bit', async () => {
    const fitted = right(await fitAny(mixture, observations, { iterations: 4, seed: 3 })())
    const whole = right(await predictAny(mixture, fitted, observations)())
    for (const length of [7, observations.length + 1]) {
      const { found, error } = await gathered(predictBlocksOfAny(mixture, fitted, blocksIn(observations, length)))
      expect(error).toBeUndefined()
      expect(found.map(({ first }) => first)).toEqual(
        Array.from({ length: Math.ceil(observations.length / length) }, (_, i) => i * length),
      )
      const joined = (of: (p: ModelPrediction) => ArrayLike<number>): number[] =>
        found.flatMap(({ prediction }) => Array.from(of(prediction)))
      expect(joined(p => p.assignments)).toEqual([...whole.assignments])
      expect(joined(p => p.responsibilities.data)).toEqual([...whole.responsibilities.data])
      expect(joined(p => p.logProb)).toEqual([...whole.logProb])
    }
  })
})

const rows = Array.from({ length: 60 }, (_, n) => [(n % 3) * 40 + ((n * 7) % 11), (n % 3) * 20 + ((n * 5) % 7)])
const model = gaussianMixture({ components: 3 })

test('rows of weight 0 are left out, by their places, and blocks of them alone or of nothing say nothing', async () => {
  const fitted = right(await fit(model, rows)())
  const blocks = [
    [
      [1, 2],
      [Number.NaN, 0],
      [3, 4],
    ],
    [],
    [[Number.NaN, 1]],
    [[5, 6]],
  ]
  const weights = [[1, 0, 2], [], [0], [1]]
  const given = table<number[][]>(() => blocks, { rowWeights: block => weights[blocks.indexOf(block)]! })
  const { found, error } = await gathered(pipe(model, predictBlocks(fitted, given)))
  expect(error).toBeUndefined()
  expect(found.map(({ block }) => block)).toEqual(blocks)
  expect(found.map(({ first }) => first)).toEqual([0, 3, 3, 4])
  expect(found.map(({ places }) => places && [...places])).toEqual([[0, 2], undefined, [], undefined])
  expect(found.map(({ prediction }) => prediction.assignments.length)).toEqual([2, 0, 0, 1])
})

test('columns by their names, in whatever order they come', async () => {
  const columns = { x: rows.map(([x]) => x!), y: rows.map(([, y]) => y!) }
  const fitted = right(await fit(model, columns)())
  const whole = right(await predict(model, fitted, columns)())
  const { found } = await gathered(predictBlocks(model, fitted, table(() => [{ y: columns.y, x: columns.x }]) as never))
  expect(found[0]!.prediction).toEqual(whole)
})

describe('what is wrong is told', () => {
  test('a row, by its number in the table; nothing comes after it', async () => {
    const fitted = right(await fit(model, rows)())
    const wrong = [...rows.slice(0, 25), [1, Number.POSITIVE_INFINITY], ...rows.slice(25)]
    const { found, error } = await gathered(predictBlocks(model, fitted, blocksIn(wrong, 10)))
    expect(found.length).toBe(2)
    expect(error).toMatch(/row 25/)
  })

  test('parameters that are none of the model; a table that throws', async () => {
    const other = latentClassMixture({ components: 2, levels: { x: 2 } } as never)
    const fitted = right(await fit(model, rows)())
    expect((await gathered(predictBlocksOfAny(other, fitted, blocksIn(rows, 10)))).error).toBeDefined()
    const broken = table(() => {
      throw new Error('no such file')
    }) as unknown as Table<number[][]>
    expect((await gathered(predictBlocks(model, fitted, broken))).error).toMatch(/no such file/)
  })
})
