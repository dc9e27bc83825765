import type { Densities, ExecutorError, FactorShape } from '@conjugate/executors'
import { type KernelPlan, kernelBytes, kernelPlan, sumsOfKernel } from '@conjugate/executors/kernel'
import type { KernelSum } from '@conjugate/sql/engine'
import * as E from 'fp-ts/lib/Either.js'
import type { Statements } from './client/connection.js'
import type { SparkError } from './client/errors.js'
import { pickledFunction } from './pickle.js'
import { joined } from './protocol/wire.js'
import { workerModule } from './worker.js'

/** Rows that a worker takes at a time: their numbers and what is computed of them stay in its caches. */
const AT_ONCE = 8192

const COLUMN = 'sums'

/** What the worker has to know of a plan, and the bytes that it stores. */
const spoken = (plan: KernelPlan): readonly [text: string, stored: Uint8Array] => [
  JSON.stringify({
    ...plan,
    stored: plan.stored.map(({ at, bytes }) => ({ at, length: bytes.length })),
  }),
  joined(plan.stored.map(({ bytes }) => bytes)),
]

/** The sums of all partitions, added in the order of these, whichever came first. */
const added = (cells: ReadonlyArray<Uint8Array>): { readonly rows: number; readonly totals: Float64Array } => {
  const partitions = cells.map(cell => new Float64Array(cell.slice().buffer)).sort((a, b) => a[0]! - b[0]!)
  const totals = new Float64Array(Math.max(0, (partitions[0]?.length ?? 2) - 2))
  let rows = 0
  for (const partition of partitions) {
    rows += partition[1]!
    for (let i = 0; i < totals.length; i++) totals[i]! += partition[i + 2]!
  }
  return { rows, totals }
}

/** Versions of Python, major and minor, of the workers of each server: what they say when they are asked for another one. */
const OTHER_VERSION = /has different version[^0-9]*(\d+\.\d+)/

/** Sums by the kernel in Spark's workers. */
export interface KernelSums {
  /** The query gives the columns of the densities, NULL where a cell is missing, and then the weights, all as DOUBLE. */
  readonly expectation: <D extends Densities>(
    query: string,
    densities: D,
    signal?: AbortSignal,
  ) => Promise<E.Either<SparkError | ExecutorError, KernelSum<D>>>
}

const factorsOf = (densities: Densities): ReadonlyArray<FactorShape> | undefined =>
  densities._tag === 'Product' ? densities.factors : undefined

/** Sums on statements whose sessions have the worker's file. */
export const kernelSumsOn = (statements: Statements, pythonVersion = '3.11'): KernelSums => {
  let version = pythonVersion
  return {
    expectation: async (query, densities, signal) => {
      const wasm = await kernelBytes()
      if (E.isLeft(wasm)) return wasm
      const factors = factorsOf(densities)
      const plan = kernelPlan(densities, { rows: AT_ONCE, columns: densities.columns, ...(factors && { factors }) })
      if (E.isLeft(plan)) return plan
      const [text, stored] = spoken(plan.right)
      const command = pickledFunction(workerModule, 'expectation', [text, stored, wasm.right], [COLUMN])
      for (let isFirst = true; ; isFirst = false) {
        const map = { query, command, pythonVersion: version, columns: [COLUMN] }
        const found = await statements.run({ _tag: 'MapInArrow', map }, signal)
        if (E.isLeft(found)) {
          const { left } = found
          const other = left._tag === 'StatementFailed' ? OTHER_VERSION.exec(left.reason)?.[1] : undefined
          if (!isFirst || other === undefined || other === version) return found
          version = other
          continue
        }
        const sums = added((found.right[0] ?? []) as ReadonlyArray<Uint8Array>)
        return E.right({ rows: sums.rows, expectation: sumsOfKernel(densities, sums.totals) })
      }
    },
  }
}
