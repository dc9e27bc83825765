import { expect, test } from 'vitest'
import { watch } from './support/watch.js'

/** How many times as long as in CI, where it is short. */
const LONGER = Number(process.env['CONJUGATE_TORTURE'] ?? 1)

/** In processes of their own, which are watched: a call may never end, or take its process with it. */
const violationsOf = async (name: string, count: number, data: object): Promise<ReadonlyArray<string>> => {
  const all = Math.ceil(count * LONGER)
  const { violations, tried } = await watch(new URL(`./cases/${name}.js`, import.meta.url), all, data)
  expect(tried).toBe(all)
  return violations.map(v => `${v.kind}: case ${v.case}, ${v.label}: ${v.text}`)
}

test(
  'whatever is in the place of an argument, calls end with one line that says what is wrong, or a result',
  {
    timeout: 600_000 * LONGER,
  },
  async () => expect(await violationsOf('calls', 1500, { seed: 1, strict: false })).toEqual([]),
)

test('also what is only there to break something', { timeout: 600_000 * LONGER }, async () =>
  expect(await violationsOf('calls', 500, { seed: 2, strict: true })).toEqual([]),
)

test.each([true, false])(
  'fits of bad data have no NaN, no false alarm and no silent fall (scales that people have: %s)',
  {
    timeout: 600_000 * LONGER,
  },
  async moderate => expect(await violationsOf('fits', 60, { seed: 1, moderate })).toEqual([]),
)
