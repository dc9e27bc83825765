import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { bundle, serve } from './site.js'

/** Debian's Chromium, or another one. */
const executablePath = process.env['CONJUGATE_CHROMIUM'] ?? '/usr/bin/chromium'

/** Why there can be no browser; `undefined` where one is installed, or has to be. */
export const noBrowser: string | undefined =
  existsSync(executablePath) || process.env['CONJUGATE_REQUIRE_BROWSER'] === '1'
    ? undefined
    : `there is no ${executablePath} (apt-get install chromium, or CONJUGATE_CHROMIUM=path)`

/** They give WebGL and WebGPU without a GPU; what draws gets slower by them. */
const emulated = [
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
]

const args = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts a browser of its own, which emulates a GPU unless there is nothing for one to do. */
export const launch = (emulatesGpu = true): Promise<Browser> =>
  chromium.launch({ executablePath, args: emulatesGpu ? [...emulated, ...args] : args })

/** What a page and its console complain about from now on. */
export const complaintsOf = (page: Page): string[] => {
  const complaints: string[] = []
  page.on('pageerror', error => complaints.push(String(error)))
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  return complaints
}

export interface OpenPage {
  readonly page: Page
  /** What the bundler, the page or its console complained about. */
  readonly complaints: ReadonlyArray<string>
  readonly close: () => Promise<void>
}

/** Opens a page in a browser of its own. */
export const visit = async (url: string, warnings: ReadonlyArray<string> = []): Promise<OpenPage> => {
  const browser = await launch()
  const page = await browser.newPage()
  const complaints = complaintsOf(page)
  complaints.push(...warnings)
  await page.goto(url)
  return { page, complaints, close: () => browser.close() }
}

/**
 * Bundles a page of `pages`, serves it and opens it in a browser of its own. Where it is `isolated` from other origins its
 * threads may share memory. A content security policy may forbid things such as WebAssembly.
 */
export const open = async (name: string, isolated = false, policy?: string): Promise<OpenPage> => {
  const { files, warnings } = await bundle(name)
  const site = await serve(files, isolated, policy)
  const opened = await visit(`${site.url}/${name}`, warnings)
  return {
    ...opened,
    close: async () => {
      await opened.close()
      site.close()
    },
  }
}
