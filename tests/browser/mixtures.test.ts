import { random } from '@conjugate/distributions'
import { run } from '@conjugate/em'
import { type Executor, javascript } from '@conjugate/executors'
import { initialParameters, onRows } from '@conjugate/models'
import { rightOf } from '@conjugate/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { success } from '../../packages/executors/test/support/run.js'
import { mixtures } from '../../packages/models/test/mixture/mixtures.js'
import { noBrowser, type OpenPage, open } from './support/chromium.js'
import { expectWithin } from './support/near.js'
import { remoteExecutor } from './support/remote.js'

describe.skipIf(noBrowser)(`mixtures on a GPU${noBrowser ? `: skipped, ${noBrowser}` : ''}`, () => {
  let opened: OpenPage
  beforeAll(async () => {
    opened = await open('executors.html')
  })
  afterAll(() => opened?.close())

  // Measured: traces up to 3e-7 of their scale, logarithms of rows up to 5e-6, of a table about 1e4.
  test.each(mixtures.map(m => [m.name, m] as const))(
    '%s never falls, and finds what it finds in float64',
    async (_, { mixture, observations }) => {
      const initial = await rightOf(initialParameters(mixture, observations, { _tag: 'k-means' }, random(0)))
      const fitOn = async (executor: Executor) => {
        const bound = await rightOf(onRows(mixture, observations, executor))
        const { last, objectives } = await rightOf(
          run<typeof initial, unknown>({ iterations: 12 })(bound.iterations(initial)),
        )
        const logProb = await rightOf(bound.logProb(last.parameters))
        const assignments = await rightOf(bound.assignments(last.parameters))
        bound.dispose()
        return { objectives, logProb, assignments }
      }
      const [actual, expected] = [
        await fitOn(await success(remoteExecutor(opened.page, 'webgl'))),
        await fitOn(javascript),
      ]
      expectWithin(1e-6, actual.objectives, expected.objectives, 'objectives')
      expectWithin(1e-5, actual.logProb, expected.logProb, 'logProb')
      expect(actual.assignments).toEqual(expected.assignments)
    },
  )

  test('neither the bundler nor the page complained', () => {
    expect(opened.complaints).toEqual([])
  })
})
