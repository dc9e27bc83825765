import { type Asking, askingOn, type Interruptible, type Patience, waitingWith } from './asking.js'
import { isLost, lineOf } from './lines.js'
import { type NumberVector, place } from './vectors.js'
import { pause } from './waiting.js'

/** Some rows, as `@duckdb/node-api` gives them. */
export interface Chunk {
  readonly rowCount: number
  readonly columnCount: number
  readonly getColumnVector: (column: number) => unknown
  readonly getColumnValues: (column: number) => ReadonlyArray<unknown>
}

interface Result {
  readonly fetchChunk: () => Promise<Chunk | null>
  readonly columnType: (column: number) => unknown
}

/** As much of a connection of `@duckdb/node-api` as is used to read. It stays its owner's, who closes it. */
export interface Connection extends Interruptible {
  readonly stream: (sql: string) => Promise<Result>
}

/** Rows on their way: a column of numbers for each that is read as such, and lists of whatever the others hold. */
export interface Read {
  readonly rows: number
  /** The columns that are read together, row by row. */
  readonly together: Float64Array
  readonly columns: ReadonlyArray<Float64Array>
  readonly others: ReadonlyArray<ReadonlyArray<unknown>>
  /** The class of chunks. */
  readonly chunkClass: unknown
}

/** How much of a statement is read at a time. */
export interface Shape {
  /** How many columns are read together as rows of numbers, how many follow as columns of numbers, and how many others. */
  readonly together: number
  readonly numbers: number
  readonly others: number
  readonly blockRows: number
}

/** How a statement is read. */
export interface ReadOptions extends Patience {
  readonly signal?: AbortSignal | undefined
  /** What blocks lie in, of which nobody holds one once the next is asked for; where they are held each is in memory of its own. */
  readonly memory?: BlockMemory | undefined
}

/** The memory of blocks that come one after the other, from one round over them to the next. */
export interface BlockMemory {
  free?: Filling | undefined
}

/** A block that is being filled. */
interface Filling extends Read {
  rows: number
  chunkClass: unknown
  readonly others: ReadonlyArray<unknown[]>
}

const emptyLists = ({ others }: Shape) => ({ others: Array.from({ length: others }, (): unknown[] => []) })

const emptyBlock = (shape: Shape): Filling => ({
  together: new Float64Array(shape.blockRows * shape.together),
  columns: Array.from({ length: shape.numbers }, () => new Float64Array(shape.blockRows)),
  ...emptyLists(shape),
  rows: 0,
  chunkClass: undefined,
})

/** Puts rows `first` to before `end` of a chunk behind those of a block. */
const fill = (block: Filling, chunk: Chunk, { together: step }: Shape, first: number, end: number): void => {
  const { together, columns, others, rows } = block
  const vectorAt = (i: number) => chunk.getColumnVector(i) as NumberVector
  for (let i = 0; i < step; i++) place(vectorAt(i), first, end, { to: together, at: rows * step + i, step })
  for (const [i, column] of columns.entries()) place(vectorAt(step + i), first, end, { to: column, at: rows, step: 1 })
  for (const [i, list] of others.entries()) {
    const values = chunk.getColumnValues(step + columns.length + i)
    for (let n = first; n < end; n++) list.push(values[n])
  }
  block.rows += end - first
  block.chunkClass = chunk.constructor
}

/** A block of as many rows as it has. */
const cut = ({ together, columns, rows, ...rest }: Filling, { together: width }: Shape): Read => ({
  ...rest,
  rows,
  together: together.subarray(0, rows * width),
  columns: columns.map(column => column.subarray(0, rows)),
})

/** Reads a statement; again, for the rows that have not come, where the connection breaks. Throws what the database says, in a line. */
async function* read(
  connection: Connection,
  asking: Asking,
  statement: string,
  shape: Shape,
  options: ReadOptions,
): AsyncGenerator<Read, void> {
  const { blockRows } = shape
  const waiting = waitingWith(options)
  const { memory } = options
  // New memory for each has the collector run for all that vectors lie in, twice in every round.
  const next = (before = memory?.free): Filling =>
    memory && before ? { ...before, ...emptyLists(shape), rows: 0 } : emptyBlock(shape)
  let block = next()
  if (memory) memory.free = undefined
  let [taken, isEnd] = [0, false]
  while (!isEnd) {
    try {
      const result = await asking.ask(() => connection.stream(statement))
      let before = taken
      for (;;) {
        const chunk = await asking.ask(() => result.fetchChunk())
        const count = chunk?.rowCount ?? 0
        if (chunk === null || count === 0) break
        // Rows that have come before are no progress.
        if (before < count) waiting.heard()
        let from = Math.min(before, count)
        before -= from
        while (from < count) {
          const end = Math.min(count, from + blockRows - block.rows)
          fill(block, chunk, shape, from, end)
          taken += end - from
          from = end
          if (block.rows < blockRows) continue
          yield block
          block = next(block)
        }
      }
      isEnd = true
    } catch (error) {
      if (asking.isOver() || !isLost(error)) throw new Error(lineOf(error))
      await pause(waiting, new Error(lineOf(error)), options.signal)
    }
  }
  if (block.rows > 0) yield cut(block, shape)
  if (memory) memory.free = block
}

/**
 * The blocks that are made of what a statement gives. Whoever wants no more of them has the statement stopped where it runs; so does the
 * signal. Throws what the database says, in a line.
 */
export const blocksOf = <Block>(
  connection: Connection,
  statement: string,
  shape: Shape,
  options: ReadOptions,
  made: (read: Read) => Block,
): AsyncIterable<Block> => ({
  [Symbol.asyncIterator]: () => {
    const asking = askingOn(connection, options.signal)
    const reads = read(connection, asking, statement, shape, options)
    return {
      next: async () => {
        const next = await reads.next()
        return next.done ? next : { done: false, value: made(next.value) }
      },
      return: async () => {
        asking.stop()
        await reads.return()
        return { done: true, value: undefined }
      },
    }
  },
})
