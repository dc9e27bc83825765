// E-steps where rows are in DuckDB: summed there, read for our kernel, and resident, in milliseconds of processor time.
import { ours } from '../contestants/programs.js'
import { best } from './statistics.js'
import { figuresOf, inTurns } from './turns.js'

/** @param {import('../types.js').Settings} settings @returns {Promise<ReadonlyArray<import('../types.js').DatabaseTimes>>} */
export const measureDatabases = async ({ quick }) => {
  const n = quick ? 100_000 : 1_000_000
  const told = await inTurns(
    ['sums', 'reads', 'resident'].map(how => ours(how, 'databases.js', how)),
    { warmUp: 0, rounds: 2, request: () => ({ n, k: 8 }) },
  )
  return told.map(one => {
    const [steps, objectives] = [figuresOf(one, 'step'), figuresOf(one, 'objective')]
    return {
      name: `${n} x 3, K = 8`,
      contestant: one.version,
      step: steps.length === 0 ? Number.POSITIVE_INFINITY : best(steps),
      objective: objectives[0] ?? Number.NaN,
      error: one.error,
    }
  })
}
