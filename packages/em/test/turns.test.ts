import { breather } from '@conjugate/em'
import { afterEach, describe, expect, test, vi } from 'vitest'

// A loop that never waits lets others have a turn, whatever a host has for that.

afterEach(() => vi.unstubAllGlobals())

/** Iterations of a millisecond each, which end after two hundred or when something else has had its turn. */
const iterate = async (isOver: () => boolean): Promise<number> => {
  const breathe = breather()
  for (let i = 0; i < 200; i++) {
    if (isOver()) return i
    const end = performance.now() + 1
    while (performance.now() < end);
    await breathe()
  }
  return 200
}

describe.each([
  ['setImmediate', []],
  ['MessageChannel', ['setImmediate']],
  ['setTimeout', ['setImmediate', 'MessageChannel']],
] as const)('by %s', (_, absent) => {
  test('a timer has its turn, but not after every iteration', async () => {
    for (const name of absent) vi.stubGlobal(name, undefined)
    let isOver = false
    setTimeout(() => {
      isOver = true
    }, 0)
    const found = await iterate(() => isOver)
    expect(found).toBeGreaterThan(5)
    expect(found).toBeLessThan(200)
  })
})
