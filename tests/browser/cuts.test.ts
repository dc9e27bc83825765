import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { labelsOfGrids } from './pages/labels-of-grids.js'
import { noBrowser, type OpenPage, open } from './support/chromium.js'

describe.skipIf(noBrowser)(`minimum cuts in a page${noBrowser ? `: skipped, ${noBrowser}` : ''}`, () => {
  let opened: OpenPage
  beforeAll(async () => {
    opened = await open('cuts.html')
  })
  afterAll(() => opened?.close())

  test('have the labels of Node, on 1,000 grids', async () => {
    expect(await opened.page.evaluate(count => globalThis.labelsInPage(count), 1000)).toEqual(labelsOfGrids(1000))
  })

  test('neither the bundler nor the page complained', () => {
    expect(opened.complaints).toEqual([])
  })
})
