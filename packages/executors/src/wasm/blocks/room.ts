import * as E from 'fp-ts/lib/Either.js'
import type { Densities, ExecutorError, FactorShape } from '../../contract/executor.js'
import { packDensities } from '../kernel/densities.js'
import { host, type Memory } from '../kernel/host.js'
import type { Kernel, KernelExports } from '../kernel/kernel.js'
import { type Layout, layoutOf, PAIR_ROWS, type RowsShape, tableOf, writeTables } from '../kernel/layout.js'
import { tableFields } from '../kernel/memory.generated.js'
import { growTo, outOfMemory, pagesOf } from '../kernel/resident.js'
import { writeRows, writeWeights } from '../kernel/transfer.js'
import { type Workspace, workspaceOf } from '../kernel/workspace.js'
import type { Chunk } from './gather.js'

const NUMBER = 8

/** Chunks in memory: one that is worked on, and the next. */
export const AREAS = 2

/** Rows of any number, of which a chunk or two are in the memory of a kernel. */
export interface Room {
  /** Of a chunk: whole blocks of the kernel. */
  readonly chunkRows: number
  readonly chunks: number
  /** How many bytes a chunk takes in scratch. */
  readonly chunkBytes: number
  /** Lays memory out for densities, and writes them. Nothing may be read into an area meanwhile. */
  readonly prepare: (densities: Densities) => E.Either<ExecutorError, Layout>
  /** Stores a chunk in an area as the kernel takes rows. */
  readonly store: (area: number, chunk: Chunk) => void
  /** The numbers of a chunk in an area, and its weights. */
  readonly partsOf: (area: number, chunk: number) => ReadonlyArray<Uint8Array>
  /** What the kernel works on next: the chunk in an area, as if it were all there is. */
  readonly turnTo: (area: number, chunk: number) => Workspace
  readonly kernel: KernelExports
}

/** The numbers of bytes, as whole blocks of the kernel. */
const chunkRowsOf = (blockRows: number, columns: number, bytes: number, rows: number): number =>
  blockRows * Math.max(1, Math.min(Math.floor(bytes / (blockRows * columns * NUMBER)), Math.ceil(rows / blockRows)))

/** Makes room for chunks. Throws where there is no memory. */
export const roomFor = async (
  kernel: Kernel,
  { rows, columns, weighted, factors }: Omit<RowsShape, 'threads'>,
  bytesOfChunk: number,
): Promise<Room> => {
  const blockRows =
    layoutOf({ rows: 1, columns, weighted, threads: 1 }, { _tag: 'Linear', components: 1 }).blockPairs * PAIR_ROWS
  const chunkRows = chunkRowsOf(blockRows, columns, bytesOfChunk, rows)
  const chunks = Math.ceil(rows / chunkRows)
  // A third area is for rows on their way, and the origin behind them.
  const shape: RowsShape = { rows: (AREAS + 1) * chunkRows + PAIR_ROWS, columns, weighted, factors, threads: 1 }
  const areaBytes = chunkRows * columns * NUMBER
  const first = layoutOf(shape, { _tag: 'Linear', components: 16 })
  const memory: Memory = new host.WebAssembly!.Memory({ initial: pagesOf(first.end) })
  const exports = await kernel.instantiate(memory)
  exports.useLayout(tableOf(0))
  let layout = first

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
  const bytes = (at: number, length: number): Uint8Array => new Uint8Array(memory.buffer as ArrayBuffer, at, length)

  return {
    chunkRows,
    chunks,
    chunkBytes: areaBytes + (weighted ? chunkRows * NUMBER : 0),
    kernel: exports,
    prepare: densities => {
      layout = layoutOf(shape, densities)
      const grown = E.tryCatch(() => growTo(memory, pagesOf(layout.end)), outOfMemory(layout.end))
      if (E.isLeft(grown)) return grown
      packDensities(workspaceOf(exports, undefined, layout, memory.buffer).densities, densities)
      // As all rows would be divided, from which sums have their bits.
      return E.right(layoutOf({ ...shape, rows }, densities))
    },
    store: (area, chunk) => {
      const there = inArea(area, chunk.rows)
      writeRows(exports, memory.buffer, { ...there, densities: layout.data + AREAS * areaBytes }, chunk)
      if (weighted) writeWeights(memory.buffer, there, chunk)
    },
    partsOf: (area, chunk) => {
      const { data, weights, pairs } = inArea(area, rowsOf(chunk))
      const numbers = bytes(data, pairs * PAIR_ROWS * columns * NUMBER)
      return weighted ? [numbers, bytes(weights, pairs * PAIR_ROWS * NUMBER)] : [numbers]
    },
    turnTo: (area, chunk) => {
      const there = inArea(area, rowsOf(chunk))
      if (!weighted) writeWeights(memory.buffer, there, { rows: there.rows, rowWeights: undefined })
      writeTables(memory.buffer, there, { threads: 1, factors: factors as ReadonlyArray<FactorShape> | undefined })
      // The last block of all rows may have padding, and is computed with weights; that of a chunk before is one like any other.
      if (chunk < chunks - 1)
        new Uint32Array(memory.buffer, tableOf(0), tableFields.length)[tableFields.indexOf('pairs')] =
          there.pairs + there.blockPairs
      return workspaceOf(exports, undefined, there, memory.buffer)
    },
  }
}
