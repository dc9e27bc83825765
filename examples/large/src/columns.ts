// A table of columns of three kinds, a twentieth of whose cells are missing, in a parquet file: are its three groups found again?
import { join } from 'node:path'
import {
  dirichlet,
  dirichletPrior,
  gamma,
  gammaExponentialPrior,
  normalInverseGamma,
  normalInverseGammaPrior,
  productPrior,
} from '@conjugate/distributions'
import { scratchFile } from '@conjugate/executors/node'
import { conjugateMixture, fit } from '@conjugate/models'
import { duckdbTable, writePredictions } from '@conjugate/sql'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { firstRow, literal, openDatabase } from './database.js'
import { right } from './done.js'
import { byKind, kind, normal, uniform } from './drawn.js'

const SHARES = [0.5, 0.3, 0.2]
const HEIGHTS = [160, 172, 185]
const DEVIATIONS = [6, 5, 7]
const RATES = [0.2, 1, 4]
const ANSWERS = [
  [0.7, 0.1, 0.1, 0.1],
  [0.1, 0.6, 0.2, 0.1],
  [0.05, 0.05, 0.2, 0.7],
]

/** A cell that one time in twenty is not there. */
const orMissing = (cell: string, stream: number): string =>
  `CASE WHEN ${uniform(stream)} < 0.05 THEN NULL ELSE ${cell} END`

const made = (rows: number): string => {
  const answers = byKind(
    'kind',
    ANSWERS.map(shares => `(${kind(5, shares)})`),
  )
  const height = `${byKind('kind', HEIGHTS)} + ${byKind('kind', DEVIATIONS)} * ${normal(1)}`
  return `SELECT i AS id, kind, ${orMissing(height, 11)} AS height, ${orMissing(
    `-ln(${uniform(3)}) / ${byKind('kind', RATES)}`,
    12,
  )} AS wait, ${orMissing(answers, 13)} AS answer FROM (SELECT i, ${kind(0, SHARES)} AS kind FROM range(${rows}) r(i))`
}

const pair = productPrior({
  height: normalInverseGammaPrior,
  wait: gammaExponentialPrior,
  answer: dirichletPrior(4),
})

const model = pipe(
  E.Do,
  E.bind('height', () => normalInverseGamma.make({ mean: 170, meanPrecision: 0.01, shape: 2, scale: 50 })),
  E.bind('wait', () => gamma.make({ shape: 2, rate: 2 })),
  E.bind('answer', () => dirichlet.make({ concentration: [2, 2, 2, 2] })),
  E.chainW(prior => conjugateMixture(pair)({ components: 3, concentration: 2, prior })),
)

/** Makes a table of so many rows, fits the mixture to it, and writes the group of each row beside it. */
export const columns = async (rows: number, iterations: number, out: string): Promise<ReadonlyArray<string>> => {
  const [reads, writes] = await openDatabase()
  const [table, groups] = [join(out, 'table.parquet'), join(out, 'groups.parquet')]
  await writes.run(`COPY (${made(rows)}) TO ${literal(table)} (FORMAT parquet)`)
  const data = right(
    duckdbTable(reads, { parquet: table }, { columns: ['height', 'wait', 'answer'], scratch: scratchFile() }),
  )
  const fitted = right(
    await fit(model, data, { iterations, seed: 1, order: (a, b) => a.height.mean - b.height.mean })(),
  )
  right(await writePredictions(model, fitted, data, { connection: writes, parquet: groups }, { key: ['id'] })())
  const [agreeing] = await firstRow(
    reads,
    `SELECT avg(CAST(kind = component AS DOUBLE)) FROM ${literal(table)} JOIN ${literal(groups)} USING (id)`,
  )
  for (const database of [reads, writes]) database.closeSync()
  const lines = fitted.components.map(({ height, wait, answer }, k) => {
    const shares = Array.from(answer.probabilities, p => p.toFixed(2)).join(' ')
    return `${(100 * fitted.weights[k]!).toFixed(1)} %: height ${height.mean.toFixed(1)} +- ${Math.sqrt(height.variance).toFixed(1)}, wait ${(1 / wait.rate).toFixed(2)}, answers ${shares}`
  })
  return [
    `${fitted.rows} rows, ${fitted.objectives.length - 1} iterations, log p ${fitted.objectives.at(-1)!.toPrecision(12)}`,
    ...lines,
    `${(100 * agreeing!).toFixed(1)} % of the rows are in the group that they were made in`,
  ]
}
