// An E-step over rows that are not in memory, and over the same rows in memory: milliseconds of processor time.
import { ours } from '../contestants/programs.js'
import { figuresOf, inTurns } from './turns.js'

const SHAPES = [
  { n: 1_000_000, d: 3, k: 8 },
  { n: 200_000, d: 16, k: 8 },
]

const WORKS = ['in memory', 'a scratch file', 'a scratch file, 2 threads', 'DuckDB']

/** @param {import('../types.js').Settings} settings @returns {Promise<ReadonlyArray<import('../types.js').BlocksTimes>>} */
export const measureBlocks = async ({ repetitions, folder }) => {
  const found = []
  for (const shape of SHAPES) {
    const told = await inTurns(
      WORKS.map(work => ours(work, 'blocks.js')),
      { warmUp: 2, rounds: repetitions, request: work => ({ work, folder, ...shape }) },
    )
    const [whole] = figuresOf(told[0], 'logLikelihood')
    for (const [i, one] of told.entries()) {
      const differs = figuresOf(one, 'logLikelihood').some(value => value !== whole)
      found.push({
        shape: `${shape.n} x ${shape.d}, K = ${shape.k}`,
        work: WORKS[i] ?? '',
        milliseconds: figuresOf(one, 'milliseconds'),
        error: one.error ?? (differs && WORKS[i] !== 'DuckDB' ? 'another log-likelihood' : undefined),
      })
    }
  }
  return found
}
