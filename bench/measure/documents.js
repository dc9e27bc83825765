// Documents over many words as sparse rows: a whole fit of ten iterations, in one thread, and the memory of the process.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inPython, ours } from '../contestants/programs.js'
import { documentsOf } from '../data/documents.js'
import { figuresOf, inTurns } from './turns.js'

const K = 10

/** @param {import('../types.js').Settings} settings @returns {Promise<ReadonlyArray<import('../types.js').DocumentTimes>>} */
export const measureDocuments = async ({ quick, folder, noPython }) => {
  const [n, columns] = quick ? [400, 2000] : [4000, 20_000]
  const rows = join(folder, 'documents')
  for (const [what, numbers] of Object.entries(documentsOf(n, columns, K, 120)))
    writeFileSync(`${rows}.${what}`, numbers)
  const told = await inTurns([ours('ours', 'documents.js'), inPython('sparse matrices', 'documents.py', noPython)], {
    warmUp: 1,
    rounds: 3,
    request: () => ({ rows, n, columns, k: K, iterations: 10 }),
  })
  return told.map(one => ({
    name: `${n} documents over ${columns} words, K = ${K}`,
    by: one.version,
    milliseconds: figuresOf(one, 'milliseconds'),
    peak: Math.max(...figuresOf(one, 'peakMegabytes')),
    error: one.error,
  }))
}
