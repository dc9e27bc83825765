// Tables of categories, and counts: reading, an E-step and a whole fit, in one thread, in milliseconds of processor time.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inPython, ours } from '../contestants/programs.js'
import { categories, countsOf } from '../data/categories.js'
import { best } from './statistics.js'
import { figuresOf, inTurns } from './turns.js'

/** @param {import('../types.js').Settings} settings @returns {Promise<ReadonlyArray<import('../types.js').TableTimes>>} */
export const measureTables = async ({ quick, folder, noPython }) => {
  const n = quick ? 10_000 : 100_000
  const table = (/** @type {number} */ levels) => ({
    name: `${n} x 20 of ${levels} categories, K = 5`,
    values: categories(n, 20, levels, 5),
    shape: { n, d: 20, levels, k: 5 },
  })
  const sets = [
    table(4),
    table(12),
    { name: `${10 * n} counts, K = 4`, values: countsOf(10 * n, 4), shape: { n: 10 * n, d: 1, k: 4 } },
  ]
  const found = []
  for (const { name, values, shape } of sets) {
    const rows = join(folder, 'tables.rows')
    writeFileSync(rows, values)
    const programs = [ours('columns', 'tables.js', 'columns'), ours('rows', 'tables.js', 'rows')]
    // It has no counts.
    const peers = 'levels' in shape ? [inPython('StepMix', 'step_mix.py', noPython)] : []
    const told = await inTurns([...programs, ...peers], {
      warmUp: 1,
      rounds: 3,
      request: () => ({ ...shape, rows, iterations: 10 }),
    })
    for (const one of told) {
      const least = (/** @type {string} */ what) => {
        const figures = figuresOf(one, what)
        return figures.length === 0 ? Number.POSITIVE_INFINITY : best(figures)
      }
      const times = { load: least('load'), step: least('step'), fit: least('fit') }
      found.push({ name, contestant: one.name, ...times, error: one.error })
    }
  }
  return found
}
