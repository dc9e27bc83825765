import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

/** What describes every error that a fit may be, in one line. */
const describers = [
  'packages/models/src/errors.ts',
  'packages/executors/src/contract/errors.ts',
  'packages/em/src/checkpoint/storage.ts',
]

const found = (text: string, pattern: RegExp): ReadonlyArray<string> =>
  [...new Set(Array.from(text.matchAll(pattern), match => match[1]!))].sort()

test('the page of errors has every error that there is, and no other', () => {
  const described = found(describers.map(read).join('\n'), /case '([A-Z]\w+)'/g)
  const rows = read('docs/errors.md')
    .split('\n')
    .filter(line => line.startsWith('| `'))
  const told = found(rows.map(line => line.split('|')[1]!).join('\n'), /`([A-Z]\w+)`/g)
  expect(told).toEqual(described)
  expect(described.length).toBeGreaterThan(20)
})
