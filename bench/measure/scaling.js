// How the cost of an iteration grows with rows, columns and components, in one thread: milliseconds of processor time.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inPython, ours } from '../contestants/programs.js'
import { startOf } from '../data/start.js'
import { clusters } from '../data/synthetic.js'
import { best } from './statistics.js'
import { figuresOf, inTurns } from './turns.js'

/** @type {ReadonlyArray<readonly [of: string, sizes: ReadonlyArray<number>, shape: (size: number) => readonly [number, number, number]]>} */
const WAYS = [
  ['N', [1e4, 1e5, 1e6, 1e7], n => [n, 3, 8]],
  ['D', [2, 8, 32, 128, 512], d => [d < 100 ? 20_000 : 5000, d, 4]],
  ['K', [2, 10, 100, 1000], k => [20_000, 4, k]],
]

/** @param {import('../types.js').Settings} settings @returns {Promise<ReadonlyArray<import('../types.js').ScalingTimes>>} */
export const measureScaling = async ({ quick, folder, noPython }) => {
  const [rowsFile, startFile] = [join(folder, 'scaling.rows'), join(folder, 'scaling.start')]
  const found = []
  for (const [of, sizes, shapeOf] of WAYS)
    for (const size of quick ? sizes.slice(0, 2) : sizes) {
      const [rows, columns, components] = shapeOf(size)
      const values = clusters(rows, columns, components)
      writeFileSync(rowsFile, values)
      writeFileSync(startFile, startOf({ rows, columns, components }, values))
      const [own, peer] = await inTurns(
        [ours('ours', 'skipping.js', 'everything'), inPython('scikit-learn', 'scikit_learn.py', noPython)],
        {
          // Compilers know by then what is to be fast, and a turn of the greatest takes a minute.
          warmUp: rows < 1e7 ? 1 : 0,
          rounds: 1,
          request: name => ({
            rows: rowsFile,
            start: startFile,
            n: rows,
            d: columns,
            k: components,
            iterations: name === 'ours' ? 3 : 1,
            objective: 'ml',
            check: false,
            clock: 'processor',
          }),
        },
      )
      const least = (/** @type {typeof own} */ told) => {
        const figures = figuresOf(told, 'msPerIteration')
        return figures.length === 0 ? Number.NaN : best(figures)
      }
      const shape = `${rows} x ${columns}, K = ${components}`
      found.push({ of, size, shape, ours: least(own), peer: least(peer), error: own.error ?? peer.error })
    }
  return found
}
