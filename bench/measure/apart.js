// Clusters that are apart, where an E-step can leave out what rounds away, in one thread: milliseconds of processor time.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { clustersApart } from '../data/apart.js'
import { peersFolder } from '../peers/folder.js'
import { startContestant } from './contestant-process.js'

/** @type {ReadonlyArray<readonly [rows: number, columns: number, components: number]>} */
const SIZES = [
  [100_000, 32, 16],
  [200_000, 16, 8],
  [1_000_000, 3, 8],
]

/** Standard deviations between centres: from what nearly all may be left out to what nothing may. */
const SEPARATIONS = [24, 12, 8, 3]

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url))
const ours = here('../contestants/skipping.js')

/** @param {string | undefined} unavailable why there is no Python, if there is none */
const contestants = unavailable => [
  { name: 'everything', command: [process.execPath, ours, 'everything'], environment: {} },
  { name: 'skipping', command: [process.execPath, ours, 'skipping'], environment: {} },
  {
    name: 'scikit-learn',
    command: [join(peersFolder, 'venv/bin/python'), here('../peers/python/scikit_learn.py')],
    environment: { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' },
    unavailable,
  },
]

/**
 * Turn by turn, each of them a process of its own that has been asked once before.
 * @param {boolean} quick @param {string} folder for the rows @param {string | undefined} noPython
 * @returns {Promise<ReadonlyArray<import('../types.js').ApartTimes>>}
 */
export const measureApart = async (quick, folder, noPython) => {
  const found = []
  const [rowsFile, startFile] = [join(folder, 'apart.rows'), join(folder, 'apart.start')]
  for (const [rows, columns, components] of SIZES)
    for (const separation of SEPARATIONS) {
      const shape = { rows: quick ? rows / 10 : rows, columns, components, separation }
      const { values, start } = clustersApart(shape)
      writeFileSync(rowsFile, values)
      writeFileSync(startFile, start)
      const request = { rows: rowsFile, start: startFile, n: shape.rows, d: columns, k: components, objective: 'ml' }
      const entries = contestants(noPython).map(contestant => ({
        name: contestant.name,
        process: contestant.unavailable === undefined ? startContestant(/** @type {any} */ (contestant)) : undefined,
        error: contestant.unavailable,
        /** @type {number[]} */
        fit: [],
        /** @type {number[]} */
        steady: [],
      }))
      for (const round of ['warm-up', 'first', 'second'])
        for (const entry of entries) {
          if (entry.process === undefined || entry.error !== undefined) continue
          // A peer whose iterations take as long at any time is asked for few.
          const iterations = entry.name === 'scikit-learn' ? 3 : 30
          const asked = { ...request, iterations, check: true, clock: 'processor' }
          const answer = /** @type {any} */ (await entry.process.ask(/** @type {any} */ (asked)))
          entry.error = answer.error
          if (round === 'warm-up' || answer.msPerIteration === undefined) continue
          entry.fit.push(answer.msPerIteration)
          entry.steady.push(answer.steadyMilliseconds ?? answer.msPerIteration)
        }
      await Promise.all(entries.map(({ process }) => process?.close()))
      const times = Object.fromEntries(entries.map(({ name, fit, steady, error }) => [name, { fit, steady, error }]))
      found.push({ ...shape, times })
    }
  return found
}
