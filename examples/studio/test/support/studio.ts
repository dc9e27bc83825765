import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { complaintsOf, launch } from '../../../../tests/browser/support/chromium.js'
import { buildSite, serveSite } from './site.js'

export { noBrowser } from '../../../../tests/browser/support/chromium.js'

/** As long as a machine may take that does other things, too, in milliseconds. */
export const PATIENCE = 90_000

/** The studio as it is deployed, served to this machine with its headers, and a browser to look at it. */
export interface Studio {
  readonly url: string
  /** Opens a part as somebody would who has never been there. */
  readonly open: (part: 'photos' | 'tables', look?: BrowserContextOptions) => Promise<OpenStudio>
  readonly close: () => Promise<void>
}

export interface OpenStudio {
  readonly page: Page
  /** What the page, its console or its policy complained about. */
  readonly complaints: ReadonlyArray<string>
  /** The addresses of all that it asked for. */
  readonly requests: ReadonlyArray<string>
  readonly close: () => Promise<void>
}

const openIn = async (
  browser: Browser,
  url: string,
  part: string,
  look: BrowserContextOptions = {},
): Promise<OpenStudio> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true, ...look })
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
  await page.goto(`${url}#${part}`)
  return { page, complaints, requests, close: () => context.close() }
}

/** Builds the studio into a folder of its own and serves it. */
export const startStudio = async (): Promise<Studio> => {
  const site = await buildSite()
  const [served, browser] = await Promise.all([serveSite(site), launch(false)])
  return {
    url: served.url,
    open: (part, look) => openIn(browser, served.url, part, look),
    close: async () => {
      await browser.close()
      await served.close()
      site.remove()
    },
  }
}

/** What axe finds that is serious or worse, in a line each. */
export const seriousIn = async (page: Page): Promise<ReadonlyArray<string>> => {
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const checker = (globalThis as unknown as { readonly axe: typeof axe }).axe
    const { violations } = await checker.run()
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' ')}`)
  })
}

/** Drops a file onto the page, as a hand would. */
export const drop = (page: Page, selector: string, name: string, content: Uint8Array): Promise<void> =>
  page.evaluate(
    ([selector, name, bytes]) => {
      const data = new DataTransfer()
      data.items.add(new File([Uint8Array.from(bytes)], name))
      for (const type of ['dragover', 'drop'])
        document
          .querySelector(selector)!
          .dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }))
    },
    [selector, name, Array.from(content)] as const,
  )
