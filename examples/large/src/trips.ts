// Columns as those of the trips of taxis, of any number of rows: the logarithms of the distance, the minutes and the fare, of trips of
// several kinds. Which kinds there are is found from a file that does not fit into memory.
import { join } from 'node:path'
import { scratchFile } from '@conjugate/executors/node'
import { fit, gaussianMixture } from '@conjugate/models'
import { duckdbRows } from '@conjugate/sql'
import { literal, openDatabase } from './database.js'
import { right } from './done.js'
import { byKind, kind, normal } from './drawn.js'

/** Shares, and typical kilometres and minutes: across the quarter, across the town, to and from the airport, in the rush hour. */
const SHARES = [0.45, 0.3, 0.1, 0.15]
const KILOMETRES = [1.6, 4.5, 24, 3]
const MINUTES = [7, 17, 38, 29]
/** How far trips of a kind differ, as deviations of logarithms. */
const SPREAD = [0.45, 0.35, 0.12, 0.4]

const made = (rows: number): string => {
  const logOf = (values: ReadonlyArray<number>): string => byKind('kind', values.map(Math.log))
  const kinds = `SELECT i, ${kind(0, SHARES)} AS kind FROM range(${rows}) r(i)`
  const ways = `SELECT i, kind, ${logOf(KILOMETRES)} + ${byKind('kind', SPREAD)} * ${normal(1)} AS distance FROM (${kinds})`
  const times = `SELECT i, distance, ${logOf(MINUTES)} + 0.6 * (distance - ${logOf(KILOMETRES)}) + 0.3 * ${normal(3)} AS minutes FROM (${ways})`
  return `SELECT i AS id, distance, minutes, ln(3 + 1.6 * exp(distance) + 0.35 * exp(minutes)) + 0.08 * ${normal(5)} AS fare FROM (${times})`
}

const COLUMNS = ['distance', 'minutes', 'fare']

/** Makes a file of so many trips, and fits a mixture of so many Gaussians to them. */
export const trips = async (
  rows: number,
  { components, iterations, out }: { readonly components: number; readonly iterations: number; readonly out: string },
): Promise<ReadonlyArray<string>> => {
  const [reads, writes] = await openDatabase()
  const file = join(out, 'trips.parquet')
  await writes.run(`COPY (${made(rows)}) TO ${literal(file)} (FORMAT parquet)`)
  const data = right(duckdbRows(reads, { parquet: file }, { columns: COLUMNS, scratch: scratchFile() }))
  const model = gaussianMixture({ components })
  const fitted = right(await fit(model, data, { iterations, seed: 1, order: 'expected-count' })())
  for (const database of [reads, writes]) database.closeSync()
  const lines = fitted.components.map(({ mean }, k) => {
    const [distance, minutes, fare] = Array.from(mean, Math.exp)
    return `${(100 * fitted.weights[k]!).toFixed(1)} %: ${distance!.toFixed(1)} km, ${minutes!.toFixed(0)} min, ${fare!.toFixed(2)}`
  })
  return [
    `${fitted.rows} rows, ${fitted.objectives.length - 1} iterations, log p ${fitted.objectives.at(-1)!.toPrecision(12)}`,
    ...lines,
  ]
}
