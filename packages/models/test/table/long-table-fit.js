// Fits a mixture to a table that is read block by block and kept in a scratch file, with a checkpoint after every iteration, and
// writes its trace at the end. It says when it begins to read, and when iterations are done.
import { writeFileSync } from 'node:fs'
import { fileStorage } from '@conjugate/em/node'
import { scratchFile } from '@conjugate/executors/node'
import { describeFitError, fit, gaussianMixture, table } from '@conjugate/models'

const [checkpoint = 'none', target = '', folder = '', blockRows = '1000'] = process.argv.slice(2)
const [N, D] = [60_000, 2]
const length = Number(blockRows)

function* blocks() {
  process.stdout.write('r')
  for (let from = 0; from < N; from += length) {
    const rows = Math.min(length, N - from)
    const data = Float64Array.from({ length: rows * D }, (_, i) => {
      const n = from + Math.floor(i / D)
      return (n % 3) * 1.5 + (((n * 7919 + (i % D) * 104_729) % 10_007) / 10_007) * 4
    })
    yield { rows, columns: D, data }
  }
}

const fitted = await fit(gaussianMixture({ components: 3 }), table(blocks, { scratch: scratchFile(folder) }), {
  iterations: 40,
  threads: 2,
  ...(checkpoint !== 'none' && { checkpoint: { storage: fileStorage(checkpoint), everyIterations: 1 } }),
  onIteration: () => void process.stdout.write('.'),
})()
if (fitted._tag === 'Left') {
  process.stderr.write(describeFitError(fitted.left))
  process.exitCode = 1
} else
  writeFileSync(target, JSON.stringify({ objectives: fitted.right.objectives, components: fitted.right.components }))
