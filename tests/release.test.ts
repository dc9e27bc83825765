import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../', import.meta.url))
const program = fileURLToPath(new URL('../scripts/release/release.js', import.meta.url))

interface Manifest {
  readonly name: string
  readonly version: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly publishConfig?: object
}

const manifestOf = (path: string): Manifest => JSON.parse(readFileSync(`${root}${path}/package.json`, 'utf8'))
const packages = readdirSync(`${root}packages`).map(name => manifestOf(`packages/${name}`))

test('a dry run says what would be published, each package after those that it depends on, and publishes nothing', () => {
  const said = execFileSync(process.execPath, [program, '--dry-run'], { cwd: root, encoding: 'utf8' }).split('\n')
  const order = packages.map(({ name, version }) => said.findIndex(line => line.startsWith(`${name}@${version}  `)))
  expect(order.toSorted((a, b) => a - b)).toEqual(packages.map((_, i) => i + order.reduce((a, b) => Math.min(a, b))))
  for (const [i, { name, dependencies }] of packages.entries())
    for (const [j, other] of packages.entries())
      if (dependencies?.[other.name]) expect(order[i], `${name} after ${other.name}`).toBeGreaterThan(order[j]!)
  expect(said).toContain(
    `would publish ${packages.length} packages, in this order, by npm publish --provenance --access public`,
  )
})

test('packages are public, signed and of one version', () => {
  expect(new Set(packages.map(({ version }) => version)).size).toBe(1)
  for (const { name, publishConfig } of packages)
    expect(publishConfig, name).toEqual({ access: 'public', provenance: true })
})

test.each([
  [['--repository', 'somewhere'], 'release: somewhere is no https://HOST/OWNER/NAME\n'],
  [['--dry'], /^release: Unknown option '--dry'/],
])('%j is refused', (words, expected) => {
  const { status, stderr } = spawnSync(process.execPath, [program, ...words], { cwd: root, encoding: 'utf8' })
  expect(status).toBe(1)
  if (typeof expected === 'string') expect(stderr).toBe(expected)
  else expect(stderr).toMatch(expected)
})
