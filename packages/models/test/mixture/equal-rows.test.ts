import { fit } from '@conjugate/models'
import { rightOf } from '@conjugate/testing'
import { expect, test } from 'vitest'
import { counts, poissons } from './support.js'

test('equal rows are computed once unless told otherwise, which changes nothing but rounding', async () => {
  const xs = counts(5000)
  const options = { iterations: 20, start: { _tag: 'rows', indices: [0, 1] } } as const
  const grouped = await rightOf(fit(poissons(2), xs, options))
  const plain = await rightOf(fit(poissons(2), xs, { ...options, groupRows: false }))
  expect([grouped.distinctRows, plain.distinctRows]).toEqual([new Set(xs).size, 5000])
  expect(Array.from(grouped.assignments)).toEqual(Array.from(plain.assignments))
  for (const [i, objective] of plain.objectives.entries())
    expect(Math.abs(grouped.objectives[i]! - objective)).toBeLessThan(1e-12 * Math.abs(objective))
})
