// What surrounds the E-step, ours and the peers', in one thread: milliseconds of processor time.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { clusters } from '../data/synthetic.js'
import { peersFolder } from '../peers/folder.js'
import { startContestant } from './contestant-process.js'

const MIXTURE = { n: 200_000, d: 16, k: 8, iterations: 1 }
const CHAIN = { n: 200_000, d: 3, k: 4, iterations: 10 }

/** What is timed, and whether a peer does it. */
const WORKS = [
  { work: 'k-means', shape: MIXTURE, hasPeer: true },
  { work: 'E-step', shape: MIXTURE, hasPeer: false },
  { work: 'prediction', shape: MIXTURE, hasPeer: true },
  { work: 'Gibbs draw', shape: MIXTURE, hasPeer: false },
  { work: 'hidden Markov model', shape: CHAIN, hasPeer: true },
]

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url))

/** Rounds before those that count, in which compilers learn what is to be fast. */
const WARM_UP = 1

/**
 * Turn by turn, so that whatever else the machine does meets both alike.
 * @param {number} repetitions @param {string} folder for the rows @param {string | undefined} noPython
 * @returns {Promise<ReadonlyArray<import('../types.js').RoadTimes>>}
 */
export const measureRoad = async (repetitions, folder, noPython) => {
  const contestants = [
    { name: 'ours', command: [process.execPath, here('../contestants/road.js')], environment: {} },
    {
      name: 'peers',
      command: [join(peersFolder, 'venv/bin/python'), here('../peers/python/road.py')],
      environment: { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
    },
  ].map(contestant => ({
    ...contestant,
    error: contestant.name === 'peers' ? noPython : undefined,
    process:
      contestant.name === 'peers' && noPython !== undefined
        ? undefined
        : startContestant(/** @type {any} */ (contestant)),
  }))
  const found = []
  for (const { work, shape, hasPeer } of WORKS) {
    const rows = join(folder, 'road.f64')
    writeFileSync(rows, new Uint8Array(clusters(shape.n, shape.d, shape.k).buffer))
    const taking = contestants.filter(({ name }) => hasPeer || name === 'ours')
    /** @type {Record<string, { milliseconds: number[], version: string, error: string | undefined }>} */
    const results = Object.fromEntries(
      taking.map(({ name, error }) => [name, { milliseconds: [], version: '', error }]),
    )
    for (let round = 0; round < WARM_UP + repetitions; round++)
      for (const { name, process: running } of taking) {
        const result = results[name]
        if (running === undefined || result.error !== undefined) continue
        const request = { work, rows, ...shape, seed: round }
        const answer = /** @type {any} */ (await running.ask(/** @type {any} */ (request)))
        result.error = answer.error
        result.version = answer.version
        if (round >= WARM_UP && answer.milliseconds !== undefined) result.milliseconds.push(answer.milliseconds)
      }
    for (const { name } of taking) {
      const { milliseconds, version, error } = results[name]
      const by = version === '' ? name : `${name} (${version})`
      found.push({ work: `${work}, ${shape.n} x ${shape.d}, K = ${shape.k}`, by, milliseconds, error })
    }
  }
  await Promise.all(contestants.map(({ process: running }) => running?.close()))
  return found
}
