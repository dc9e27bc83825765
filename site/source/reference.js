// The reference: every export of every entry, from the types and docstrings of the sources. Exports whose sources are in one
// folder are on one page.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { ReflectionKind } from 'typedoc'
import { entries } from './entries.js'
import { memberText } from './member-text.js'
import { pagesFolder, root } from './paths.js'
import { stateOfReference } from './state.js'
import { convert } from './typedoc.js'

const folder = `${pagesFolder}api/`
const stamp = `${folder}stamp.json`

const KINDS = new Map([
  [ReflectionKind.Function, 'function'],
  [ReflectionKind.Variable, 'value'],
  [ReflectionKind.Interface, 'type'],
  [ReflectionKind.TypeAlias, 'type'],
  [ReflectionKind.Class, 'class'],
])

const isType = ({ kind }) => Number(kind === 'type')

/** Folders whose files are pages of their own, since they are many. */
const BY_FILE = new Set(['families'])

/** Names of subjects that a folder does not say to who reads the reference. */
const TITLES = {
  conjugacy: 'Conjugate pairs',
  cut: 'Cuts',
  contract: 'Executors',
  door: 'Fit, predict and the like',
  gpu: 'GPUs',
  matte: 'Mixed pixels',
  wasm: 'WebAssembly',
  node: 'Files',
  promise: 'Promises',
  model: 'Models',
  mixture: 'Mixtures',
  'factor-analysis': 'Factor analysis',
  'gaussian-mixture': 'Gaussian mixtures',
  'hidden-markov-model': 'Hidden Markov models',
  squarem: 'SQUAREM',
}

const title = subject => {
  const name = subject.replace(/^.*\//, '')
  return TITLES[name] ?? name[0].toUpperCase() + name.slice(1).replaceAll('-', ' ')
}

/** What exports of a page are about: the folder of their sources, or the file where that is in none or has a page to itself. */
const subjectOf = (declared, source) => {
  const [own, inside] = declared.split('/src/')
  if (inside === undefined || !source.startsWith(`${own}/`)) return 'others'
  const [first, second] = inside.replace(/\.ts$/, '').split('/')
  if (BY_FILE.has(first)) return `${first}/${second}`
  return first === 'index' ? 'others' : first
}

const slug = name => name.replace(/^@conjugate\//, '').replaceAll('/', '-')

/** Exports with where they are on the site; one that another entry declares is there. */
const membersOf = (project, urlOf) => {
  const found = project.children.flatMap(entry => {
    const source = relative(root, entry.sources[0].fullFileName)
    const name = [...entries].find(([, path]) => path === source)[0]
    return entry.children.map(member => {
      const target = member.kind === ReflectionKind.Reference ? member.getTargetReflectionDeep() : undefined
      const subject = subjectOf(relative(root, member.sources?.[0]?.fullFileName ?? `${root}${source}`), source)
      const page = `${slug(name)}/${subject}.md`
      return { reflection: member, target, name: member.name, kind: KINDS.get(member.kind), entry: name, subject, page }
    })
  })
  // What is called stands before the types of it, which often have the same name but for a capital.
  const declared = found.filter(({ target }) => target === undefined).sort((a, b) => isType(a) - isType(b))
  const byReflection = new Map()
  const taken = new Set()
  for (const member of declared) {
    const anchor = member.name.toLowerCase()
    member.url = urlOf(member.reflection)
    member.anchor = taken.has(`${member.page}#${anchor}`) ? `${anchor}-${member.kind}` : anchor
    taken.add(`${member.page}#${member.anchor}`)
    byReflection.set(member.reflection, member)
  }
  const others = found.flatMap(member => {
    const at = byReflection.get(member.target)
    return at === undefined ? [] : [{ ...at, name: member.name, entry: member.entry }]
  })
  return { declared, others }
}

const write = (page, text) => {
  mkdirSync(dirname(folder + page), { recursive: true })
  writeFileSync(folder + page, text)
}

const byPage = members => {
  const groups = new Map()
  for (const member of members) groups.set(member.page, [...(groups.get(member.page) ?? []), member])
  const order = member => `${isType(member)}${member.name.toLowerCase()}`
  for (const list of groups.values()) list.sort((a, b) => (order(a) < order(b) ? -1 : 1))
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)))
}

const linked = ({ name, page, anchor }) => `[\`${name}\`](${page}#${anchor})`

/** All names, by entry and page. */
const indexOf = (pages, others) => {
  const sections = [...entries.keys()].map(entry => {
    const lines = [...pages]
      .filter(([, [first]]) => first.entry === entry)
      .map(([page, list]) => `**[${title(list[0].subject)}](${page})**: ${list.map(linked).join(', ')}\n`)
    const from = others.filter(other => other.entry === entry)
    if (from.length > 0) lines.push(`Of other entries: ${from.map(linked).join(', ')}\n`)
    return `## \`${entry}\` {#${slug(entry)}}\n\n${lines.join('\n')}`
  })
  const text = 'Every public export, from its docstring and its type.'
  return `---\noutline: 2\npageClass: api\nsearch: false\n---\n# Reference\n\n${text}\n\n${sections.join('\n')}`
}

/** Writes the pages below `api`, and `api/members.json`: every export with its page. */
export const writeReference = async () => {
  const wanted = stateOfReference()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  rmSync(folder, { recursive: true, force: true })
  const out = mkdtempSync(join(tmpdir(), 'conjugate-reference-'))
  try {
    const { project, urlOf } = await convert(out)
    const { declared, others } = membersOf(project, urlOf)
    const byUrl = new Map(declared.map(member => [member.url, member]))
    const pages = byPage(declared)
    for (const [page, list] of pages) {
      const [{ entry, subject }] = list
      const parts = list.map(member => memberText(readFileSync(join(out, member.url), 'utf8'), member, byUrl))
      const head = `---\noutline: 2\npageClass: api\n---\n# ${title(subject)} <span class="of">${entry}</span>`
      write(page, `${head}\n\n${parts.join('\n')}`)
    }
    write('index.md', indexOf(pages, others))
    const rows = [...declared, ...others].map(({ name, kind, entry, subject, page, anchor }, i) => {
      const own = i < declared.length
      return { name, kind, entry, title: title(subject), page, anchor, own }
    })
    writeFileSync(`${folder}members.json`, JSON.stringify(rows))
    writeFileSync(stamp, wanted)
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}
