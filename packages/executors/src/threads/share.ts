import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Densities, ExecutorError } from '../executor.js'
import type { CheckedRows } from '../rows.js'
import type { Range } from '../wasm/expectation.js'
import type { Kernel } from '../wasm/kernel.js'
import { disposed, prepare, type Resident, storeRows } from '../wasm/loaded.js'
import { assignments, logProb, type Prepared, partialSums, responsibilities } from '../wasm/passes.js'

/** What a thread computes on its rows: partial sums of its ranges end to end, or numbers of each row. */
export interface PassResults {
  readonly partialSums: Float64Array
  readonly responsibilities: Float64Array
  readonly assignments: Int32Array
  readonly logProb: Float64Array
}

export type Pass = keyof PassResults

type Passes = { readonly [P in Pass]: (ranges: ReadonlyArray<Range>) => (prepared: Prepared) => PassResults[P] }

const passes: Passes = {
  partialSums,
  responsibilities: () => prepared => responsibilities(prepared).data,
  assignments: () => assignments,
  logProb: () => logProb,
}

/** Some of the rows: whole ranges of blocks, for one thread. */
export interface Part {
  readonly rows: CheckedRows
  /** Counted from the first block of the part. */
  readonly ranges: ReadonlyArray<Range>
}

/** A part where it is computed. */
export interface Share {
  readonly run: <P extends Pass>(pass: P, densities: Densities) => TE.TaskEither<ExecutorError, PassResults[P]>
  /** Hears at once of a result that is about to come. */
  readonly stayAwake: () => void
  readonly end: () => void
}

const shareOf = (ranges: ReadonlyArray<Range>, initial: Resident): Share => {
  let resident: Resident | undefined = initial
  return {
    run: <P extends Pass>(pass: P, densities: Densities) =>
      TE.fromIOEither(() =>
        pipe(
          E.fromNullable(disposed)(resident),
          E.chain(present => prepare(present, densities)),
          E.map(present => passes[pass](ranges)(present)),
        ),
      ),
    stayAwake: () => {},
    end: () => {
      resident = undefined
    },
  }
}

/** A share of the calling thread. */
export const localShare = (kernel: Kernel, { rows, ranges }: Part): TE.TaskEither<ExecutorError, Share> =>
  pipe(
    storeRows(kernel, rows),
    TE.map(resident => shareOf(ranges, resident)),
  )
