import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { families, measured, ofTensors, sizeOf, sizeOfCode, stated } from '../scripts/docs/bundle-sizes.js'

const cases = Object.entries(measured).flatMap(([from, names]) => names.map(name => [name, from] as const))

test.each(cases)('%s of %s is no larger than the page of bundle sizes says', async (name, from) => {
  expect(await sizeOf(name, from)).toBeLessThan(1.1 * stated().get(`${name} of ${from}`)! + 0.1)
})

test('the README says what the smallest and the largest distribution add', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const sizes = families.map(name => stated().get(`${name} of @conjugate/distributions`)!)
  const [least, most] = /One distribution is (\d+) to (\d+) kB/.exec(readme)!.slice(1).map(Number)
  for (const [said, found] of [
    [least!, Math.min(...sizes)],
    [most!, Math.max(...sizes)],
  ] as const)
    expect(Math.abs(said - found), `${said} kB`).toBeLessThan(1.5)
})

describe('functions of tensors', () => {
  const from = '@conjugate/linalg/tensors'

  test.each(ofTensors)('%s adds at most 8 kB', async name => expect(await sizeOf(name, from)).toBeLessThanOrEqual(8))

  test('those that are not used add nothing', async () =>
    expect(await sizeOfCode(`import * as tensors from '${from}'; export const used = 1`)).toBeLessThan(0.1))
})
