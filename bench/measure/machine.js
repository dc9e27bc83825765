import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { peersFolder } from '../peers/folder.js'

/** What readers of the results have to know of the machine. @returns {ReadonlyArray<readonly [string, string]>} */
export const describeMachine = () => [
  ['date', new Date().toISOString().slice(0, 10)],
  ['processor', `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores`],
  ['memory', `${Math.round(totalmem() / 2 ** 30)} GB`],
  ['system', `${type()} ${release()}`],
  ['Node', process.version],
]

/**
 * Measures reading and arithmetic, for one thread and for two.
 * @param {string | undefined} unavailable @returns {ReadonlyArray<import('../types.js').Limits> | string} or why not
 */
export const measureLimits = unavailable => {
  if (unavailable !== undefined) return unavailable
  try {
    return [1, 2].map(threads => ({
      threads,
      ...JSON.parse(execFileSync(join(peersFolder, 'machine'), [String(threads)], { encoding: 'utf8' })),
    }))
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
