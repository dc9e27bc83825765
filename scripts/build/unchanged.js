// Whether anything that a build reads or writes is other than after the last one: a command then starts at once.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const record = join(root, 'node_modules/.cache/conjugate-build/state')

const entriesIn = (folder, recursive) => {
  try {
    return readdirSync(join(root, folder), { recursive, withFileTypes: true })
  } catch {
    return []
  }
}

const filesIn = (folder, recursive = true) =>
  entriesIn(folder, recursive)
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))

const foldersIn = folder =>
  entriesIn(folder, false)
    .filter(entry => entry.isDirectory())
    .map(({ name }) => `${folder}/${name}`)

/** Paths, times and sizes of all sources and of what is run. */
const state = () => {
  const projects = ['packages', 'examples', 'tooling'].flatMap(foldersIn)
  const files = [
    ...filesIn('.', false),
    ...filesIn('scripts'),
    ...projects.flatMap(project => [
      ...filesIn(project, false),
      ...['src', 'assembly', 'scripts'].flatMap(name => filesIn(`${project}/${name}`)),
      ...filesIn(`${project}/dist`, false).filter(file => file.endsWith('.js')),
    ]),
  ]
  const hash = createHash('sha256').update(process.version)
  for (const file of files) {
    const { mtimeMs, size } = statSync(file)
    hash.update(`${file} ${mtimeMs} ${size}\n`)
  }
  return hash.digest('hex')
}

const recorded = () => {
  try {
    return readFileSync(record, 'utf8')
  } catch {
    return ''
  }
}

export const isUnchanged = () => state() === recorded()

/** Says that all is built as it is now. */
export const recordState = () => {
  mkdirSync(dirname(record), { recursive: true })
  writeFileSync(record, state())
}
