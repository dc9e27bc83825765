// The kernel for hosts that run no JavaScript, such as the workers of a cluster: its bytes, what has to be in its memory, and what its
// sums are. Whoever runs it fills in rows.

import type { Matrix } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { checkDensities } from './contract/densities.js'
import type { Densities, ExecutorError, FactorShape, MixtureExpectation } from './contract/executor.js'
import { mayLoseNorms, mayOverflow } from './contract/overflow.js'
import { failureOf } from './contract/resident-rows.js'
import { packDensities } from './wasm/kernel/densities.js'
import { expectationOf } from './wasm/kernel/expectation.js'
import { decoded } from './wasm/kernel/kernel.js'
import { layoutOf, PAIR_ROWS, partsOf, tableOf, writeTables } from './wasm/kernel/layout.js'

/** What has to stand at an address of the memory. */
export interface Stored {
  readonly at: number
  readonly bytes: Uint8Array
}

/** Columns that lie together: of rows 2p and 2p + 1 the first column, then the second, and so on, for each p. */
export interface StoredColumns {
  /** The first of them among the columns of rows, and how many there are. */
  readonly first: number
  readonly columns: number
  /** Where they are, in bytes. */
  readonly at: number
}

/**
 * Sums over rows for densities, some rows at a time: what is stored, then `useLayout(table)`. Rows and weights, 0 for what is no row,
 * go where they are said to be, and `expectation(0, blocks, slots)` leaves the sums there: `slotNumbers` - 3 statistics, and three
 * numbers a, b and c of which a + b + log2(c) is the log-likelihood to base 2.
 */
export interface KernelPlan {
  /** How many bytes the memory has to have. */
  readonly bytes: number
  readonly stored: ReadonlyArray<Stored>
  readonly table: number
  /** How many rows there is room for, and how many make a block. */
  readonly rows: number
  readonly blockRows: number
  readonly columns: ReadonlyArray<StoredColumns>
  /** Where the weights of the rows are, a number of 8 bytes each. */
  readonly weights: number
  readonly slots: number
  readonly slotNumbers: number
}

const NUMBER = 8

/** The bytes of the kernel. It imports `env.memory`, and wants SIMD, the relaxed instructions too. */
export const kernelBytes: TE.TaskEither<ExecutorError, Uint8Array> = pipe(
  TE.tryCatch(() => import('./wasm/kernel/relaxed-simd.generated.js'), failureOf('wasm')),
  TE.map(({ module }) => decoded(module)),
)

/**
 * Plans sums for densities, over at least so many rows at a time. Errors: densities that are none of rows with so many columns or such
 * factors.
 */
export const kernelPlan = (
  densities: Densities,
  { rows, columns, factors }: Pick<Matrix, 'rows' | 'columns'> & { readonly factors?: ReadonlyArray<FactorShape> },
): E.Either<ExecutorError, KernelPlan> =>
  pipe(
    checkDensities({ columns, factors }, densities),
    E.map(() => {
      const one = layoutOf({ rows: 1, columns, weighted: true, threads: 1 }, densities)
      const blockRows = one.blockPairs * PAIR_ROWS
      const shape = { rows: blockRows * Math.ceil(rows / blockRows), columns, factors, weighted: true, threads: 1 }
      const layout = layoutOf(shape, densities)
      const memory = new ArrayBuffer(layout.slots)
      writeTables(memory, layout, shape)
      const length = (layout.factors - layout.densities) / NUMBER
      packDensities(new Float64Array(memory, layout.densities, length), densities)
      const stored = (at: number, end: number): Stored => ({ at, bytes: new Uint8Array(memory.slice(at, end)) })
      return {
        bytes: layout.end,
        stored: [stored(tableOf(0), layout.data), stored(layout.densities, layout.slots)],
        table: tableOf(0),
        rows: shape.rows,
        blockRows,
        columns: factors
          ? partsOf(layout, factors).map(part => ({ first: part.first, columns: part.columns, at: part.data }))
          : [{ first: 0, columns, at: layout.data }],
        weights: layout.weights,
        slots: layout.slots,
        slotNumbers: layout.slotNumbers,
      }
    }),
  )

/** What the added sums of all rows are: the statistics, then the log-likelihood to base 2. */
export const sumsOfKernel: <D extends Densities>(densities: D, totals: Float64Array) => MixtureExpectation<D> =
  expectationOf

/**
 * Whether log densities of rows whose numbers are up to `largest` in size may be beyond float64, where the kernel would take what is no
 * number for the least one: rows have to be looked at one by one then, as executors do.
 */
export const mayBeBeyond = (densities: Densities, largest: number): boolean =>
  mayOverflow(densities, () => largest) || mayLoseNorms(densities, () => largest)
