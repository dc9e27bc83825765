import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

// The figures of docs/comparison.md are those of bench/RESULTS.md.

const read = (page: string): string => readFileSync(new URL(`../${page}`, import.meta.url), 'utf8')

const cells = (row: string): ReadonlyArray<string> => row.split('|').map(cell => cell.trim())

/** Best milliseconds of a contestant with one thread. */
const measured = (data: string, contestant: string): string | undefined => {
  const section = read('bench/RESULTS.md').split(`### ${data}\n`)[1]?.split('\n### ')[0] ?? ''
  const row = section.split('\n').find(line => cells(line)[1] === contestant && cells(line)[2] === '1')
  return row === undefined ? undefined : cells(row)[3]
}

const [head, , ...rows] = read('docs/comparison.md')
  .split('## Time')[1]!
  .split('\n')
  .filter(line => line.startsWith('|'))

const CONTESTANTS: Readonly<Record<string, string>> = {
  '`wasm`': 'wasm',
  'scikit-learn': 'scikit-learn',
  Armadillo: 'Armadillo gmm_full',
}

test('there are figures', () => expect(rows.length).toBeGreaterThanOrEqual(4))

test.each(rows)('%s', row => {
  const [, data, ...figures] = cells(row)
  const names = cells(head!).slice(2, -1)
  expect(figures.slice(0, -1)).toEqual(names.map(name => measured(data!, CONTESTANTS[name]!)))
})

test('the first page of the site says how many times faster than scikit-learn it is', () => {
  const [ours, theirs] = ['wasm', 'scikit-learn'].map(name => Number(measured('1000000x3 K=8', name)))
  expect(read('site/.vitepress/theme/Home.vue')).toContain(`'${Math.round(theirs! / ours!)}×'`)
})
