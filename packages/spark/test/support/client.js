// node client.js PORT FOLDER CHECKPOINT [TARGET]: a fit to parquet files on a server, which says something of each iteration and goes on
// from its checkpoint; and what is said of the rows, in a target told as JSON, before whose writing it says so.

import { createRequire } from 'node:module'
import { fileStorage } from '@conjugate/em/node'
import { describeFitError, fit, gaussianMixture, writeToPlace } from '@conjugate/models'
import { sparkConnection, sparkTable } from '@conjugate/spark'

const [port, parquet = '', checkpoint = '', target] = process.argv.slice(2)
const cache = new URL('../../../../node_modules/.cache/conjugate-spark/package.json', import.meta.url)
const { Client, credentials } = createRequire(cache)('@grpc/grpc-js')
const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure())
const connection = sparkConnection(client)

const right = (/** @type {any} */ found) => {
  if (found._tag === 'Left') throw new Error(describeFitError(found.left))
  return found.right
}

const model = right(gaussianMixture({ components: 3, concentration: 2 }))
const table = right(sparkTable(connection, { parquet }, { columns: ['x', 'y', 'z'], key: 'id' }))
const options = {
  iterations: 6,
  tolerance: 0,
  seed: 5,
  checkpoint: { storage: fileStorage(checkpoint), everyIterations: 1 },
  onIteration: () => process.stdout.write('.'),
}
const found = right(await fit(model, table, /** @type {any} */ (options))())
if (target === undefined) process.stdout.write(JSON.stringify(found.objectives))
else {
  process.stdout.write('writes')
  const said = { assignments: 'component', responsibilities: 'p', logProb: 'density' }
  right(await writeToPlace(model, found, table, { said, target: JSON.parse(target) })())
}
await connection.dispose()
client.close()
