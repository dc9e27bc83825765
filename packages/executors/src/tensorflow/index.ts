import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { checkDensities } from '../densities.js'
import type { Densities, Executor, ExecutorError, LoadedRows } from '../executor.js'
import { type PreparedRows, prepareRows } from '../rows.js'
import { type Binding, loadBinding } from './binding.js'
import { deleteBlocks, uploadBlocks } from './blocks.js'
import { assignments, expectation, logProb, type ResidentRows, responsibilities } from './passes.js'

const failed = (reason: string): ExecutorError => ({ _tag: 'ExecutionFailed', backend: 'tensorflow', reason })

const attempt = <A>(run: () => A): E.Either<ExecutorError, A> =>
  E.tryCatch(run, error => failed(error instanceof Error ? error.message : String(error)))

const load = (binding: Binding, prepared: PreparedRows): LoadedRows => {
  const { rows, columns } = prepared
  let resident: ResidentRows | undefined = { binding, rows, blocks: uploadBlocks(binding, prepared) }
  const run =
    <D extends Densities, A>(
      densities: D,
      pass: (data: ResidentRows, densities: D) => A,
    ): TE.TaskEither<ExecutorError, A> =>
    async () => {
      const data = resident
      if (!data) return E.left(failed('the rows have been disposed of'))
      return pipe(
        checkDensities(columns, densities),
        E.chain(checked => attempt(() => pass(data, checked))),
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
      if (resident) deleteBlocks(binding, resident.blocks)
      resident = undefined
    },
  }
}

const executor = (binding: Binding): Executor => ({
  backend: 'tensorflow',
  description: `TensorFlow ${binding.TF_Version} (float64)`,
  load: (rows, options) => async () =>
    pipe(
      prepareRows(rows, options),
      E.chain(prepared => attempt(() => load(binding, prepared))),
    ),
})

/**
 * Float64 in TensorFlow, by the native addon of the optional peer @tensorflow/tfjs-node (Node only), which is loaded
 * when this task runs. `BackendUnavailable` where the package or its addon is not installed.
 */
export const tensorflow: TE.TaskEither<ExecutorError, Executor> = pipe(loadBinding, TE.map(executor))
