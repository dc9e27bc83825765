import { readFileSync } from 'node:fs'
import { join, posix, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { filesIn } from '../../scripts/files.js'

const folder = fileURLToPath(new URL('../../site/dist/', import.meta.url))

/** What a page of the built site has that others may refer to, and what it refers to. */
export interface BuiltPage {
  readonly html: string
  readonly ids: ReadonlySet<string>
  /** Addresses within the site, from its root, with what comes after a `#`. */
  readonly references: ReadonlyArray<readonly [path: string, anchor: string]>
}

const read = (path: string): BuiltPage => {
  const html = readFileSync(join(folder, path), 'utf8')
  const found = [...html.matchAll(/ (?:href|src)="([^"]*)"/g)].map(([, to]) => to!.replaceAll('&amp;', '&'))
  return {
    html,
    ids: new Set([...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id!)),
    references: found
      .filter(to => !/^(\w+:|\/\/)/.test(to))
      .map(to => {
        const [address = '', anchor = ''] = to.split('#')
        const from = posix.join('/', path)
        return [address === '' ? from : posix.resolve(posix.dirname(from), address), decodeURIComponent(anchor)]
      }),
  }
}

/** Everything that was built. */
export const readSite = () => {
  const files = new Set(filesIn(folder).map(path => `/${relative(folder, path)}`))
  const pages = new Map([...files].filter(path => path.endsWith('.html')).map(path => [path, read(path.slice(1))]))
  /** The file that an address leads to, as servers of files have it. */
  const fileAt = (address: string): string | undefined =>
    [address, posix.join(address, 'index.html'), `${address}.html`].find(path => files.has(path))
  return { files, pages, fileAt }
}
