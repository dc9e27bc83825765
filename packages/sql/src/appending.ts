import type { BlockPrediction, ModelPrediction } from '@conjugate/models'
import type { Read } from './reading.js'

/** As much of an appender of `@duckdb/node-api` as is used. */
export interface Appender {
  readonly columnType: (column: number) => unknown
  readonly appendDataChunk: (chunk: never) => void
  readonly closeSync: () => void
}

/** A chunk that is being filled. */
interface Filling {
  readonly setColumnValues: (column: number, values: ReadonlyArray<unknown>) => void
  readonly getColumnVector: (column: number) => {
    readonly items: Int32Array | Float64Array
    readonly setItem: (row: number, value: number | null) => void
    readonly flush: () => void
  }
}

interface ChunkClass {
  readonly create: (types: ReadonlyArray<unknown>, rows: number) => Filling
}

/** What is written of each row, after its key. */
export interface Columns {
  readonly logProb: boolean
  readonly responsibilities: boolean
}

/** Rows of a chunk of DuckDB. */
const CHUNK_ROWS = 2048

/** What is said of each row of a block, one column after the other: numbers of which row `n` is at `offset + n * step`. */
interface Said {
  readonly numbers: ArrayLike<number>
  readonly offset: number
  readonly step: number
}

const saidOf = ({ assignments, logProb, responsibilities }: ModelPrediction, columns: Columns): ReadonlyArray<Said> => {
  const { columns: count, data } = responsibilities
  const one = (numbers: ArrayLike<number>): Said => ({ numbers, offset: 0, step: 1 })
  const each = Array.from({ length: columns.responsibilities ? count : 0 }, (_, k) => ({
    numbers: data,
    offset: k,
    step: count,
  }))
  return [one(assignments), ...(columns.logProb ? [one(logProb)] : []), ...each]
}

/** Where each row of a block is among those of which something is said; -1 where nothing is. */
const toldIn = (length: number, places: Int32Array | undefined): Int32Array | undefined => {
  if (places === undefined) return undefined
  const told = new Int32Array(length).fill(-1)
  for (const [i, place] of places.entries()) told[place] = i
  return told
}

/** Appends a block: its keys, or the numbers of its rows, and what is said of it; NULL where nothing is. */
export const append = (
  appender: Appender,
  { others, rows, chunkClass }: Read,
  { first: number, places, prediction }: BlockPrediction<unknown, ModelPrediction>,
  columns: Columns,
  count: number,
): void => {
  const length = rows
  const told = toldIn(length, places)
  const said = saidOf(prediction, columns)
  const types = Array.from({ length: count }, (_, i) => appender.columnType(i))
  const keys = Math.max(1, others.length)
  for (let from = 0; from < length; from += CHUNK_ROWS) {
    const end = Math.min(length, from + CHUNK_ROWS)
    const chunk = (chunkClass as ChunkClass).create(types, end - from)
    if (others.length === 0)
      chunk.setColumnValues(
        0,
        Array.from({ length: end - from }, (_, n) => BigInt(number + from + n)),
      )
    for (const [i, list] of others.entries()) chunk.setColumnValues(i, list.slice(from, end))
    for (let i = keys; i < count; i++) {
      const vector = chunk.getColumnVector(i)
      const { numbers, offset, step } = said[i - keys] ?? nothing
      for (let n = from; n < end; n++) {
        const place = told ? told[n]! : n
        if (place < 0) vector.setItem(n - from, null)
        else if (told) vector.setItem(n - from, numbers[offset + place * step]!)
        else vector.items[n - from] = numbers[offset + place * step]!
      }
      vector.flush()
    }
    appender.appendDataChunk(chunk as never)
  }
}

/** What is said where no row of a block counts. */
const nothing: Said = { numbers: [], offset: 0, step: 0 }
