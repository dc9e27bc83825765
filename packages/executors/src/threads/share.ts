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
  /** Hears at once of a result that is about to come. To be called after every `run`: others rely on it. */
  readonly stayAwake: () => void
  readonly end: () => void
}

/** A share of this thread. */
export interface LocalShare extends Share {
  /** What `run` does, at once. */
  readonly compute: <P extends Pass>(pass: P, densities: Densities) => E.Either<ExecutorError, PassResults[P]>
}

const shareOf = (ranges: ReadonlyArray<Range>, initial: Resident): LocalShare => {
  let resident: Resident | undefined = initial
  // Called in every iteration, so without the calls that `pipe` would take.
  const compute = <P extends Pass>(pass: P, densities: Densities): E.Either<ExecutorError, PassResults[P]> => {
    if (resident === undefined) return E.left(disposed)
    const prepared = prepare(resident, densities)
    return E.isLeft(prepared) ? prepared : E.right(passes[pass](ranges)(prepared.right))
  }
  return {
    compute,
    run: (pass, densities) => TE.fromIOEither(() => compute(pass, densities)),
    stayAwake: () => {},
    end: () => {
      resident = undefined
    },
  }
}

/** Loads a part into this thread. */
export const localShare = (kernel: Kernel, { rows, ranges }: Part): TE.TaskEither<ExecutorError, LocalShare> =>
  pipe(
    storeRows(kernel, rows),
    TE.map(resident => shareOf(ranges, resident)),
  )
