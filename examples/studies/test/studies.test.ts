import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { boxLabels, studyIngredients } from '@conjugate/studies/image-priors'
import { boxAround, type Meadow, meadow, overlap } from '@conjugate/studies/meadow'
import { restartsNeeded, studyRestarts } from '@conjugate/studies/restarts'
import { scene } from '@conjugate/studies/scene'
import { hasMasks, hasPhotos, readMask, readPhoto, rightOf } from '@conjugate/testing'
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
      const worst = Math.min(...study.fits.map(f => f.objectives.at(-1)!))
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
  const text = page('image-priors.md')

  /** The figures of a row of a table. */
  const rowOf = (name: string): readonly string[] => {
    const row = text.split('\n').find(line => line.startsWith(`| ${name} |`))
    return row === undefined
      ? []
      : row
          .split('|')
          .slice(2, -1)
          .map(cell => cell.trim())
  }

  const columns: readonly (readonly [string, boolean])[] = [
    ['drawn', true],
    ['cow', hasMasks && hasPhotos],
    ['owl', hasMasks && hasPhotos],
  ]
  for (const [column, [name, isHere]] of columns.entries())
    test.skipIf(!isHere)(`gain part by part what the page says: ${name}`, { timeout: 120_000 }, async () => {
      for (const part of await rightOf(studyIngredients(name === 'drawn' ? meadow() : await photo(name))))
        expect([part.name, rowOf(part.name)[column]]).toEqual([part.name, part.overlap.toFixed(2)])
    })

  test('fail as the page says', { timeout: 60_000 }, async () => {
    for (const [name, picture, smoothness] of [
      ['a rock that is nowhere else', meadow('a rock that is nowhere else'), 0.05],
      ['its own colours about it', meadow('its own colours about it'), 0.05],
      ['a smoothness of 0.4', meadow(), 0.4],
    ] as const) {
      const labels = await rightOf(boxLabels(picture, smoothness))
      expect([name, rowOf(name)[0]]).toEqual([name, overlap(labels, picture.mask).toFixed(2)])
    }
  })
})

/** A photo of the course with its mask. */
const photo = async (name: string): Promise<Meadow> => {
  const [{ width, height, bytes }, mask] = [await readPhoto(`${name}.png`), await readMask(name)]
  let [left, right, top, bottom] = [width, -1, height, -1]
  for (let n = 0; n < mask.length; n++) {
    if (mask[n] !== 1) continue
    const [x, y] = [n % width, Math.floor(n / width)]
    ;[left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)]
  }
  return { image: { width, height, data: bytes }, mask, box: boxAround({ left, right, top, bottom }) }
}

describe('the program', () => {
  test.each([
    ['restarts', ['restarts_traces.png', 'restarts_best.png', 'restarts_failed.png']],
    ['image-priors', ['image_priors_ingredients.png', 'image_priors_failures.png']],
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
