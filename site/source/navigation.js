// What the pages are called, and in which order they are.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { entries } from './entries.js'
import { pages, pagesFolder, root } from './paths.js'

const page = (text, link) => ({ text, link })

const headingOf = path => /^# (.*)$/m.exec(readFileSync(root + path, 'utf8'))[1].replaceAll('`', '')

const pagesIn = (folder, to, text = headingOf) =>
  readdirSync(`${root}${folder}`)
    .filter(name => name.endsWith('.md') && name !== 'README.md')
    .map(name => page(text(`${folder}/${name}`), `/${to}/${name.slice(0, -3)}`))

const guide = [
  {
    text: 'Start',
    items: [
      page('First steps', '/start'),
      page('How to', '/how-to'),
      page('Gallery', '/gallery'),
      page('Overview', '/overview'),
    ],
  },
  {
    text: 'Guide',
    items: [
      page('Mixtures', '/mixtures'),
      page('Giving data', '/data'),
      page('Inference', '/inference'),
      page('Label models', '/label-models'),
      page('Hidden Markov models', '/hidden-markov-models'),
      page('Factor analysis', '/factor-analysis'),
      page('What a fit says', '/summaries'),
      page('Pictures', '/pictures'),
      page('Long work', '/long-work'),
      page('Large data', '/large-data'),
      page('Databases', '/databases'),
      page('The studio', '/studio'),
      page('Beyond one machine', '/beyond-one-machine'),
      page('Errors', '/errors'),
    ],
  },
  {
    text: 'Tensors',
    items: [
      page('Distributions on tensors', '/tensors'),
      page('Mixture density network', '/mixture-density-network'),
      page('A mixture as a prior', '/mixture-prior'),
      page('MAP by gradient', '/map-by-gradient'),
    ],
  },
  {
    text: 'Of your own',
    items: [page('Add a family', '/add-a-family'), page('Define a mixture', '/define-a-mixture')],
  },
  {
    text: 'Why it works',
    items: [
      page('Derivations', '/derivations'),
      page('Why restarts', '/restarts'),
      page('Image priors', '/image-priors'),
      page('The assignment', '/assignment'),
      page('Comparison', '/comparison'),
      page('Benchmarks', '/bench/results'),
      page('Glossary', '/glossary'),
    ],
  },
]

const isThere = ({ link }) => existsSync(`${pagesFolder}${link.slice(1)}.md`)
const present = groups => groups.map(group => ({ ...group, items: group.items.filter(isThere) }))

const folderOf = entry => `/api/${entry.replace('@conjugate/', '').replaceAll('/', '-')}/`

const members = () => {
  const file = `${pagesFolder}api/members.json`
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).filter(({ own }) => own) : []
}

/** The sidebars of the reference: all entries, and the pages of the one that is read. */
const reference = () => {
  const pagesOf = new Map([...entries.keys()].map(entry => [entry, new Map()]))
  for (const { entry, page, title } of members()) pagesOf.get(entry)?.set(page, title)
  const filled = [...pagesOf].filter(([, found]) => found.size > 0)
  const firstOf = found => `/api/${[...found.keys()].sort()[0].slice(0, -3)}`
  const all = {
    text: 'Reference',
    items: [
      page('All names', '/api/'),
      ...filled.map(([entry, found]) => page(entry.replace('@conjugate/', ''), firstOf(found))),
    ],
  }
  const sidebars = filled.map(([entry, found]) => [
    folderOf(entry),
    [{ text: entry, items: [...found].sort().map(([path, title]) => page(title, `/api/${path.slice(0, -3)}`)) }, all],
  ])
  return { ...Object.fromEntries(sidebars), '/api/': [all] }
}

const contributing = [
  {
    text: 'Contributing',
    items: [
      page('How to contribute', '/contributing/'),
      page('Developing', '/contributing/developers'),
      page('Architecture', '/contributing/architecture'),
      page('Benchmark', '/bench/'),
      page('Sizes on a page', '/bundle-sizes'),
      page('Changelog', '/changelog'),
    ],
  },
  {
    text: 'Packages',
    items: [...pages.keys()].flatMap(path => {
      const [, name] = /^packages\/(\w+)\/README\.md$/.exec(path) ?? []
      return name === undefined ? [] : [page(name, `/packages/${name}`)]
    }),
  },
  { text: 'Decisions', items: [page('All', '/decisions/'), ...pagesIn('docs/decisions', 'decisions')] },
]

const families = [{ text: 'Families', items: [page('All', '/families/'), ...pagesIn('docs/families', 'families')] }]

export const navigation = [
  page('Guide', '/start'),
  page('Gallery', '/gallery'),
  page('Families', '/families/'),
  page('Reference', '/api/'),
  page('Derivations', '/derivations'),
  page('Comparison', '/comparison'),
  page('Contributing', '/contributing/'),
]

export const sidebar = {
  ...reference(),
  '/families/': families,
  '/decisions/': contributing,
  '/contributing/': contributing,
  '/packages/': contributing,
  '/bench/': contributing,
  '/changelog': contributing,
  '/bundle-sizes': contributing,
  '/': present(guide),
}
