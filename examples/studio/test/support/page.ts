import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { complaintsOf, launch } from '../../../../tests/browser/support/chromium.js'
import { buildSite, type Site, serveSite } from './site.js'

export { noBrowser } from '../../../../tests/browser/support/chromium.js'

/** The studio, built and served, with a browser. */
export interface Studio {
  readonly site: Site
  readonly url: string
  readonly browser: Browser
  /** Opens it as a person would who has never been there. */
  readonly open: (options?: BrowserContextOptions, part?: string) => Promise<OpenStudio>
  readonly stopServer: () => Promise<void>
  readonly close: () => Promise<void>
}

export interface OpenStudio {
  readonly page: Page
  /** What the page, its console and its policy complained about. */
  readonly complaints: ReadonlyArray<string>
  /** The addresses of all that it asked for. */
  readonly requests: ReadonlyArray<string>
  readonly close: () => Promise<void>
}

/** As long as a machine may take that does other things, too. */
export const PATIENCE = 90_000

export const startStudio = async (): Promise<Studio> => {
  const site = await buildSite()
  const [served, browser] = await Promise.all([serveSite(site), launch()])
  return {
    site,
    url: served.url,
    browser,
    stopServer: served.close,
    open: async (options = {}, part = '') => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options })
      const page = await context.newPage()
      page.setDefaultTimeout(PATIENCE)
      const complaints = complaintsOf(page)
      const requests: string[] = []
      page.on('request', request => requests.push(request.url()))
      await page.addInitScript(() => {
        addEventListener('securitypolicyviolation', event => {
          console.error(`against the policy: ${event.violatedDirective} ${event.blockedURI}`)
        })
      })
      await page.goto(`${served.url}${part}`)
      return { page, complaints, requests, close: () => context.close() }
    },
    close: async () => {
      await browser.close()
      await served.close()
      site.remove()
    },
  }
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe-core finds that is serious. */
export const seriousProblems = async (page: Page): Promise<ReadonlyArray<string>> => {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const host = globalThis as unknown as {
      axe: { run: () => Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> }
    }
    const { violations } = await host.axe.run()
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  })
}
