// Copies the pages of the repository to where the site is built from, with their links, and shows the text of other files that
// they link to: what leads somewhere in the repository leads there on the site.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BY_ITSELF } from '../../scripts/docs/pictures.js'
import { blocksOf, withPrograms } from './examples.js'
import { isFolder, pageOf, pages, pagesFolder, root } from './paths.js'

const own = fileURLToPath(new URL('../own/', import.meta.url))

const write = (page, text) => {
  mkdirSync(dirname(pagesFolder + page), { recursive: true })
  writeFileSync(pagesFolder + page, text)
}

const LINK = /(!?\[(?:[^\]\\]|\\.)*\]\()([^)\s#:]*)(#[^)\s]*)?(\))/g

/** A page's text with its links as they are on the site; `found` hears of every file that is linked to. */
const relinked = (text, from, found) =>
  text
    .split(/(^```[\s\S]*?^```$)/m)
    .map((part, i) =>
      i % 2 === 1
        ? part
        : part.replaceAll(LINK, (whole, open, to, anchor = '', close) => {
            if (to === '') return whole
            const path = posix.normalize(posix.join(posix.dirname(from), to)).replace(/\/$/, '')
            if (!existsSync(root + path)) return whole
            const here = pageOf(from)
            if (path.endsWith('.svg') && readFileSync(root + path, 'utf8').includes(BY_ITSELF)) return drawing(path)
            if (open.startsWith('!')) return `${open}${toImage(path, here)}${close}`
            found(path)
            const there = pageOf(path)
            return `${open}${posix.relative(posix.dirname(here), there) || posix.basename(there)}${anchor}${close}`
          }),
    )
    .join('')

/** Pictures of pages keep their names. */
const toImage = (path, here) => {
  const there = posix.join('images', posix.basename(path))
  mkdirSync(`${pagesFolder}images`, { recursive: true })
  cpSync(root + path, pagesFolder + there)
  const relative = posix.relative(posix.dirname(here), there)
  return relative.startsWith('.') ? relative : `./${relative}`
}

/** Drawings that a block makes are elements of the page, whose colours they take. */
const drawing = path => {
  const svg = readFileSync(root + path, 'utf8')
    .trim()
    .replace(BY_ITSELF, '')
    .replaceAll('\n', ' ')
  return `<div class="drawing" v-pre>${svg}</div>`
}

const LANGUAGES = { ts: 'ts', js: 'js', json: 'json', md: 'md', py: 'python', sh: 'sh' }

/** A file that is no page, as one: its text, or what is in it. */
const shown = (path, found) => {
  if (isFolder(path)) {
    const names = readdirSync(root + path).filter(name => !['dist', 'node_modules'].includes(name))
    const links = names.map(name => {
      const to = pageOf(posix.join(path, name))
      found(posix.join(path, name))
      return `- [${name}](${posix.relative(posix.dirname(pageOf(path)), to)})`
    })
    return `---\nsearch: false\n---\n# ${path}\n\n${links.join('\n')}\n`
  }
  const text = readFileSync(root + path, 'utf8')
  const language = LANGUAGES[posix.extname(path).slice(1)] ?? 'txt'
  return `---\nsearch: false\noutline: false\n---\n# ${posix.basename(path)}\n\n\`${path}\`\n\n\`\`\`\`\`${language}\n${text}\n\`\`\`\`\`\n`
}

/** On the first page stands the first example of another one. */
const EXAMPLE = /<!-- example: (\S+) -->/g

/** Writes every page of the repository, and what they link to. */
export const gather = () => {
  for (const name of existsSync(pagesFolder) ? readdirSync(pagesFolder) : [])
    if (!['api', 'public'].includes(name)) rmSync(pagesFolder + name, { recursive: true })
  const wanted = new Set(pages.keys())
  for (const path of wanted) {
    const found = other => wanted.add(other)
    const isPage = pages.has(path) || path.endsWith('.md')
    const text = isPage ? relinked(readFileSync(root + path, 'utf8'), path, found) : shown(path, found)
    write(
      pageOf(path),
      withPrograms(text, program => readFileSync(root + program, 'utf8')),
    )
  }
  for (const name of readdirSync(own)) cpSync(own + name, pagesFolder + name, { recursive: true })
  const home = readFileSync(`${own}index.md`, 'utf8')
  write(
    'index.md',
    home.replaceAll(EXAMPLE, (_, path) => `\`\`\`ts\n${blocksOf(readFileSync(root + path, 'utf8'))[0]}\`\`\``),
  )
}
