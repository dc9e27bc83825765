// Where a file of the repository is on the site.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const pagesFolder = fileURLToPath(new URL('../pages/', import.meta.url))
export const outFolder = fileURLToPath(new URL('../dist/', import.meta.url))

const packages = readdirSync(`${root}packages`).filter(name => existsSync(`${root}packages/${name}/package.json`))

const markdownIn = folder =>
  readdirSync(`${root}${folder}`)
    .filter(name => name.endsWith('.md'))
    .map(name => `${folder}/${name}`)

/** Pages of the repository with an address of their own, by their path there. */
export const pages = new Map([
  ['README.md', 'overview.md'],
  ['ARCHITECTURE.md', 'contributing/architecture.md'],
  ['CONTRIBUTING.md', 'contributing/index.md'],
  ['DEVELOPERS.md', 'contributing/developers.md'],
  ['CHANGELOG.md', 'changelog.md'],
  ['bench/README.md', 'bench/index.md'],
  ['bench/RESULTS.md', 'bench/results.md'],
  ...['docs', 'docs/families', 'docs/decisions']
    .flatMap(markdownIn)
    .map(path => [path, path.replace(/^docs\//, '').replace(/README\.md$/, 'index.md')]),
  ...packages.map(name => [`packages/${name}/README.md`, `packages/${name}.md`]),
])

export const isFolder = path => statSync(root + path, { throwIfNoEntry: false })?.isDirectory() === true

/** The page of any file of the repository: its own, or one that shows its text. */
export const pageOf = path => {
  const own = pages.get(path) ?? pages.get(posix.join(path, 'README.md'))
  if (own !== undefined) return own
  if (isFolder(path)) return posix.join('files', path, 'index.md')
  return posix.join('files', path.endsWith('.md') ? path : `${path}.md`)
}
