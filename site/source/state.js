import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { entries } from './entries.js'
import { pages, root } from './paths.js'

const OURS = [
  '../main.js',
  '../package-lock.json',
  '../tsconfig.api.json',
  '.',
  '../own',
  '../.vitepress/config.js',
  '../.vitepress/theme',
]

/** When a file, or the newest in a folder, was changed. */
const newest = path => {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found?.isDirectory()) return found?.mtimeMs ?? 0
  return Math.max(0, ...readdirSync(path).map(name => newest(join(path, name))))
}

const folders = [...new Set([...entries.values()].map(path => `${root}${path.split('/').slice(0, 2).join('/')}`))]

const ours = () => OURS.map(path => newest(fileURLToPath(new URL(path, import.meta.url))))

/** A text that changes with the sources of the packages, or with what makes the reference of them. */
export const stateOfReference = () =>
  JSON.stringify([[...entries.keys()], folders.map(path => newest(`${path}/src`)), ours().slice(1, 4)])

/** A text that changes with anything that the site is made of. */
export const stateOfSite = base =>
  JSON.stringify([
    base,
    stateOfReference(),
    ours(),
    [...pages.keys()].map(path => newest(root + path)),
    newest(`${root}docs/images`),
    newest(`${root}examples/gallery/src`),
    folders.map(path => newest(`${path}/dist`)),
  ])
