// The most memory that processes held.
import { ours } from '../contestants/programs.js'
import { measureLargePhoto } from './large-photo.js'
import { figuresOf, inTurns } from './turns.js'

const WORKS = [
  ['nothing', 'Node with the library, before it does anything'],
  ['rows in a matrix', '1000000 x 3 from a matrix, K = 4: 24 MB of rows, their assignments and the fit'],
]

/**
 * @param {import('../types.js').Settings} settings
 * @returns {Promise<ReadonlyArray<import('../types.js').MemoryUse>>}
 */
export const measureMemory = async ({ quick, folder }) => {
  const found = []
  for (const [work = '', what = ''] of WORKS) {
    const [told] = await inTurns([ours(work, 'memory.js')], { warmUp: 0, rounds: 1, request: () => ({ work }) })
    const [megabytes = Number.NaN] = figuresOf(told, 'peakMegabytes')
    found.push({ what, megabytes, error: told.error })
  }
  return quick ? found : [...found, ...(await measureLargePhoto(folder))]
}
