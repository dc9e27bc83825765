import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Executor, ExecutorError, LoadedRows, QuadraticDensities } from '../executor.js'
import { checkDensities, type PreparedRows, prepareRows } from '../rows.js'
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
    <A>(pass: (data: PackedRows, densities: QuadraticDensities) => A) =>
    (densities: QuadraticDensities) =>
    async (): Promise<E.Either<ExecutorError, A>> => {
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
    expectation: run(expectation),
    responsibilities: run(responsibilities),
    assignments: run(assignments),
    logProb: run(logProb),
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
