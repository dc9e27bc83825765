import { loadEach, withLoaded } from '@conjugate/executors'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, expect, test } from 'vitest'

const lost = (): never => {
  throw new Error('lost')
}

describe('what is loaded is disposed of, once', () => {
  const used = async (use: () => TE.TaskEither<string, string>) => {
    let disposals = 0
    const load = TE.right<string, { dispose: () => void }>({ dispose: () => disposals++ })
    const result = await withLoaded(use)(load)().catch(String)
    return { result, disposals }
  }
  test.each<[string, () => TE.TaskEither<string, string>, unknown]>([
    ['a result', () => TE.right('found'), E.right('found')],
    ['an error', () => TE.left('none'), E.left('none')],
    ['a throw', lost, 'Error: lost'],
    ['a later throw', () => async () => lost(), 'Error: lost'],
  ])('after %s', async (_, use, result) => expect(await used(use)).toEqual({ result, disposals: 1 }))

  test('but not where nothing was', async () => {
    expect(await withLoaded(lost)(TE.left('none'))()).toEqual(E.left('none'))
  })
})

describe('several that are loaded', () => {
  const loading = async (failing: number, how: () => TE.TaskEither<string, never>) => {
    const disposed: number[] = []
    const load = (i: number) => (i === failing ? how() : TE.right({ name: i, dispose: () => disposed.push(i) }))
    const result = await loadEach(load)([1, 2, 3])().catch(String)
    return { result, disposed }
  }
  test('are all there', async () => {
    const { result, disposed } = await loading(0, lost)
    expect(result).toMatchObject({ right: [{ name: 1 }, { name: 2 }, { name: 3 }] })
    expect(disposed).toEqual([])
  })
  test.each<[string, () => TE.TaskEither<string, never>, unknown]>([
    ['fails', () => TE.left('none'), E.left('none')],
    ['throws', lost, 'Error: lost'],
  ])('are given back where a later one %s', async (_, how, result) => {
    expect(await loading(3, how)).toEqual({ result, disposed: [1, 2] })
  })
})
