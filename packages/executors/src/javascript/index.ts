import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { checkDensities } from '../densities.js'
import type { Densities, Executor, ExecutorError, LoadedRows } from '../executor.js'
import { type PreparedRows, prepareRows } from '../rows.js'
import { type PackedRows, packRows } from './blocks.js'
import { assignments, expectation, logProb, responsibilities } from './passes.js'

const disposed: ExecutorError = {
  _tag: 'ExecutionFailed',
  backend: 'javascript',
  reason: 'the rows have been disposed of',
}

const loaded = (prepared: PreparedRows): LoadedRows => {
  const { rows, columns } = prepared
  let resident: PackedRows | undefined = packRows(prepared)
  const run =
    <D extends Densities, A>(
      densities: D,
      pass: (data: PackedRows, densities: D) => A,
    ): TE.TaskEither<ExecutorError, A> =>
    async () => {
      const data = resident
      if (!data) return E.left(disposed)
      return pipe(
        checkDensities(columns, densities),
        E.map(checked => pass(data, checked)),
      )
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

/** Float64 in plain JavaScript, in the calling thread: runs everywhere and is the reference for the others. */
export const javascript: Executor = {
  backend: 'javascript',
  description: 'plain JavaScript (float64)',
  load: (rows, options) => async () => pipe(prepareRows(rows, options), E.map(loaded)),
}
