import { selectExecutor } from '@conjugate/executors'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { factorKinds, randomRows, uniforms } from '../../packages/executors/test/support/random.js'
import { allResults, expectIdentical, failure, load, success } from '../../packages/executors/test/support/run.js'
import { noBrowser, type OpenPage, open } from './support/chromium.js'
import { expectWithin } from './support/near.js'
import { remoteExecutor } from './support/remote.js'

const skipped = noBrowser ? `: skipped, ${noBrowser}` : ''

describe.skipIf(noBrowser)(`threads of a page that is isolated from other origins${skipped}`, () => {
  let opened: OpenPage
  beforeAll(async () => {
    opened = await open('executors.html', true)
  })
  afterAll(() => opened?.close())

  test.each(factorKinds)(
    'give the bits of one on %s densities, awake or asleep, and end with the rows',
    async (_, random) => {
      const [one, three] = [1, 3].map(threads => remoteExecutor(opened.page, 'wasm', threads))
      const data = randomRows(30_001, 3, 1)
      const rowWeights = Float64Array.from({ length: 30_001 }, uniforms(1))
      const [expected, actual] = [
        await load(await success(one!), 3, data, { rowWeights }),
        await load(await success(three!), 3, data, { rowWeights }),
      ]
      expect(opened.page.workers().length).toBe(2)
      for (const components of [2, 2, 9, 3]) {
        const densities = random(components, 3, components)
        expectIdentical(await allResults(actual, densities), await allResults(expected, densities))
        await new Promise(resolve => setTimeout(resolve, 20))
      }
      actual.dispose()
      expected.dispose()
      await expect.poll(() => opened.page.workers().length).toBe(0)
    },
  )

  test('are taken for much work where there are processors for them', async () => {
    const processors = await opened.page.evaluate(() => navigator.hardwareConcurrency)
    const rows = await load(await success(remoteExecutor(opened.page, 'wasm')), 40, randomRows(27_000, 40, 1))
    await expect.poll(() => opened.page.workers().length > 0).toBe(processors > 1)
    rows.dispose()
  })

  test('neither the bundler nor the page complained', () => expect(opened.complaints).toEqual([]))
})

describe.skipIf(noBrowser)(`threads of any other page${skipped}`, () => {
  let opened: OpenPage
  beforeAll(async () => {
    opened = await open('executors.html')
  })
  afterAll(() => opened?.close())

  test('are refused, with what has to be done', async () => {
    expect(await failure(remoteExecutor(opened.page, 'wasm', 2))).toMatchObject({
      _tag: 'BackendUnavailable',
      hint: expect.stringContaining('Cross-Origin-Opener-Policy'),
    })
  })

  test('are none for much work', async () => {
    const data = randomRows(27_000, 40, 1)
    const [there, here] = [
      await load(await success(remoteExecutor(opened.page, 'wasm')), 40, data),
      await load(await success(selectExecutor('wasm', 1)), 40, data),
    ]
    const densities = factorKinds[0]![1](2, 40, 1)
    const [actual, expected] = [await success(there.expectation(densities)), await success(here.expectation(densities))]
    expect(opened.page.workers().length).toBe(0)
    expectWithin(0, actual.statistics.sum, expected.statistics.sum, 'sum')
    there.dispose()
    here.dispose()
  })
})
