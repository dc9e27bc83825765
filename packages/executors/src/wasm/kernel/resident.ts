import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Densities, DensitiesTag, ExecutorError } from '../../contract/executor.js'
import { largestOf } from '../../contract/overflow.js'
import { failureOf } from '../../contract/resident-rows.js'
import { type CheckedRows, firstNonFinite } from '../../contract/rows.js'
import type { SkippingExports } from '../skipping/exports.js'
import type { Skipping } from '../skipping/sequence.js'
import { packDensities } from './densities.js'
import type { Memory } from './host.js'
import type { Kernel, KernelExports } from './kernel.js'
import { type Besides, type Layout, layoutOf, PAIR_ROWS, type RowsShape, tableOf, writeTables } from './layout.js'
import { chunkBytes, numbers, writeRows, writeWeights } from './transfer.js'
import { type Workspace, workspaceOf } from './workspace.js'

/** Densities for which there is room from the start; memory grows if there is more to them. */
const EXPECTED = { _tag: 'Linear', components: 16 } as const
const PAGE = 65536

/** Rows in a memory, and the kernel that works there for the calling thread. */
export interface Resident {
  readonly shape: RowsShape
  readonly memory: Memory
  readonly kernel: KernelExports
  /** As it was laid out last, and for what. */
  last:
    | {
        readonly _tag: DensitiesTag
        readonly components: number
        readonly reweighted: boolean
        /** Bytes behind all else, where E-steps leave out what rounds away. */
        readonly behind: number | undefined
        readonly workspace: Workspace
      }
    | undefined
  /** Of E-steps that leave out what rounds away, once there are such. */
  steps: Skipping | undefined
}

/** Whether rows are so many that E-steps on them may leave something out. */
export const mayLeaveOut = ({ rows, factors }: Pick<RowsShape, 'rows' | 'factors'>): boolean =>
  rows >= 8192 && factors === undefined

export const failed: (reason: unknown) => ExecutorError = failureOf('wasm')

/** The error of a call after the rows have been disposed of. */
export const disposed: ExecutorError = failed('the rows have been disposed of')

/** What a host throws here is that it has no more memory, or that 4 GiB are not enough. */
export const outOfMemory = (bytes: number) => (): ExecutorError =>
  failed(`no WebAssembly memory of ${Math.ceil(bytes / 2 ** 20)} MiB; at most 4096 MiB can be had`)

export const pagesOf = (bytes: number): number => Math.ceil(bytes / PAGE)

/** Lets a memory have at least so many pages. Throws where there are no more. */
export const growTo = (memory: Memory, pages: number): void => {
  const missing = pages - memory.buffer.byteLength / PAGE
  if (missing > 0) memory.grow(missing)
}

/**
 * Stores rows for a number of threads in a memory that is there, or made, with at least so many pages. Errors: values that
 * are not finite; no more memory.
 */
export const storeRows = (
  kernel: Kernel,
  checked: CheckedRows,
  threads: number,
  memoryOf: (pages: number) => Memory,
): TE.TaskEither<ExecutorError, Resident> => {
  const { rows, columns, factors, rowWeights } = checked
  const shape = { rows, columns, factors, weighted: rowWeights !== undefined, threads }
  const layout = layoutOf(shape, EXPECTED)
  const bytes = Math.max(layout.end, layout.densities + chunkBytes(rows, columns))
  return pipe(
    TE.tryCatch(async () => {
      const memory = memoryOf(pagesOf(bytes))
      const exports = await kernel.instantiate(memory)
      exports.useLayout(tableOf(0))
      writeWeights(memory.buffer, layout, checked)
      const areTaken = writeRows(exports, memory.buffer, layout, checked)
      return { areTaken, resident: { shape, memory, kernel: exports, last: undefined, steps: undefined } }
    }, outOfMemory(bytes)),
    TE.chain(({ areTaken, resident }) => {
      if (areTaken) return TE.right(resident)
      const wrong = firstNonFinite(checked)
      // The kernel doesn't know of vectors that are missing as a whole.
      if (wrong === undefined && factors !== undefined) return TE.right(resident)
      return TE.left(wrong ?? failed('rows changed while they were read'))
    }),
  )
}

/** The greatest size of a stored value, which is looked for once. */
export const largestIn = ({ shape, memory }: Resident): (() => number) => {
  const { data, pairs, columns } = layoutOf(shape, EXPECTED)
  let largest: number | undefined
  return () => {
    largest ??= largestOf(numbers(memory.buffer, data, pairs * PAIR_ROWS * columns))
    return largest
  }
}

const grow = (memory: Memory, layout: Layout): E.Either<ExecutorError, ArrayBufferLike> =>
  E.tryCatch(() => {
    growTo(memory, pagesOf(layout.end))
    return memory.buffer
  }, outOfMemory(layout.end))

/** Lays the memory out for densities of a shape, unless it is already. No thread may be at work. */
export const layOut = (
  resident: Resident,
  { _tag, components }: Pick<Densities, '_tag' | 'components'>,
  reweighted: boolean,
  besides?: Besides & { readonly skipping: SkippingExports },
): E.Either<ExecutorError, Workspace> => {
  const { shape, memory, kernel, last } = resident
  const behind = besides?.behind
  if (last?._tag === _tag && last.components === components && last.reweighted === reweighted && last.behind === behind)
    return E.right(last.workspace)
  const layout = layoutOf(shape, { _tag, components }, reweighted, besides)
  const grown = grow(memory, layout)
  if (E.isLeft(grown)) return grown
  writeTables(grown.right, layout, shape)
  const workspace = workspaceOf(kernel, besides?.skipping, layout, grown.right)
  resident.last = { _tag, components, reweighted, behind, workspace }
  return E.right(workspace)
}

/** Writes densities, and weights of rows in place of their own, where the kernel finds them. Rows are in their own order. */
export const prepare = (
  resident: Resident,
  densities: Densities,
  rowWeights?: Float64Array,
): E.Either<ExecutorError, Workspace> => {
  resident.steps?.restore()
  const workspace = layOut(resident, densities, rowWeights !== undefined)
  if (E.isLeft(workspace)) return workspace
  packDensities(workspace.right.densities, densities)
  if (rowWeights)
    writeWeights(resident.memory.buffer, workspace.right.layout, { rows: resident.shape.rows, rowWeights })
  return workspace
}
