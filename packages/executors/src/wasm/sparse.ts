import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ExecutorError } from '../contract/executor.js'
import { BLOCK, type HeldRows, type SparseMatrix, type SparseWork } from '../sparse/rows.js'
import { host, type Memory, type Module } from './kernel/host.js'
import { compiled, decoded, instanceOf } from './kernel/kernel.js'
import { AFTER_CONSTANTS } from './kernel/layout.js'
import { growTo, outOfMemory, pagesOf } from './kernel/resident.js'
import { module } from './kernel/sparse.generated.js'
import { numbers } from './kernel/transfer.js'

/** What `assembly/sparse.ts` exports, which says what its functions do. */
interface SparseKernel {
  readonly useRows: (extents: number, indices: number, values: number, pairs: number) => void
  readonly innerProducts: (first: number, end: number, numbers: number, lines: number) => void
  readonly addRows: (first: number, end: number, lines: number, target: number) => void
  readonly addScaled: (
    begin: number,
    end: number,
    component: number,
    share: number,
    scales: number,
    target: number,
  ) => number
}

const compile: TE.TaskEither<ExecutorError, Module> = compiled('SIMD', async () => decoded(module))

let made: ReturnType<typeof compile> | undefined

/** Compiled when it is first asked for, and once: its loops are made fast while they run. */
const sparseModule: typeof compile = () => {
  made ??= compile()
  return made
}

const [NUMBER, LANES, EXTENT] = [8, 16, 8]

const aligned = (bytes: number): number => LANES * Math.ceil(bytes / LANES)

/** Where things are, in bytes. */
interface Places {
  readonly extents: number
  readonly indices: number
  readonly values: number
  readonly end: number
}

const placesOf = ({ rows, values: { length } }: SparseMatrix): Places => {
  const indices = AFTER_CONSTANTS + rows * EXTENT
  const values = aligned(indices + length * 4)
  return { extents: AFTER_CONSTANTS, indices, values, end: aligned(values + length * NUMBER) }
}

/** The first bytes of a work area, and what follows it. */
interface Area {
  readonly extents: number
  readonly numbers: number
  readonly sums: number
  readonly lines: number
  readonly scales: number
  readonly end: number
}

const areaOf = (first: number, rows: number, columns: number, stride: number): Area => {
  const from = aligned(first + rows * EXTENT)
  const all = columns * stride * NUMBER
  const lines = from + 2 * all
  const scales = lines + BLOCK * stride * NUMBER
  return {
    extents: first,
    numbers: from,
    sums: from + all,
    lines,
    scales,
    end: scales + columns * NUMBER,
  }
}

const writeExtents = (buffer: ArrayBufferLike, address: number, indptr: Float64Array, places?: ArrayLike<number>) => {
  const count = places?.length ?? indptr.length - 1
  const extents = new Uint32Array(buffer, address, 2 * count)
  for (let i = 0; i < count; i++) {
    const row = places === undefined ? i : places[i]!
    extents[2 * i] = indptr[row]!
    extents[2 * i + 1] = indptr[row + 1]!
  }
}

/** Sparse rows in a memory of their own, which the host reclaims when nothing refers to it any more. */
const heldIn = (kernel: SparseKernel, memory: Memory, places: Places, given: SparseMatrix): HeldRows => {
  const { rows, columns, indptr } = given
  const length = given.values.length
  writeExtents(memory.buffer, places.extents, indptr)
  new Int32Array(memory.buffer, places.indices, length).set(given.indices)
  numbers(memory.buffer, places.values, length).set(given.values)
  return {
    matrix: {
      rows,
      columns,
      indptr,
      get indices() {
        return new Int32Array(memory.buffer, places.indices, length) as Int32Array
      },
      get values() {
        return numbers(memory.buffer, places.values, length)
      },
    },
    work: (components, some): SparseWork => {
      const stride = 2 * Math.ceil(components / 2)
      const area = areaOf(places.end, some?.length ?? 0, columns, stride)
      growTo(memory, pagesOf(area.end))
      const { buffer } = memory
      if (some) writeExtents(buffer, area.extents, indptr, some)
      kernel.useRows(some ? area.extents : places.extents, places.indices, places.values, stride / 2)
      return {
        rows: some?.length ?? rows,
        stride,
        numbers: numbers(buffer, area.numbers, columns * stride),
        sums: numbers(buffer, area.sums, columns * stride),
        lines: numbers(buffer, area.lines, BLOCK * stride),
        scales: numbers(buffer, area.scales, columns),
        innerProducts: (first, end) => kernel.innerProducts(first, end, area.numbers, area.lines),
        addRows: (first, end) => kernel.addRows(first, end, area.lines, area.sums),
        addScaled: (place, component, share) =>
          kernel.addScaled(indptr[place]!, indptr[place + 1]!, component, share, area.scales, area.numbers),
      }
    },
    ranOn: 'sparse rows in WebAssembly (SIMD, float64)',
  }
}

/** Sparse rows on the kernel, in the calling thread. Errors: there is no WebAssembly SIMD, or no memory. */
export const heldOnKernel = (matrix: SparseMatrix): TE.TaskEither<ExecutorError, HeldRows> => {
  const places = placesOf(matrix)
  return pipe(
    sparseModule,
    TE.chain(found =>
      TE.tryCatch(async () => {
        const memory = new host.WebAssembly!.Memory({ initial: pagesOf(places.end) })
        const kernel = (await instanceOf(found, memory)) as SparseKernel
        return heldIn(kernel, memory, places, matrix)
      }, outOfMemory(places.end)),
    ),
  )
}
