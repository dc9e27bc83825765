import * as E from 'fp-ts/lib/Either.js'
import type { Densities, ExecutorError } from '../../contract/executor.js'
import { firstNonFinite } from '../../contract/rows.js'
import { packDensities } from '../kernel/densities.js'
import type { Memory } from '../kernel/host.js'
import type { Kernel, KernelExports } from '../kernel/kernel.js'
import {
  type Layout,
  layoutOf,
  PAIR_ROWS,
  partsOf,
  type RowsShape,
  tableOf,
  writeTableApart,
} from '../kernel/layout.js'
import { growTo, outOfMemory, pagesOf } from '../kernel/resident.js'
import { writeRows, writeWeights } from '../kernel/transfer.js'
import { type Workspace, workspaceOf } from '../kernel/workspace.js'
import { amongAll, type Chunk } from './gather.js'
import { orderOf, type Piece, slotsAndOrders } from './pieces.js'

const NUMBER = 8

/** Chunks in memory for each lane: one that is worked on, and the next. */
export const AREAS = 2

/** Numbers of a chunk in memory, and how many bytes after its beginning they are in scratch. */
export interface Span {
  readonly bytes: Uint8Array
  readonly offset: number
}

/** Rows of any number, of which a chunk or two a lane are in the memory of a kernel. */
export interface Room {
  readonly kernel: KernelExports
  readonly memory: Memory
  readonly lanes: number
  /** Of a chunk: whole blocks of the kernel. */
  readonly chunkRows: number
  readonly chunkBlocks: number
  readonly chunks: number
  /** How many bytes a chunk takes in scratch. */
  readonly chunkBytes: number
  /** Lays memory out for densities, and writes them. Nothing may be read into an area meanwhile. Gives the layout of all rows. */
  readonly prepare: (densities: Densities) => E.Either<ExecutorError, Layout>
  /** Stores a chunk in an area as the kernel takes rows. Gives what is wrong with the first value that it cannot take. */
  readonly store: (area: number, chunk: Chunk) => ExecutorError | undefined
  /** The numbers of a piece in an area, and its weights. */
  readonly spansOf: (area: number, piece: Piece) => ReadonlyArray<Span>
  readonly whole: (chunk: number) => Piece
  /** What the first lane works on next: the chunk in an area, as if it were all there is. */
  readonly turnTo: (area: number, chunk: number) => Workspace
  /** Tells a lane what to add up, a piece that is in an area, or nothing. */
  readonly tell: (lane: number, area: number, piece: Piece | undefined) => void
  /** What lanes have left of all ranges is in its slots. */
  readonly workspace: () => Workspace
}

/** The numbers of bytes, as whole blocks of the kernel. */
const chunkBlocksOf = (blockRows: number, columns: number, bytes: number, rows: number): number =>
  Math.max(1, Math.min(Math.floor(bytes / (blockRows * columns * NUMBER)), Math.ceil(rows / blockRows)))

