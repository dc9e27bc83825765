import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { planOf, type Shape } from '../../src/tables/fit/plan.js'
import type { Kind } from '../../src/tables/table.js'
import { codeOf } from '../../src/tables/tell/code.js'
import { choicesWithout, fittedOf, outcomesOf, packaged, RANGE, tableOf } from './support.js'

const folder = fileURLToPath(new URL('./code.generated/', import.meta.url))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => vi.restoreAllMocks())

const MIXED = `x;it's;"2 b";visits;year\n${Array.from({ length: 60 }, (_, n) => [`${n % 3},${(n * n) % 10}`, ['p', 'q"', 'r'][n % 3], n % 2, (n % 3) * 5 + (n % 4), n % 9 === 0 ? '-' : 2000 + (n % 3)].join(';')).join('\n')}\n`

const HEADLESS = Array.from({ length: 50 }, (_, n) => `${(n % 2) * 5 + Math.sin(n * n)},${Math.cos(n * n)}`).join('\n')

type Kinds = Readonly<Record<string, Kind>>

test.each<[string, string, Uint8Array | string, ReadonlyArray<string>, Shape, ReadonlyArray<number>, Kinds?]>([
  ['numbers that vary together', 'iris.csv', packaged('iris.csv'), ['species'], 'together', [1, 2, 3, 4]],
  ['numbers that are each on their own', 'iris.csv', packaged('iris.csv'), ['species'], 'apart', [3]],
  [
    'a block of numbers with gaps, and categories',
    'penguins.csv',
    packaged('penguins.csv'),
    ['species'],
    'together',
    [2, 3],
  ],
  ['columns that are each on their own', 'penguins.csv', packaged('penguins.csv'), [], 'apart', [3]],
  ['decimal commas, quotes, counts and gaps', 'a "mixed" one.csv', MIXED, [], 'apart', [3]],
  [
    'columns that are taken for something else',
    'other.csv',
    MIXED,
    ['x'],
    'apart',
    [2],
    { '2 b': 'number', year: 'category' },
  ],
  [
    'bytes of Windows',
    'windows.csv',
    Uint8Array.from(MIXED.replaceAll('q"', 'caf\xe9'), c => c.charCodeAt(0)),
    [],
    'apart',
    [3],
  ],
  ['no names of columns', 'headless.csv', HEADLESS, [], 'together', [2]],
])('the code of %s gives the numbers of the page', async (name, file, content, without, shape, counts, kinds = {}) => {
  const table = tableOf(file, content)
  const choices = choicesWithout(table, without).map((choice, i) => ({
    ...choice,
    kind: kinds[table.columns[i]!.name] ?? choice.kind,
  }))
  const plan = planOf(table, choices, shape)!
  const { reading, columns } = table
  const code = codeOf({ file, reading, columns, plan, criterion: 'bic', counts, restarts: 1, seed: 0 })
  mkdirSync(folder, { recursive: true })
  const [data, program] = [
    `${folder}${name.replaceAll(/\W/g, '-')}.csv`,
    `${folder}${name.replaceAll(/\W/g, '-')}.generated.ts`,
  ]
  writeFileSync(data, content)
  expect(code).toContain(`readFileSync('${file}'`)
  writeFileSync(program, code.replace(`'${file}'`, `'${data}'`))
  const printed: unknown[][] = []
  vi.spyOn(console, 'log').mockImplementation((...values) => printed.push(values))
  await import(program)
  const candidates = fittedOf(await outcomesOf(plan, { ...RANGE, from: counts[0]!, to: counts.at(-1)! }))
  const best = candidates.reduce((a, b) => (b.criteria.bic < a.criteria.bic ? b : a))
  expect(printed).toEqual([[Float64Array.from(best.components, c => c.weight), best.assignments]])
})
