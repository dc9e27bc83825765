import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import axe from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { build, type PreviewServer, preview } from 'vite'

export { noBrowser } from '../../../../tests/browser/support/chromium.js'

const configFile = fileURLToPath(new URL('../../vite.config.js', import.meta.url))
const executablePath = process.env['CONJUGATE_CHROMIUM'] ?? '/usr/bin/chromium'

/** The studio as it is deployed, served to this machine with its headers, and a browser to look at it. */
export interface Studio {
  readonly open: (part: 'photos' | 'tables', look?: BrowserContextOptions) => Promise<OpenStudio>
  readonly close: () => Promise<void>
}

export interface OpenStudio {
  readonly page: Page
  /** What the page, its console or its policy complained about. */
  readonly complaints: ReadonlyArray<string>
  readonly close: () => Promise<void>
}

const openIn = async (
  browser: Browser,
  server: PreviewServer,
  part: string,
  look: BrowserContextOptions = {},
): Promise<OpenStudio> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true, ...look })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', error => complaints.push(String(error)))
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  await page.goto(`${server.resolvedUrls!.local[0]}#${part}`)
  return { page, complaints, close: () => context.close() }
}

/** Builds the studio into a folder of its own and serves it. */
export const startStudio = async (): Promise<Studio> => {
  const outDir = mkdtempSync(join(tmpdir(), 'conjugate-studio-'))
  await build({ configFile, logLevel: 'error', build: { outDir } })
  const server = await preview({ configFile, logLevel: 'error', build: { outDir }, preview: { port: 0 } })
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-quic', '--no-first-run'] })
  return {
    open: (part, look) => openIn(browser, server, part, look),
    close: async () => {
      await browser.close()
      await server.close()
      rmSync(outDir, { recursive: true, force: true })
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
