// Writes a page for each family, and a table of all, from the docstrings of packages/distributions/src/families, and for what
// has densities and draws elsewhere.
// `node scripts/docs/families.js --check` says which pages are stale.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

const sources = new URL('../../packages/distributions/src/', import.meta.url)
const pages = new URL('../../docs/families/', import.meta.url)

/** The pages of distributions that are no families, by their sources. */
const others = { 'columns/mixture.ts': 'multivariate-normal-mixture.md' }

/** The text of a docstring without its frame. */
const unframed = comment =>
  comment
    .replace(/^\/\*\*\s?/, '')
    .replace(/\s*\*\/$/, '')
    .split('\n')
    .map(line => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .trim()

const oneLine = text => text.replace(/\s*\n\s*/g, ' ').trim()

const COMMENT = String.raw`\/\*\*(?:(?!\*\/)[\s\S])*\*\/`

/** The docstring right before some code. */
const docBefore = (source, code) => {
  const match = source.match(new RegExp(`(${COMMENT})\\n${code}`))
  return match ? unframed(match[1]) : ''
}

const tag = (doc, name) => doc.match(new RegExp(`@${name} ([^@]*)`))?.[1].trim() ?? ''

/** Fields of the parameters with their docstrings. */
const parametersOf = (source, type) => {
  const body = source.match(new RegExp(`export interface ${type}\\b[^{]*\\{([\\s\\S]*?)\\n\\}`))?.[1] ?? ''
  return [...body.matchAll(new RegExp(`(${COMMENT})\\s*readonly (\\w+): ([^\\n]+)`, 'g'))].map(
    ([, comment, name, kind]) => ({ name, kind, text: oneLine(unframed(comment)) }),
  )
}

/** t, eta, A and h as the docstring of an exponential family states them. */
const formOf = text => {
  const part = (from, to) =>
    text
      .match(new RegExp(`${from}([\\s\\S]*?)(?=${to})`))?.[1]
      .trim()
      .replace(/,$/, '')
  const end = String.raw`, h = |\.\s|\. |$`
  return {
    statistic: part(String.raw`(?:t\(\w\) are |t\(\w\) = |t = )`, String.raw`,\s+eta = `),
    natural: part('eta = ', String.raw`,\s+A = `),
    logNormaliser: part(String.raw`\bA = `, end),
  }
}

const read = file => {
  const source = readFileSync(new URL(file, sources), 'utf8')
  const found = source.match(
    new RegExp(`(${COMMENT})\\nexport const (\\w+)(?=[^\\n]*(?:Family|Distribution)\\b| = <F|[^\\n]*\\n)`, 'g'),
  )
  const tagged = (found ?? []).find(text => text.includes('@support'))
  if (tagged === undefined) return undefined
  const name = tagged.match(/export const (\w+)$/)[1]
  const doc = unframed(tagged.replace(/\nexport const \w+$/, ''))
  const type = name === 'productFamily' ? 'ProductParameters' : `${name[0].toUpperCase()}${name.slice(1)}`
  const text = doc.slice(0, doc.indexOf('@support')).trim()
  return {
    name,
    page: others[file] ?? `${basename(file, '.ts')}.md`,
    about: oneLine(docBefore(source, `export interface ${type}\\b`)),
    parameters: parametersOf(source, type),
    make: oneLine(unframed(source.match(new RegExp(`(${COMMENT})\\n\\s*readonly make:`))?.[1] ?? '/** */')),
    text: oneLine(text),
    form: formOf(oneLine(text)),
    support: oneLine(tag(doc, 'support')),
    prior: oneLine(tag(doc, 'prior')),
    example: doc.slice(doc.indexOf('@example') + '@example'.length).trim(),
  }
}

const cell = text => (text ?? '').replaceAll('|', '\\|')

const page = family =>
  `${[
    `# ${family.name}`,
    family.about,
    `**Values**: ${family.support}. **Prior**: ${family.prior}.`,
    ...(family.parameters.length > 0
      ? [
          [
            '| parameter | type | |',
            '|---|---|---|',
            ...family.parameters.map(p => `| \`${p.name}\` | \`${p.kind}\` | ${cell(p.text)} |`),
          ].join('\n'),
        ]
      : []),
    ...(family.make ? [`\`make\`: ${family.make}`] : []),
    family.text,
    `\`\`\`ts\n${family.example}\n\`\`\``,
    '[All families](README.md)',
  ].join('\n\n')}\n`

const index = families =>
  `${[
    '# Families and distributions',
    'Made from the docstrings by `node scripts/docs/families.js`; a test runs the example of every page. With K categories, D\ncolumns and n trials; the pages say what the letters of a row stand for. Those without a statistic are no exponential\nfamilies.',
    [
      '| family | values | parameters | t(x) | eta | A | prior |',
      '|---|---|---|---|---|---|---|',
      ...families.map(f =>
        [
          '',
          `[${f.name}](${f.page})`,
          f.support,
          f.parameters.map(p => `\`${p.name}\``).join(', '),
          f.form.statistic,
          f.form.natural,
          f.form.logNormaliser,
          f.prior,
          '',
        ]
          .map(cell)
          .join(' | ')
          .trim(),
      ),
    ].join('\n'),
  ].join('\n\n')}\n`

/** Every page by its name. */
export const familyPages = () => {
  const families = readdirSync(new URL('families/', sources))
    .filter(file => file.endsWith('.ts'))
    .map(file => read(`families/${file}`))
    .concat(Object.keys(others).map(read))
    .filter(family => family !== undefined)
  return new Map([['README.md', index(families)], ...families.map(family => [family.page, page(family)])])
}

const existing = () => readdirSync(pages).filter(name => name.endsWith('.md'))

/** Names of pages that are missing, out of date or left over. */
export const stalePages = () => {
  const wanted = familyPages()
  const written = new Map(existing().map(name => [name, readFileSync(new URL(name, pages), 'utf8')]))
  return [...new Set([...wanted.keys(), ...written.keys()])].filter(name => wanted.get(name) !== written.get(name))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--check')) {
    const stale = stalePages()
    if (stale.length > 0) console.error(`stale, run node scripts/docs/families.js: ${stale.join(', ')}`)
    process.exitCode = stale.length > 0 ? 1 : 0
  } else {
    const wanted = familyPages()
    for (const name of existing()) if (!wanted.has(name)) rmSync(new URL(name, pages))
    for (const [name, text] of wanted) writeFileSync(new URL(name, pages), text)
  }
}
