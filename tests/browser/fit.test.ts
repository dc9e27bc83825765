import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FittedMixture, fitMixture } from './pages/fit-mixture.js'
import { noBrowser, type OpenPage, open } from './support/chromium.js'
import { expectWithin } from './support/near.js'

const expectFit = (actual: FittedMixture, expected: FittedMixture, share: number, ofLogProbs: number): void => {
  expectWithin(share, actual.weights, expected.weights, 'weights')
  expectWithin(share, actual.means.flat(), expected.means.flat(), 'means')
  expectWithin(share, actual.covariances.flat(), expected.covariances.flat(), 'covariances')
  expectWithin(ofLogProbs, actual.objectives, expected.objectives, 'objectives')
}

describe.skipIf(noBrowser)(`a fit in a page${noBrowser ? `: skipped, ${noBrowser}` : ''}`, () => {
  let opened: OpenPage
  beforeAll(async () => {
    opened = await open('mixture.html')
  })
  afterAll(() => opened?.close())
  const fitInPage = (backend: string, iterations: number) =>
    opened.page.evaluate(([backend, iterations]) => globalThis.fitInPage(backend, iterations), [
      backend,
      iterations,
    ] as const)

  // Not bit for bit: a language leaves the last bit of Math.log and Math.exp to its engine, and V8 changed it.
  test.each(['wasm', 'javascript'])('%s gives the numbers of Node', async backend => {
    const [there, here] = [await fitInPage(backend, 60), await fitMixture(backend, 60)]
    expect(there.backend.toLowerCase()).toContain(backend)
    expect(there.assignments).toEqual(here.assignments)
    expectFit(there, here, 1e-13, 1e-13)
  })

  test.each([
    ['webgl', 60],
    // Its emulation takes a second for an iteration.
    ['webgpu', 4],
  ] as const)('%s gives the numbers of Node to float32', async (backend, iterations) => {
    const [there, here] = [await fitInPage(backend, iterations), await fitMixture('wasm', iterations)]
    expect(there.backend).toBe(`TensorFlow.js ${backend} (float32)`)
    expectFit(there, here, 1e-6, 1e-7)
    const different = there.assignments.filter((k, n) => k !== here.assignments[n])
    expect(different.length).toBeLessThanOrEqual(5)
  })

  test('a page gets the kernel by default, not its GPU', async () => {
    expect((await fitInPage('auto', 0)).backend).toMatch(/^wasm /)
  })

  test('neither the bundler nor the page complained', () => {
    expect(opened.complaints).toEqual([])
  })
})

describe.skipIf(noBrowser)(`a fit says what it had to do without${noBrowser ? `: skipped, ${noBrowser}` : ''}`, () => {
  const noWasm = "script-src 'self'; object-src 'none'"
  const noWorkers = "script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'"

  test.each<[string, boolean, string | undefined, 'auto' | 2, RegExp]>([
    ['in a page that is not isolated', false, undefined, 'auto', /^wasm \(.*SIMD, float64, 1 thread\)$/],
    ['threads, there', false, undefined, 2, /^wasm \(.*, 1 thread: threads share memory.*isolated page may\)$/],
    ['nothing, in one that is', true, undefined, 2, /^wasm \(.*SIMD, float64, [12] threads?\)$/],
    ['WebAssembly, where a policy forbids it', false, noWasm, 'auto', /^plain JavaScript \(float64\), since .*refused/],
    ['WebAssembly and threads', true, noWasm, 2, /^plain JavaScript \(float64\), since there is no wasm: .*refused/],
    ['workers that were not asked for', true, noWorkers, 'auto', /^wasm \(.*SIMD, float64, 1 thread\b.*\)$/],
  ])('%s', async (_, isolated, policy, threads, words) => {
    const { page, complaints, close } = await open('mixture.html', isolated, policy)
    try {
      // Nothing is evaluated from text when it loads, which such a policy would report.
      expect(complaints).toEqual([])
      const { backend, assignments } = await page.evaluate(threads => globalThis.fitInPage('auto', 2, threads), threads)
      expect(backend).toMatch(words)
      expect(assignments).toHaveLength(5000)
    } finally {
      await close()
    }
  })
})
