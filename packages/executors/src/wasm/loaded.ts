import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ExecutorError, LoadedRows, QuadraticDensities } from '../executor.js'
import { checkDensities, type PreparedRows } from '../rows.js'
import { host, type Memory } from './host.js'
import type { Kernel, KernelExports } from './kernel.js'
import { type Layout, layoutOf, type Shape } from './layout.js'
import { assignments, expectation, logProb, type Prepared, responsibilities } from './passes.js'
import { writeDensities, writeLayout, writeRows } from './transfer.js'

/** Components for which there is room from the start; memory grows if more are asked for. */
const COMPONENTS = 16
const PAGE = 65536

/** Rows in a memory, and the kernel that works there. */
export interface Resident {
  readonly shape: Omit<Shape, 'components'>
  readonly memory: Memory
  readonly kernel: KernelExports
}

const failed = (reason: string): ExecutorError => ({ _tag: 'ExecutionFailed', backend: 'wasm', reason })

/** What a host throws here is that it has no more memory, or that 4 GiB are not enough. */
const outOfMemory = (bytes: number) => (): ExecutorError =>
  failed(`no WebAssembly memory of ${Math.ceil(bytes / 2 ** 20)} MiB; at most 4096 MiB can be had`)

const pagesOf = (bytes: number): number => Math.ceil(bytes / PAGE)

/** Stores rows in a memory of their own, which the host reclaims when nothing refers to it any more. */
export const storeRows = (kernel: Kernel, prepared: PreparedRows): TE.TaskEither<ExecutorError, Resident> => {
  const { rows, columns, rowWeights } = prepared
  const shape = { rows, columns, weighted: rowWeights !== undefined }
  const layout = layoutOf({ ...shape, components: COMPONENTS })
  return TE.tryCatch(async () => {
    const memory = new host.WebAssembly!.Memory({ initial: pagesOf(layout.end) })
    writeRows(memory.buffer, layout, prepared)
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
export const prepare =
  ({ shape, memory, kernel }: Resident) =>
  (densities: QuadraticDensities): E.Either<ExecutorError, Prepared> => {
    const layout = layoutOf({ ...shape, components: densities.components })
    return pipe(
      grow(memory, layout),
      E.map(buffer => {
        writeLayout(buffer, layout, shape.rows)
        writeDensities(buffer, layout, densities)
        return { rows: shape.rows, kernel, layout, buffer }
      }),
    )
  }

/** Loads rows into the calling thread. */
export const loadRows = (kernel: Kernel, prepared: PreparedRows): TE.TaskEither<ExecutorError, LoadedRows> =>
  pipe(storeRows(kernel, prepared), TE.map(loaded))

const loaded = (initial: Resident): LoadedRows => {
  const { rows, columns } = initial.shape
  let resident: Resident | undefined = initial
  const run =
    <A>(pass: (prepared: Prepared) => A) =>
    (densities: QuadraticDensities): TE.TaskEither<ExecutorError, A> =>
    async () =>
      pipe(
        E.fromNullable(disposed)(resident),
        E.chain(present => pipe(checkDensities(columns, densities), E.chain(prepare(present)))),
        E.map(pass),
      )
  return {
    rows,
    columns,
    expectation: run(expectation),
    responsibilities: run(responsibilities),
    assignments: run(assignments),
    logProb: run(logProb),
    dispose: () => {
      resident = undefined
    },
  }
}
