// What surrounds the E-step, ours and the peers', in one thread: milliseconds of processor time.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inPython, ours } from '../contestants/programs.js'
import { clusters } from '../data/synthetic.js'
import { figuresOf, inTurns } from './turns.js'

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

/** @param {import('../types.js').Settings} settings @returns {Promise<ReadonlyArray<import('../types.js').RoadTimes>>} */
export const measureRoad = async ({ repetitions, folder, noPython }) => {
  const found = []
  for (const { work, shape, hasPeer } of WORKS) {
    const rows = join(folder, 'road.f64')
    writeFileSync(rows, new Uint8Array(clusters(shape.n, shape.d, shape.k).buffer))
    const programs = [ours('ours', 'road.js'), ...(hasPeer ? [inPython('peers', 'road.py', noPython)] : [])]
    const told = await inTurns(programs, {
      warmUp: 1,
      rounds: repetitions,
      request: (_, round) => ({ work, rows, ...shape, seed: round }),
    })
    for (const one of told)
      found.push({
        work: `${work}, ${shape.n} x ${shape.d}, K = ${shape.k}`,
        by: one.version,
        milliseconds: figuresOf(one, 'milliseconds'),
        error: one.error,
      })
  }
  return found
}
