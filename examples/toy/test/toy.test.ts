import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runExperiment } from '@conjugate/toy/experiment'
import { matchComponents } from '@conjugate/toy/match'
import { readCommand } from '@conjugate/toy/options'
import * as E from 'fp-ts/lib/Either.js'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let base: string

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'conjugate-toy-'))
})

afterEach(() => {
  rmSync(base, { recursive: true, force: true })
})

const run = (...words: readonly string[]) => {
  const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))
  const { CONJUGATE_BACKEND: _, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...words], { cwd: base, env, encoding: 'utf8' })
  return { status, stdout, stderr }
}

describe('pnpm toy', () => {
  it('prints the parameters beside the truth and draws both figures', async () => {
    const { status, stdout, stderr } = run()
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('toy: 400 points, 300 iterations')
    expect(stdout.match(/mu( +\d\.\d{4}){2} {2}(5\.0000 {2}5\.0000|8\.0000 {2}8\.0000)/g)).toHaveLength(2)
    const files = readdirSync(join(base, 'toy-output')).sort()
    expect(files).toEqual(['toy_log_probability.png', 'toy_scatter.png'])
    for (const file of files) {
      expect((await sharp(join(base, 'toy-output', file)).metadata()).width).toBeGreaterThan(1500)
    }
  })

  it.each([
    [['--seed', 'x'], 'toy: --seed: expected a whole number from 0 to 4294967295, received "x"\n'],
    [['fox'], 'toy: unexpected argument "fox"; see --help\n'],
    [['--sed', '1'], 'toy: unknown option --sed; did you mean --seed?\n'],
    [['--out', 'file'], 'toy: --out file: cannot write there (a file has that name); choose another folder\n'],
  ])('explains %j', (words, expected) => {
    writeFileSync(join(base, 'file'), '')
    expect(run(...words)).toEqual({ status: 1, stdout: '', stderr: expected })
    expect(readdirSync(base)).toEqual(['file'])
  })

  it('prints help and version', () => {
    expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Usage: pnpm toy/) })
    expect(run('--version')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
  })
})

describe('the experiment', () => {
  const settingsOf = (words: readonly string[]) => {
    const command = readCommand({ words, environment: {} })
    if (E.isLeft(command) || command.right._tag !== 'Run') throw new Error('not a run')
    return command.right.values
  }

  it.each([0, 1, 2, 3, 4, 5, 6, 404])('recovers the two clusters from seed %i', async seed => {
    const experiment = await runExperiment(settingsOf(['--seed', String(seed)]))()
    if (E.isLeft(experiment)) throw new Error(experiment.left._tag)
    const { truth, fitted } = experiment.right
    const order = matchComponents(experiment.right)
    expect(order.toSorted()).toEqual([0, 1])
    for (const [i, k] of order.entries()) {
      // Standard errors are near 0.1, more where the clusters overlap; the prior mean at 0 adds mu^2 / N, 0.3 at 8.
      for (const axis of [0, 1]) {
        expect(Math.abs(fitted.components[k]!.mean[axis]! - truth[i]!.mean[axis]!)).toBeLessThan(0.5)
        expect(Math.abs(fitted.components[k]!.covariance.data[axis * 3]! - 1)).toBeLessThan(0.9)
      }
      expect(fitted.weights[k]).toBeGreaterThan(0.4)
    }
    expect(fitted.objectives).toHaveLength(301)
  })

  it('is the same for the same seed', async () => {
    const results = [await runExperiment(settingsOf([]))(), await runExperiment(settingsOf([]))()]
    const traces = results.map(E.map(({ fitted }) => fitted.objectives))
    expect(E.isRight(traces[0]!)).toBe(true)
    expect(traces[0]).toEqual(traces[1])
  })
})
