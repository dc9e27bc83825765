// Documents as sparse rows by `@conjugate/models`, as a user would fit them: milliseconds of processor time.
import { readFileSync } from 'node:fs'
import { describeFitError, fit, multinomialMixture, sparseRows } from '@conjugate/models'
import { right } from './map.js'
import { answerLines } from './serve.js'

/** @param {string} path @template {ArrayBufferView} A @param {new (buffer: ArrayBufferLike) => A} Kind @returns {A} */
const read = (path, Kind) => new Kind(Uint8Array.from(readFileSync(path)).buffer)

await answerLines(async ({ rows, columns, k, iterations }) => {
  const documents = sparseRows({
    columns,
    indptr: read(`${rows}.indptr`, Int32Array),
    indices: read(`${rows}.indices`, Int32Array),
    values: read(`${rows}.values`, Float64Array),
  })
  const mixture = multinomialMixture({ components: k, concentration: 2, categories: columns })
  const before = process.cpuUsage()
  const fitted = right(await fit(mixture, documents, { iterations, threads: 1 })(), describeFitError)
  const { user, system } = process.cpuUsage(before)
  return { version: fitted.backend, milliseconds: (user + system) / 1000 }
})
