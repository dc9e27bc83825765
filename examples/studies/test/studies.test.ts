import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { studyImagePrior } from '@conjugate/studies/image-priors'
import { boundaryLength, pottsLabels } from '@conjugate/studies/potts'
import { restartsNeeded, studyRestarts } from '@conjugate/studies/restarts'
import { scene } from '@conjugate/studies/scene'
import { rightOf } from '@conjugate/testing'
import { afterAll, describe, expect, test } from 'vitest'

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'conjugate-studies-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const page = (name: string): string => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8')

describe('restarts', () => {
  test('a start that fails ends thousands of nats below the best, as the page says', { timeout: 60_000 }, async () => {
    for (const [width, atBest, below] of [
      [1, 3, '9,862.9'],
      [0.01, 12, '11,681.2'],
    ] as const) {
      const options = { components: 2, starts: 20, iterations: 150, width, seed: 0 }
      const study = await rightOf(studyRestarts(scene(0.05, 1).colours, options))
      expect(study.atBest).toBe(atBest)
      const worst = Math.min(...study.fits.map(f => f.logProbs.at(-1)!))
      expect((study.best - worst).toLocaleString('en-US', { maximumFractionDigits: 1 })).toBe(below)
      expect(page('restarts.md')).toContain(`${atBest} of 20 | ${below} | ${restartsNeeded(atBest / 20, 0.99)} |`)
    }
  })

  test.each([
    [0.5, 0.99, 7],
    [1, 0.99, 1],
    [0, 0.99, Number.POSITIVE_INFINITY],
  ])('restarts for a share of %d', (share, probability, expected) =>
    expect(restartsNeeded(share, probability)).toBe(expected),
  )
})

describe('image priors', () => {
  test('lower the error and lose what is thin, as the page says', async () => {
    for (const noise of [0.08, 0.12, 0.15])
      for (const { coupling, errorRate, mastsFound, boundary } of await rightOf(
        studyImagePrior(scene(noise, 1), [0, 1, 2]),
      ))
        expect(page('image-priors.md')).toContain(
          `| ${noise} | ${coupling} | ${(100 * errorRate).toFixed(1)} % | ${(100 * mastsFound).toFixed(0)} % | ${boundary.toFixed(1)} |`,
        )
  })

  test('without coupling the labels are those of the mixture, and a strong one gives a speck to its neighbours', () => {
    const q = {
      rows: 9,
      columns: 2,
      data: Float64Array.from({ length: 18 }, (_, i) => (i % 2 === (i === 8 || i === 9 ? 0 : 1) ? 0.3 : 0.7)),
    }
    expect(Array.from(pottsLabels(q, { width: 3, coupling: 0 }))).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0])
    expect(Array.from(pottsLabels(q, { width: 3, coupling: 1 }))).toEqual(new Array(9).fill(0))
    expect(boundaryLength([0, 0, 0, 0, 1, 0, 0, 0, 0], 3)).toBe(4)
  })
})

describe('the program', () => {
  test.each([
    ['restarts', ['restarts_traces.png', 'restarts_best.png', 'restarts_failed.png']],
    ['image-priors', ['image_priors_truth.png', 'image_priors_without.png', 'image_priors_with.png']],
  ])('%s writes its figures', { timeout: 60_000 }, (name, files) => {
    execFileSync(process.execPath, [program, name, folder])
    for (const file of files) expect(existsSync(join(folder, file))).toBe(true)
  })

  test('explains what it does not know', () => {
    const { status, stderr } = spawnSync(process.execPath, [program, 'other'], { encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stderr).toBe('study: other: expected restarts or image-priors, and perhaps a folder\n')
  })
})
