import { readFileSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'

const axe = new URL('../../site/node_modules/axe-core/axe.min.js', import.meta.url)

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env['CONJUGATE_CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] })

export interface Looks {
  readonly dark?: boolean
  readonly narrow?: boolean
}

/** A page at an address, and what its console complained about, such as what its policy forbids. */
export const openAt = async (browser: Browser, address: string, { dark, narrow }: Looks = {}) => {
  const context = await browser.newContext({
    viewport: narrow ? { width: 390, height: 844 } : { width: 1440, height: 900 },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(120_000)
  const complaints: string[] = []
  page.on('pageerror', error => complaints.push(String(error)))
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  await page.goto(address, { waitUntil: 'networkidle' })
  // The switch of light and dark says what it does once scripts have taken over the page.
  await page.waitForFunction(() => document.querySelector('.VPSwitchAppearance')?.getAttribute('title'))
  return { page, complaints, close: () => context.close() }
}

/** What axe-core finds serious, in a line each; formulas are thousands of elements that are all alike. */
export const seriousOf = async (page: Page): Promise<ReadonlyArray<string>> => {
  await page.evaluate(readFileSync(axe, 'utf8'))
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(
          context: object,
          options: object,
        ): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>
      }
    }
    const { violations } = await axe.run({ exclude: ['.katex'] }, { resultTypes: ['violations'] })
    return violations.map(({ id, impact, nodes }) => ({ id, impact, of: nodes.map(({ html }) => html.slice(0, 120)) }))
  })
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, of }) => `${id}: ${of.slice(0, 3).join(' | ')}`)
}

/** An example of a page, by the number of its block. */
export const exampleOf = (page: Page, index: number) => {
  const example = page.locator('.live').nth(index)
  return {
    run: async () => {
      await example.locator('.live-run').click()
      await example.locator('.live-run').waitFor()
    },
    start: () => example.locator('.live-run').click(),
    stop: () => example.locator('.live-stop').click(),
    edit: async (change: (code: string) => string) => {
      await example.getByRole('button', { name: 'Edit' }).click()
      const editor = example.locator('.cm-content')
      await editor.waitFor()
      const code = (await example.locator('pre.shiki code').textContent())!
      await editor.click()
      await page.keyboard.press('Control+A')
      await page.keyboard.insertText(change(code))
    },
    lines: async () => (await example.locator('.live-output pre span').allTextContents()).map(text => text.trimEnd()),
    pictures: () => example.locator('.live-output svg').count(),
    state: () => example.locator('.live-state').textContent(),
  }
}
