import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { families, measured, sizeOf, stated } from '../scripts/docs/bundle-sizes.js'

const cases = Object.entries(measured).flatMap(([from, names]) => names.map(name => [name, from] as const))

test.each(cases)('%s of %s is no larger than the page of bundle sizes says', async (name, from) => {
  expect(await sizeOf(name, from)).toBeLessThan(1.1 * stated().get(name)! + 0.1)
})

test('the README says what the smallest and the largest distribution add', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const sizes = families.map(name => stated().get(name)!)
  const [least, most] = /One distribution is (\d+) to (\d+) kB/.exec(readme)!.slice(1).map(Number)
  for (const [said, found] of [
    [least!, Math.min(...sizes)],
    [most!, Math.max(...sizes)],
  ] as const)
    expect(Math.abs(said - found), `${said} kB`).toBeLessThan(1.5)
})
