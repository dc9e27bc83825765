// Serves site/dist to this machine, as any server of files would.
import { createReadStream, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { outFolder } from './paths.js'

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
}

const isFile = path => statSync(path, { throwIfNoEntry: false })?.isFile() === true

/** The file of an address, or undefined. */
const fileOf = (address, base) => {
  const { pathname } = new URL(address, 'http://localhost')
  if (!pathname.startsWith(base)) return undefined
  const path = normalize(join(outFolder, decodeURIComponent(pathname.slice(base.length))))
  if (!path.startsWith(outFolder)) return undefined
  return [path, join(path, 'index.html'), `${path}.html`].find(isFile)
}

/** Resolves once the site can be opened at `url`. */
export const serve = (port, base) =>
  new Promise((resolve, reject) => {
    const server = createServer((request, response) => {
      let file
      try {
        file = fileOf(request.url ?? '/', base)
      } catch {
        // An address that is none.
      }
      const path = file ?? join(outFolder, '404.html')
      if (!isFile(path)) return void response.writeHead(404).end()
      response.writeHead(file === undefined ? 404 : 200, {
        'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
        'x-content-type-options': 'nosniff',
      })
      createReadStream(path).pipe(response)
    })
    server.on('error', reject)
    server.listen(port, '127.0.0.1', () => {
      resolve({ url: `http://127.0.0.1:${server.address().port}${base}`, close: () => void server.close() })
    })
  })
