import * as distributions from '@conjugate/distributions'
import { expect, test } from 'vitest'
import { familyPages, stalePages } from '../scripts/docs/families.js'

test('the pages of the families are those of their docstrings (node scripts/docs/families.js)', () =>
  expect(stalePages()).toEqual([]))

test('every family has a page with values, a prior and an example', () => {
  const pages = [...familyPages().values()].join('\n')
  const families = Object.entries(distributions).filter(
    ([, value]) => typeof value === 'object' && value !== null && 'logProb' in value && 'sample' in value,
  )
  expect(families.length).toBeGreaterThan(15)
  for (const [name] of families) expect(pages).toContain(`# ${name}\n`)
})
