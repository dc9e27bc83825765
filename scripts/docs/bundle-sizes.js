// Writes docs/bundle-sizes.md: what importing one name of a package adds to a page. `tests/bundle-sizes.test.ts` checks it.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'

const root = fileURLToPath(new URL('../..', import.meta.url))
const page = new URL('../../docs/bundle-sizes.md', import.meta.url)

/** Distributions, of which the README says how large they are. */
export const families = [
  'normal',
  'multivariateNormal',
  'diagonalNormal',
  'gamma',
  'inverseGamma',
  'exponential',
  'beta',
  'dirichlet',
  'wishart',
  'inverseWishart',
  'normalInverseGamma',
  'normalInverseWishart',
  'bernoulli',
  'categorical',
  'binomial',
  'multinomial',
  'poisson',
  'geometric',
  'negativeBinomial',
  'studentT',
  'betaBinomial',
]

/** Functions of tensors, which a test keeps small. */
export const ofTensors = [
  'cholesky',
  'triangularSolve',
  'logDeterminant',
  'symmetricInverse',
  'symmetricEigenvalues',
  'regularizedGamma',
  'regularizedBeta',
  'logGamma',
  'multivariateLogGamma',
  'polygamma',
  'exp',
  'logSumExp',
  'registerSecondOrder',
]

/** The names, by their package. */
export const measured = {
  '@conjugate/distributions': [
    ...families,
    'normalCumulative',
    'gammaCumulative',
    'gammaPoissonPrior',
    'normalInverseWishartPrior',
    'productPrior',
    'random',
  ],
  '@conjugate/em': ['iterations', 'squarem', 'run', 'runWithCheckpoints'],
  '@conjugate/images': ['minimumCut', 'alphaExpansion', 'meanField', 'contrastField'],
  '@conjugate/linalg': ['cholesky', 'logGamma'],
  '@conjugate/linalg/tensors': ofTensors,
}

/** Compressed kilobytes that a page gets which uses the name and nothing else, beside TensorFlow.js. */
export const sizeOf = (name, from) => sizeOfCode(`export { ${name} } from '${from}'`)

/** Those that a module gets. */
export const sizeOfCode = async code => {
  const build = await rolldown({
    cwd: root,
    input: 'virtual:entry',
    platform: 'browser',
    external: /^@tensorflow\//,
    logLevel: 'silent',
    plugins: [
      {
        name: 'entry',
        resolveId: id => (id === 'virtual:entry' ? `${root}/tests/virtual-entry.js` : null),
        load: id => (id.endsWith('tests/virtual-entry.js') ? code : null),
      },
    ],
  })
  const { output } = await build.generate({ minify: true })
  await build.close()
  const chunks = new Map(output.map(chunk => [chunk.fileName, chunk]))
  const loaded = new Set([output[0]])
  for (const { imports } of loaded) for (const name of imports) if (chunks.has(name)) loaded.add(chunks.get(name))
  return [...loaded].reduce((sum, { code }) => sum + gzipSync(code).length, 0) / 1000
}

/** The sizes that the page states, by name and package. */
export const stated = () =>
  new Map(
    [...readFileSync(page, 'utf8').matchAll(/^\| `(\w+)` \| `(.*)` \| ([\d.]+) \|$/gm)].map(([, name, from, size]) => [
      `${name} of ${from}`,
      Number(size),
    ]),
  )

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rows = []
  for (const [from, names] of Object.entries(measured))
    for (const name of names) rows.push(`| \`${name}\` | \`${from}\` | ${(await sizeOf(name, from)).toFixed(1)} |`)
  writeFileSync(
    page,
    `${[
      '# What one import adds to a page',
      'Kilobytes, minified and compressed, with everything that comes along: functions of fp-ts, and random streams\nof stdlib. TensorFlow.js itself is not counted. Made by `node scripts/docs/bundle-sizes.js`; a test fails if a size grows by more than a tenth.',
      ['| import | from | kB |', '|---|---|---|', ...rows].join('\n'),
    ].join('\n\n')}\n`,
  )
}
