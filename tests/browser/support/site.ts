import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build, createLogger, type Rolldown } from 'vite'

const root = fileURLToPath(new URL('../pages/', import.meta.url))

export interface Bundle {
  /** By path from the root of the site. */
  readonly files: ReadonlyMap<string, string | Uint8Array>
  /** The code that a page loads at once: what it names, and what that imports. */
  readonly entry: string
  /** What the bundler complained about, such as a module of Node. */
  readonly warnings: ReadonlyArray<string>
}

/** Bundles a page, or a script, of `pages` by Vite with its defaults, as a user would. */
export const bundle = async (page: string): Promise<Bundle> => {
  const warnings: string[] = []
  const logger = createLogger('silent')
  logger.warn = message => void warnings.push(message)
  logger.warnOnce = logger.warn
  const { output } = (await build({
    root,
    configFile: false,
    logLevel: 'warn',
    customLogger: logger,
    // The chunk of TensorFlow.js is as large as it is.
    build: { write: false, chunkSizeWarningLimit: 4096, rolldownOptions: { input: `${root}${page}` } },
  })) as Rolldown.RolldownOutput
  const chunks = new Map(output.flatMap(file => (file.type === 'chunk' ? [[file.fileName, file] as const] : [])))
  const loaded = new Set([...chunks.values()].filter(chunk => chunk.isEntry))
  // A set that grows while it is gone through.
  for (const chunk of loaded) for (const name of chunk.imports) if (chunks.has(name)) loaded.add(chunks.get(name)!)
  return {
    files: new Map(output.map(file => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source])),
    entry: [...loaded].map(({ code }) => code).join(''),
    warnings,
  }
}

export interface Site {
  readonly url: string
  readonly close: () => void
}

const ISOLATION = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }

/** Serves files to this machine alone, perhaps under a policy of what pages may do. */
export const serve = (files: Bundle['files'], isolated: boolean, policy?: string): Promise<Site> =>
  new Promise(resolve => {
    const server = createServer((request, response) => {
      const path = request.url ?? ''
      const body = files.get(path)
      response.writeHead(body === undefined ? 404 : 200, {
        'content-type': path.endsWith('.html') ? 'text/html' : 'text/javascript',
        ...(isolated && ISOLATION),
        ...(policy !== undefined && { 'content-security-policy': policy }),
      })
      response.end(body)
    })
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      resolve({ url: `http://127.0.0.1:${port}`, close: () => void server.close() })
    })
  })
