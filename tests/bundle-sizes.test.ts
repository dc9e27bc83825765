import { expect, test } from 'vitest'
import { measured, sizeOf, stated } from '../scripts/docs/bundle-sizes.js'

const cases = Object.entries(measured).flatMap(([from, names]) => names.map(name => [name, from] as const))

test.each(cases)('%s of %s is no larger than the page of bundle sizes says', async (name, from) => {
  expect(await sizeOf(name, from)).toBeLessThan(1.1 * stated().get(name)! + 0.1)
})
