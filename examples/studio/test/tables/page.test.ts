import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectWithin } from '../../../../tests/browser/support/near.js'
import { planOf } from '../../src/tables/fit/plan.js'
import { drop, noBrowser, type OpenStudio, type Studio, seriousIn, startStudio } from '../support/studio.js'
import { choicesWithout, fittedOf, outcomesOf, packaged, RANGE, tableOf } from './support.js'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

const SLOW = { timeout: 120_000 }

/** Waits until a table has been fitted, and gives what the page says of the number of components. */
const verdictOf = async (page: Page, file: string): Promise<string> => {
  await page.locator('.source-name strong', { hasText: file }).waitFor(SLOW)
  await page.locator('.verdict', { hasText: 'lowest' }).waitFor(SLOW)
  return (await page.locator('.verdict').textContent(SLOW))!
}

const cards = (page: Page) => page.getByRole('article')

/** Three groups in so many rows of six columns. */
const large = (rows: number): string =>
  `a,b,c,d,e,f\n${Array.from({ length: rows }, (_, n) =>
    [1, 2, 3, 4, 5, 6].map(c => ((n % 3) * c + 2 * Math.sin(n * n * c)).toFixed(3)).join(),
  ).join('\n')}\n`

describe.skipIf(noBrowser)(`tables in the studio${noBrowser ? `: skipped, ${noBrowser}` : ''}`, () => {
  let studio: Studio
  beforeAll(async () => {
    studio = await startStudio()
  })
  afterAll(() => studio?.close())

  const withPage = async (
    look: Parameters<Studio['open']>[1],
    use: (page: Page, opened: OpenStudio) => Promise<void>,
  ): Promise<void> => {
    const opened = await studio.open('tables', look)
    try {
      await use(opened.page, opened)
      expect(opened.complaints).toEqual([])
    } finally {
      await opened.close()
    }
  }

  test('a packaged table with missing cells is there and fitted at once', () =>
    withPage({}, async page => {
      expect(await verdictOf(page, 'penguins.csv')).toMatch(/^BIC is lowest with 3 components/)
      await expect(cards(page).count()).resolves.toBe(3)
      expect(await page.locator('.beside').first().textContent()).toMatch(/Gentoo01240/)
    }))

  test('the irises from a dropped file are three components with their species, and two without', () =>
    withPage({}, async page => {
      await drop(page, '.tables', 'my irises.csv', packaged('iris.csv'))
      expect(await verdictOf(page, 'my irises.csv')).toMatch(/^BIC is lowest with 3 components/)
      expect(await cards(page).allTextContents()).toEqual([
        expect.stringMatching(/33\s%, 50 rows/),
        expect.stringMatching(/33\s%, 50 rows/),
        expect.stringMatching(/33\s%, 50 rows/),
      ])
      await page.getByRole('checkbox', { name: 'species' }).uncheck()
      await page.getByRole('button', { name: 'Fit with these changes' }).click()
      expect(await verdictOf(page, 'my irises.csv')).toMatch(
        /^BIC is lowest with 2 components; with 3 it is 13\.\d higher/,
      )
      await page.getByRole('radio', { name: /^3 components/ }).check({ force: true })
      await expect(cards(page).count()).resolves.toBe(3)
      expect(await page.locator('.beside').textContent()).toMatch(/setosa0500/)
    }))

  test('what is saved has the numbers of the same fit in Node', () =>
    withPage({}, async page => {
      await page.getByRole('button', { name: 'Irises' }).click()
      await verdictOf(page, 'iris.csv')
      await page.getByRole('radio', { name: /^3 components/ }).check({ force: true })
      const saved = async (name: string): Promise<readonly [file: string, text: string]> => {
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          page.getByRole('button', { name, exact: true }).click(),
        ])
        return [download.suggestedFilename(), readFileSync(await download.path(), 'utf8')]
      }
      const table = tableOf('iris.csv', packaged('iris.csv'))
      const plan = planOf(table, choicesWithout(table, ['species']), 'together')!
      const [there] = fittedOf(await outcomesOf(plan, { ...RANGE, from: 3, to: 3 }))

      const [csvName, csv] = await saved('Rows (CSV)')
      const lines = csv
        .trimEnd()
        .split('\n')
        .map(line => line.split(','))
      expect(csvName).toBe('iris-components.csv')
      expect(lines[0]!.slice(5)).toEqual([
        'component',
        'certainty',
        'probability_1',
        'probability_2',
        'probability_3',
        'log_density',
      ])
      expect(lines.slice(1).map(cells => Number(cells[5]) - 1)).toEqual([...there!.assignments])
      expectWithin(
        1e-12,
        lines.slice(1).map(cells => Number(cells[10])),
        there!.logDensities,
        'log densities',
      )

      const [jsonName, json] = await saved('Fit (JSON)')
      const [actual, expected] = [JSON.parse(json), JSON.parse(there!.text)]
      expect(jsonName).toBe('iris-fit.json')
      expect(actual.columns).toHaveLength(4)
      expect(actual.criteria).toHaveLength(8)
      expect(actual.criteria[2].bic).toBeCloseTo(there!.criteria.bic, 9)
      expect(actual.fit.name).toBe(expected.name)

      const [codeName, code] = await saved('Code (TS)')
      expect([codeName, code]).toEqual(['iris.ts', expect.stringContaining('gaussianMixture({ components })')])
    }))

  test('cells that are pasted are a table, whatever separates them', () =>
    withPage({}, async page => {
      await verdictOf(page, 'penguins.csv')
      const text = large(120).replaceAll(',', '\t')
      await page.evaluate(text => {
        const data = new DataTransfer()
        data.setData('text/plain', text)
        document.body.dispatchEvent(
          new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
        )
      }, text)
      expect(await verdictOf(page, 'pasted.csv')).toMatch(/lowest with/)
      expect(await page.locator('.source-name').textContent()).toContain('120 rows, 6 columns')
    }))

  test('what is no table is told, and the last one stays', () =>
    withPage({}, async page => {
      await verdictOf(page, 'penguins.csv')
      for (const [name, content, message] of [
        [
          'photo.png',
          Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10),
          /photo\.png is a picture \(PNG\).*Pictures are for Photos/,
        ],
        ['empty.csv', new Uint8Array(), /empty\.csv is empty/],
        ['ragged.csv', bytesOf('a,b\n1,2\n3\n4,5\n6,7\n'), /line 3: 1 cell, expected 2.*Give every line as many cells/],
        ['letter.txt', bytesOf('Dear all\nthis is no table\nbut a letter\nyours\nme\n'), /one column of texts/],
      ] as const) {
        await drop(page, '.tables', name, content)
        await page.getByRole('alert').filter({ hasText: message }).waitFor(SLOW)
      }
      await expect(cards(page).count()).resolves.toBe(3)
      // It goes with the next table.
      await drop(page, '.tables', 'iris.csv', packaged('iris.csv'))
      await verdictOf(page, 'iris.csv')
      expect(await page.getByRole('alert').count()).toBe(0)
    }))

  test('a fit of many rows is cancelled, the list has few of them in the page, and it is sorted', () =>
    withPage({}, async page => {
      await drop(page, '.tables', 'large.csv', bytesOf(large(20_000)))
      await page.getByText('The table is read. Fit it when the columns are right.').waitFor(SLOW)
      await page.getByRole('radio', { name: '20', exact: true }).check({ force: true })
      await page.getByRole('button', { name: 'Fit', exact: true }).click()
      await page.getByRole('radio', { name: '1 component, best' }).waitFor({ ...SLOW, state: 'attached' })
      await page.getByRole('button', { name: 'Cancel' }).click()
      await page.getByText('Cancelled; what was found until then stays.').waitFor(SLOW)
      await expect(page.getByRole('progressbar').count()).resolves.toBe(0)
      const rows = page.locator('.list tbody tr:not(.space)')
      expect(await page.locator('.list table').getAttribute('aria-rowcount')).toBe('20001')
      expect(await rows.count()).toBeLessThan(40)
      await page.locator('.list').evaluate(list => list.scrollTo({ top: 1e9 }))
      await page.getByRole('button', { name: '20,000', exact: true }).waitFor(SLOW)
      expect(await rows.count()).toBeLessThan(40)
      await page.getByRole('button', { name: 'Log density' }).click()
      await page.waitForFunction(() => document.querySelector('.list')!.scrollTop === 0)
      const densities = (await rows.locator('td:nth-child(4)').allTextContents()).map(text =>
        Number(text.replace('−', '-')),
      )
      expect(densities).toEqual([...densities].sort((a, b) => a - b))
      // The worker goes on with the next one.
      await page.getByRole('button', { name: 'Irises' }).click()
      expect(await verdictOf(page, 'iris.csv')).toMatch(/BIC is lowest with 2/)
    }))

  test('everything is done by keyboard alone', () =>
    withPage({}, async page => {
      await verdictOf(page, 'penguins.csv')
      const focused = () =>
        page.evaluate(() => {
          const { activeElement: e } = document
          return `${e?.getAttribute('aria-label') ?? (e as HTMLInputElement | null)?.labels?.[0]?.textContent ?? e?.textContent}`
        })
      const tabTo = async (name: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> => {
        for (let i = 0; i < 80; i++) {
          await page.keyboard.press(key)
          if (name.test(await focused())) return
        }
        throw new Error(`Tab never came to ${name}`)
      }
      await tabTo(/^Irises/)
      await page.keyboard.press('Enter')
      await verdictOf(page, 'iris.csv')
      await tabTo(/^2 components, best/)
      await page.keyboard.press('ArrowRight')
      await expect(cards(page).count()).resolves.toBe(3)
      await tabTo(/^Row 42: point it out/)
      await page.keyboard.press('Space')
      expect(await page.locator('.ring').count()).toBe(1)
      // Of the rows of the list one has the focus, and arrow keys go on from it: Tab is through with them at once.
      await tabTo(/^Log density/)
      await page.keyboard.press('Tab')
      expect(await focused()).toMatch(/^\d+$/)
      await page.keyboard.press('End')
      await page.waitForFunction(() => document.activeElement?.textContent === '150')
      await page.keyboard.press('PageUp')
      await page.waitForFunction(() => document.activeElement?.textContent === '140')
      await tabTo(/^species$/, 'Shift+Tab')
      await page.keyboard.press('Space')
      await tabTo(/^Fit with these changes/)
      await page.keyboard.press('Enter')
      await page.locator('.verdict', { hasText: 'lowest with 3' }).waitFor(SLOW)
      await tabTo(/^Rows \(CSV\)/)
      const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')])
      expect(download.suggestedFilename()).toBe('iris-components.csv')
    }))

  test.each([
    [1280, 900, 'light'],
    [1280, 900, 'dark'],
    [360, 740, 'light'],
    [360, 740, 'dark'],
  ] as const)(
    '%d x %d, %s: nothing is wider than the page, and axe finds nothing serious',
    (width, height, colorScheme) =>
      withPage({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' }, async page => {
        await verdictOf(page, 'penguins.csv')
        for (const summary of await page.locator('summary').all()) await summary.click()
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
        expect(await seriousIn(page)).toEqual([])
      }),
  )
})
