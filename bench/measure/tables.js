// Tables of categories, and counts: reading, an E-step and a whole fit, in one thread, in milliseconds of processor time.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { categories, countsOf } from '../data/categories.js'
import { peersFolder } from '../peers/folder.js'
import { startContestant } from './contestant-process.js'

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url))
const ours = here('../contestants/tables.js')

/** @param {string | undefined} unavailable why there is no Python, if there is none */
const contestants = unavailable => [
  { name: 'columns', command: [process.execPath, ours, 'columns'], environment: {} },
  { name: 'rows', command: [process.execPath, ours, 'rows'], environment: {} },
  {
    name: 'StepMix',
    command: [join(peersFolder, 'venv/bin/python'), here('../peers/python/step_mix.py')],
    environment: { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' },
    unavailable,
  },
]

/**
 * Turn by turn, each of them a process of its own that has been asked once before.
 * @param {boolean} quick @param {string} folder for the rows @param {string | undefined} noPython
 * @returns {Promise<ReadonlyArray<import('../types.js').TableTimes>>}
 */
export const measureTables = async (quick, folder, noPython) => {
  const n = quick ? 10_000 : 100_000
  const sets = [
    { name: `${n} x 20 of 4 categories, K = 5`, values: categories(n, 20, 4, 5), shape: { n, d: 20, levels: 4, k: 5 } },
    {
      name: `${n} x 20 of 12 categories, K = 5`,
      values: categories(n, 20, 12, 5),
      shape: { n, d: 20, levels: 12, k: 5 },
    },
    { name: `${10 * n} counts, K = 4`, values: countsOf(10 * n, 4), shape: { n: 10 * n, d: 1, k: 4 } },
  ]
  const found = []
  for (const { name, values, shape } of sets) {
    const rows = join(folder, 'tables.rows')
    writeFileSync(rows, values)
    for (const contestant of contestants(noPython)) {
      // It has no counts.
      if (contestant.name === 'StepMix' && shape.levels === undefined) continue
      const times = { name, contestant: contestant.name, load: Infinity, step: Infinity, fit: Infinity }
      let error = contestant.unavailable
      const process = error === undefined ? startContestant(/** @type {any} */ (contestant)) : undefined
      for (const round of ['warm-up', 'first', 'second', 'third']) {
        const answer = /** @type {any} */ (await process?.ask(/** @type {any} */ ({ ...shape, rows, iterations: 10 })))
        error ??= answer.error
        if (round === 'warm-up' || error !== undefined) continue
        for (const what of /** @type {const} */ (['load', 'step', 'fit']))
          times[what] = Math.min(times[what], answer[what] ?? Infinity)
      }
      await process?.close()
      found.push({ ...times, error })
    }
  }
  return found
}
