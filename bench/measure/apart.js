// Clusters that are apart, where an E-step can leave out what rounds away, in one thread: milliseconds of processor time.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inPython, ours } from '../contestants/programs.js'
import { clustersApart } from '../data/apart.js'
import { figuresOf, inTurns } from './turns.js'

/** @type {ReadonlyArray<readonly [rows: number, columns: number, components: number]>} */
const SIZES = [
  [100_000, 32, 16],
  [200_000, 16, 8],
  [1_000_000, 3, 8],
]

/**
 * Standard deviations between centres, from what nearly all may be left out to what nothing may, and the iterations of a fit: few
 * where all are alike, and many where rows are laid out anew late.
 * @type {ReadonlyArray<readonly [separation: number, iterations: number]>}
 */
const SEPARATIONS = [
  [24, 30],
  [12, 30],
  [8, 30],
  [3, 10],
]

/** @typedef {{ rows: number, columns: number, components: number, iterations: number, clusters: string }} Shape */

/** The digits of scikit-learn, by their 32 first principal components. @param {string} rows @param {string} start files */
const writeDigits = (rows, start) => {
  const [python = '', script = ''] = inPython('digits', 'digits.py', undefined).command
  return JSON.parse(execFileSync(python, [script, rows, start], { encoding: 'utf8' }))
}

/** @param {import('../types.js').Settings} settings @returns {Promise<ReadonlyArray<import('../types.js').ApartTimes>>} */
export const measureApart = async ({ quick, folder, noPython }) => {
  const [rowsFile, startFile] = [join(folder, 'apart.rows'), join(folder, 'apart.start')]
  const programs = [
    ours('everything', 'skipping.js', 'everything'),
    ours('skipping', 'skipping.js', 'skipping'),
    inPython('scikit-learn', 'scikit_learn.py', noPython),
  ]
  const measured = async (/** @type {Shape} */ shape) => {
    const { rows: n, columns: d, components: k } = shape
    const told = await inTurns(programs, {
      warmUp: 1,
      rounds: 2,
      request: name => ({
        rows: rowsFile,
        start: startFile,
        n,
        d,
        k,
        objective: 'ml',
        check: true,
        clock: 'processor',
        // A peer whose iterations take as long at any time is asked for few.
        iterations: name === 'scikit-learn' ? 3 : shape.iterations,
      }),
    })
    const timesOf = (/** @type {(typeof told)[number]} */ one) => {
      const steady = figuresOf(one, 'steadyMilliseconds')
      const fit = figuresOf(one, 'msPerIteration')
      return { fit, steady: steady.length > 0 ? steady : fit, error: one.error }
    }
    return { ...shape, times: Object.fromEntries(told.map(one => [one.name, timesOf(one)])) }
  }
  const found = []
  for (const [all, columns, components] of SIZES)
    for (const [separation, iterations] of SEPARATIONS) {
      const rows = quick ? all / 10 : all
      const { values, start } = clustersApart({ rows, columns, components, separation })
      writeFileSync(rowsFile, values)
      writeFileSync(startFile, start)
      found.push(await measured({ rows, columns, components, iterations, clusters: `${separation} deviations apart` }))
    }
  if (noPython === undefined) {
    const { rows, columns, components } = writeDigits(rowsFile, startFile)
    found.push(await measured({ rows, columns, components, iterations: 30, clusters: 'handwritten digits' }))
  }
  return found
}
