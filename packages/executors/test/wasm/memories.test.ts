import { expect, test } from 'vitest'
import { ownMemories } from '../../dist/internals.js'

const PAGE = 65536

test('memories are used again where they have enough pages, and not many times as many', () => {
  const [large, small] = [ownMemories.take(400), ownMemories.take(70)]
  expect(small).not.toBe(large)
  ownMemories.release(large)
  ownMemories.release(small)
  // The small one came last.
  expect(ownMemories.take(390)).toBe(large)
  const other = ownMemories.take(390)
  expect(other).not.toBe(small)
  expect(small.buffer.byteLength).toBe(70 * PAGE)
  ownMemories.release(large)
  ownMemories.release(other)
  expect(ownMemories.take(60)).toBe(small)
  expect([large, other]).not.toContain(ownMemories.take(60))
})
