import * as E from 'fp-ts/lib/Either.js'
import type { Matrix, Vector } from './matrix.js'
import { triangles } from './triangles.generated.js'
import { bytesOf } from './wasm-text.js'

interface NotPositiveDefinite {
  readonly _tag: 'NotPositiveDefinite'
  readonly pivot: number
  readonly value: number
}

/** What a kernel does of matrices (n x n), with the bits of plain loops, and leaves to them where it has no memory for it. */
export interface MatrixKernel {
  /** The lower factor of a matrix of which the lower triangle is read, or its first pivot that is not positive. */
  readonly factorise: (a: Matrix) => E.Either<NotPositiveDefinite, Matrix> | undefined
  /**
   * The lower triangle L^-1 B of another one, with anything above, which is there until the next call. There is none where an entry is
   * not finite: here zeros above the diagonal are multiplied, too.
   */
  readonly divide: (factor: Matrix, b: Vector) => Float64Array | undefined
}

/** The module of `assembly/triangles.ts` over a memory, from the beginning of which on matrices lie. */
interface Triangles {
  readonly memory: WebAssembly.Memory
  readonly run: { readonly factorise: (n: number) => number; readonly solve: (n: number) => number }
}

const PAGE = 65536

const compile = (): WebAssembly.Module => new WebAssembly.Module(Uint8Array.from(bytesOf(triangles)))

/** Throws where there is no WebAssembly, no SIMD, or a page's policy forbids them. */
export const matrixKernel = (): MatrixKernel => {
  const compiled = compile()
  /** Used again until the collector takes it, since the pages of a new memory cost a fault each. */
  let last: WeakRef<Triangles> | undefined

  /** With room for so many matrices of n rows and panels besides, where there is as much memory. */
  const instance = (n: number, matrices: number): Triangles | undefined => {
    const pages = Math.ceil((8 * (matrices * n * n + (n + 8) ** 2)) / PAGE)
    const idle = last?.deref()
    if (idle && idle.memory.buffer.byteLength >= pages * PAGE) return idle
    try {
      // A new one, since every loop over arrays is slower once a memory has grown.
      const memory = new WebAssembly.Memory({ initial: pages })
      const { exports } = new WebAssembly.Instance(compiled, { env: { memory } })
      const made: Triangles = { memory, run: exports as unknown as Triangles['run'] }
      last = new WeakRef(made)
      return made
    } catch {
      return undefined
    }
  }

  return {
    factorise: ({ rows: n, data: a }) => {
      const found = a.length === n * n ? instance(n, 1) : undefined
      if (found === undefined) return undefined
      const data = new Float64Array(found.memory.buffer, 0, n * n)
      data.set(a)
      const pivot = found.run.factorise(n)
      return pivot < 0
        ? E.right({ rows: n, columns: n, data: data.slice() })
        : E.left({ _tag: 'NotPositiveDefinite', pivot, value: data[0]! })
    },
    divide: ({ rows: n, data: l }, b) => {
      const size = n * n
      const found = l.length === size && b.length === size ? instance(n, 2) : undefined
      if (found === undefined) return undefined
      const both = new Float64Array(found.memory.buffer, 0, 2 * size)
      both.set(l)
      both.set(b, size)
      return found.run.solve(n) === 0 ? undefined : both.subarray(size)
    },
  }
}
