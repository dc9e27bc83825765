import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, createLogger, preview } from 'vite'

const configFile = fileURLToPath(new URL('../../vite.config.js', import.meta.url))

/** The files of the page, as they would be deployed. */
export interface Site {
  readonly folder: string
  /** By path from the root of the site. */
  readonly files: ReadonlyMap<string, Buffer>
  /** What the bundler complained about. */
  readonly warnings: ReadonlyArray<string>
  readonly remove: () => void
}

/** Makes the page in a folder of its own. */
export const buildSite = async (): Promise<Site> => {
  const folder = mkdtempSync(join(tmpdir(), 'conjugate-studio-'))
  const warnings: string[] = []
  const logger = createLogger('silent')
  logger.warn = message => void warnings.push(message)
  logger.warnOnce = logger.warn
  // A test runner says that this is a test, which would be another page.
  const environment = process.env['NODE_ENV']
  process.env['NODE_ENV'] = 'production'
  await build({ configFile, logLevel: 'warn', customLogger: logger, build: { outDir: folder } })
  process.env['NODE_ENV'] = environment
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const files = names.map(entry => join(entry.parentPath, entry.name))
  return {
    folder,
    files: new Map(files.map(file => [relative(folder, file), readFileSync(file)])),
    // How long plugins take is no complaint.
    warnings: warnings.filter(message => !message.includes('PLUGIN_TIMINGS')),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Serves the files as `pnpm studio` does, at the address that it gives. */
export const serveSite = async ({
  folder,
}: Site): Promise<{ readonly url: string; readonly close: () => Promise<void> }> => {
  const server = await preview({ configFile, logLevel: 'silent', build: { outDir: folder }, preview: { port: 0 } })
  return { url: server.resolvedUrls!.local[0]!, close: () => server.close() }
}

/** Kilobytes, compressed. */
export const kilobytes = (bytes: Buffer): number => gzipSync(bytes, { level: 9 }).length / 1000
