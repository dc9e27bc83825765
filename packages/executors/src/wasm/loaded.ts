import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { checkDensities } from '../densities.js'
import type { Densities, ExecutorError, LoadedRows } from '../executor.js'
import type { CheckedRows } from '../rows.js'
import { writeDensities } from './densities.js'
import { host, type Memory } from './host.js'
import type { Kernel, KernelExports } from './kernel.js'
import { type Layout, layoutOf, type RowsShape } from './layout.js'
import { assignments, expectation, logProb, type Prepared, responsibilities } from './passes.js'
import { writeLayout, writeRows } from './transfer.js'

/** Densities for which there is room from the start; memory grows if there is more to them. */
const EXPECTED = { _tag: 'Linear', components: 16 } as const
const PAGE = 65536

/** Rows in a memory, and the kernel that works there. */
export interface Resident {
  readonly shape: RowsShape
  readonly memory: Memory
  readonly kernel: KernelExports
}

const failed = (reason: string): ExecutorError => ({ _tag: 'ExecutionFailed', backend: 'wasm', reason })

/** What a host throws here is that it has no more memory, or that 4 GiB are not enough. */
const outOfMemory = (bytes: number) => (): ExecutorError =>
  failed(`no WebAssembly memory of ${Math.ceil(bytes / 2 ** 20)} MiB; at most 4096 MiB can be had`)

const pagesOf = (bytes: number): number => Math.ceil(bytes / PAGE)

/** Stores rows in a memory of their own, which the host reclaims when nothing refers to it any more. */
export const storeRows = (kernel: Kernel, checked: CheckedRows): TE.TaskEither<ExecutorError, Resident> => {
  const { rows, columns, rowWeights } = checked
  const shape = { rows, columns, weighted: rowWeights !== undefined }
  const layout = layoutOf(shape, EXPECTED)
  return TE.tryCatch(async () => {
    const memory = new host.WebAssembly!.Memory({ initial: pagesOf(layout.end) })
    writeRows(memory.buffer, layout, checked)
    return { shape, memory, kernel: await kernel.instantiate(memory) }
  }, outOfMemory(layout.end))
}

const grow = (memory: Memory, layout: Layout): E.Either<ExecutorError, ArrayBuffer> =>
  E.tryCatch(() => {
    const missing = pagesOf(layout.end) - memory.buffer.byteLength / PAGE
    if (missing > 0) memory.grow(missing)
    return memory.buffer
  }, outOfMemory(layout.end))

/** The error of a call after the rows have been disposed of. */
export const disposed: ExecutorError = failed('the rows have been disposed of')

/** Writes densities where the kernel finds them. */
export const prepare = <D extends Densities>(
  { shape, memory, kernel }: Resident,
  densities: D,
): E.Either<ExecutorError, Prepared<D>> => {
  const layout = layoutOf(shape, densities)
  const grown = grow(memory, layout)
  if (E.isLeft(grown)) return grown
  const buffer = grown.right
  writeLayout(buffer, layout, shape.rows)
  writeDensities(buffer, layout, densities)
  return E.right({ rows: shape.rows, densities, kernel, layout, buffer })
}

/** Loads rows into the calling thread. */
export const loadRows = (kernel: Kernel, checked: CheckedRows): TE.TaskEither<ExecutorError, LoadedRows> =>
  pipe(storeRows(kernel, checked), TE.map(loaded))

const loaded = (initial: Resident): LoadedRows => {
  const { rows, columns } = initial.shape
  let resident: Resident | undefined = initial
  const run =
    <D extends Densities, A>(densities: D, pass: (prepared: Prepared<D>) => A): TE.TaskEither<ExecutorError, A> =>
    // Called in every iteration, so without the calls that `pipe` would take.
    async () => {
      if (resident === undefined) return E.left(disposed)
      const checked = checkDensities(columns, densities)
      if (E.isLeft(checked)) return checked
      const prepared = prepare(resident, checked.right)
      return E.isLeft(prepared) ? prepared : E.right(pass(prepared.right))
    }
  return {
    rows,
    columns,
    expectation: densities => run(densities, expectation),
    responsibilities: densities => run(densities, responsibilities),
    assignments: densities => run(densities, assignments),
    logProb: densities => run(densities, logProb),
    dispose: () => {
      resident = undefined
    },
  }
}
