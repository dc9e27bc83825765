// A fit with checkpoints in a process of its own, to be killed: node long-fit.js <file> <result> <acceleration> <slow write>
import { writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { random } from '@conjugate/distributions'
import { toText } from '@conjugate/em'
import { fileStorage } from '@conjugate/em/node'
import { describeFitError, fit, gaussianMixture } from '@conjugate/models'

const [file, result, acceleration, slow] = process.argv.slice(2)
const stream = random(4)
const rows = {
  rows: 3000,
  columns: 3,
  data: Float64Array.from({ length: 9000 }, (_, i) => 100 + stream.normal() * 2 + (i % 6 < 3 ? 0 : 1.5)),
}
const model = gaussianMixture({
  components: 3,
  concentration: 2,
  prior: {
    mean: [100, 100, 100],
    meanPrecision: 0.1,
    degreesOfFreedom: 5,
    scale: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  },
})
const inFile = fileStorage(file)
/** Half of the text lies there for so long that a kill is likely to find it. */
const slowly = text => async () => {
  writeFileSync(`${file}.tmp`, text.slice(0, text.length / 2))
  await setTimeout(20)
  return inFile.write(text)()
}
const storage = slow === 'slow' ? { ...inFile, write: slowly } : inFile
const options = {
  iterations: 60,
  restarts: 2,
  seed: 3,
  backend: 'javascript',
  acceleration,
  ...(file !== 'none' && { checkpoint: { storage, everyIterations: 1 } }),
  onIteration: () => process.stdout.write('.'),
}
const found = await fit(model, rows, options)()
if (found._tag === 'Left') {
  console.error(describeFitError(found.left))
  process.exit(1)
}
const { weights, components, objectives, restarts, assignments } = found.right
writeFileSync(result, toText({ weights, components, objectives, restarts, assignments }))