/** Makes room for chunks in a memory that is made, or there, with at least so many pages. Throws where there is none. */
export const roomFor = async (
  kernel: Kernel,
  { rows, columns, weighted, factors }: Omit<RowsShape, 'threads'>,
  bytesOfChunk: number,
  { lanes, memoryOf }: { readonly lanes: number; readonly memoryOf: (pages: number) => Memory },
): Promise<Room> => {
  const { blockPairs } = layoutOf({ rows: 1, columns, weighted, threads: 1 }, { _tag: 'Linear', components: 1 })
  const blockRows = blockPairs * PAIR_ROWS
  const chunkBlocks = chunkBlocksOf(blockRows, columns, bytesOfChunk, rows)
  const chunkRows = chunkBlocks * blockRows
  const chunks = Math.ceil(rows / chunkRows)
  const areas = AREAS * lanes
  // One more area is for rows on their way, and the origin behind them.
  const shape: RowsShape = { rows: (areas + 1) * chunkRows + PAIR_ROWS, columns, weighted, factors, threads: lanes }
  const areaBytes = chunkRows * columns * NUMBER
  let layout = layoutOf(shape, { _tag: 'Linear', components: 16 })
  const memory = memoryOf(pagesOf(layout.end))
  const exports = await kernel.instantiate(memory)
  exports.useLayout(tableOf(0))
  let all = layout
  const hasIndices = factors?.some(({ _tag }) => _tag === 'Indexed') ?? false

  const rowsOf = (chunk: number): number => Math.min(chunkRows, rows - chunk * chunkRows)
  /** As the layout of all rows would be, had they been loaded whole. */
  const inArea = (area: number, count: number): Layout => {
    const own = layoutOf({ ...shape, rows: count }, { _tag: 'Linear', components: 1 })
    return {
      ...layout,
      data: layout.data + area * areaBytes,
      weights: weighted ? layout.weights + area * chunkRows * NUMBER : layout.weights,
      rows: count,
      pairs: own.pairs,
      blocks: own.blocks,
      rangeBlocks: own.blocks,
      ranges: 1,
    }
  }
  const writeTable = (lane: number, chunk: number, there: Layout): void =>
    writeTableApart(memory.buffer, there, shape, lane, chunk < chunks - 1)
  const writeLane = (lane: number, area: number, chunk: number): void => {
    const { blocks, rangeBlocks, ranges } = all
    writeTable(lane, chunk, { ...inArea(area, rowsOf(chunk)), blocks, rangeBlocks, ranges })
  }
  const spanOf = (chunk: Layout, at: number, length: number, offset: number): Span => ({
    bytes: new Uint8Array(memory.buffer as ArrayBuffer, at, length),
    offset: offset + at - chunk.data,
  })

  return {
    kernel: exports,
    memory,
    lanes,
    chunkRows,
    chunkBlocks,
    chunks,
    chunkBytes: areaBytes + (weighted ? chunkRows * NUMBER : 0),
    prepare: densities => {
      // As all rows would be divided, from which sums have their bits.
      all = layoutOf({ ...shape, rows }, densities)
      layout = layoutOf({ ...shape, slotsApart: slotsAndOrders(all, lanes) }, densities)
      const grown = E.tryCatch(() => growTo(memory, pagesOf(layout.end)), outOfMemory(layout.end))
      if (E.isLeft(grown)) return grown
      packDensities(workspaceOf(exports, undefined, layout, memory.buffer).densities, densities)
      // Of rows without weights the last block of all has some, which no other has.
      if (!weighted) writeWeights(memory.buffer, layout, { rows, rowWeights: undefined })
      // A lane that has nothing to do looks for its order as well.
      for (let lane = 0; lane < lanes; lane++) writeLane(lane, 0, 0)
      return E.right(all)
    },
    store: (area, chunk) => {
      const there = inArea(area, chunk.rows)
      const behind = { ...there, densities: layout.data + areas * areaBytes }
      const areFinite = writeRows(exports, memory.buffer, behind, chunk)
      if (weighted) writeWeights(memory.buffer, there, chunk)
      // The kernel doesn't know of missing cells, nor of indices.
      if (areFinite && !hasIndices) return undefined
      const wrong = firstNonFinite(chunk)
      return wrong && amongAll(wrong, chunk.first)
    },
    spansOf: (area, { chunk, first, end }) => {
      const there = inArea(area, rowsOf(chunk))
      const { data, weights, pairs } = there
      const [from, to] = [first * blockPairs, Math.min(end * blockPairs, pairs)]
      const isWhole = from === 0 && to === pairs
      const parts = factors && !isWhole ? partsOf(there, factors) : [{ columns, data }]
      const lanesOf = (width: number): number => PAIR_ROWS * width * NUMBER
      const spans = parts.map(part =>
        spanOf(there, part.data + from * lanesOf(part.columns), (to - from) * lanesOf(part.columns), 0),
      )
      if (!weighted) return spans
      const behind = data + pairs * lanesOf(columns) - weights
      return [...spans, spanOf(there, weights + from * lanesOf(1), (to - from) * lanesOf(1), behind)]
    },
    whole: chunk => ({ chunk, first: 0, end: inArea(0, rowsOf(chunk)).blocks }),
    turnTo: (area, chunk) => {
      const there = inArea(area, rowsOf(chunk))
      writeTable(0, chunk, there)
      exports.useLayout(tableOf(0))
      return workspaceOf(exports, undefined, there, memory.buffer)
    },
    tell: (lane, area, piece) => {
      const order = orderOf(memory.buffer, { ...all, slots: layout.slots }, lane)
      if (piece === undefined) {
        order.fill(0)
        return
      }
      const { chunk, first, end } = piece
      writeLane(lane, area, chunk)
      order.set([first, end, chunk * chunkBlocks + first])
    },
    workspace: () => workspaceOf(exports, undefined, layout, memory.buffer),
  }
}
