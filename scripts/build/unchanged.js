// Whether anything that a build reads or writes is other than after the last one: a command then starts at once.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const record = `${root}node_modules/.cache/conjugate-build/state`

const entriesIn = folder => {
  try {
    return readdirSync(root + folder, { withFileTypes: true })
  } catch {
    return []
  }
}

/** Calls with the path of each file. By hand, since the recursion of Node itself takes three times as long. */
const visit = (folder, recursive, take) => {
  for (const entry of entriesIn(folder)) {
    const path = `${folder}${entry.name}`
    if (entry.isFile()) take(path)
    else if (recursive && entry.isDirectory()) visit(`${path}/`, true, take)
  }
}

const foldersIn = folder =>
  entriesIn(folder)
    .filter(entry => entry.isDirectory())
    .map(({ name }) => `${folder}${name}/`)

/** Paths, times and sizes of all sources and of what is run. */
const state = () => {
  let text = `${process.version}\n`
  const take = path => {
    const { mtimeMs, size } = statSync(root + path)
    text += `${path} ${mtimeMs} ${size}\n`
  }
  visit('', false, take)
  visit('scripts/', true, take)
  for (const project of ['packages/', 'examples/', 'tooling/'].flatMap(foldersIn)) {
    visit(project, false, take)
    for (const name of ['src/', 'assembly/', 'scripts/']) visit(project + name, true, take)
    visit(`${project}dist/`, false, path => path.endsWith('.js') && take(path))
  }
  return text
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
