import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Executor, ExecutorError, LoadedRows } from '../contract/executor.js'
import { failureOf, residentRows } from '../contract/resident-rows.js'
import { type PreparedRows, prepareRows } from '../contract/rows.js'
import { type Binding, loadBinding } from './binding.js'
import { deleteBlocks, uploadBlocks } from './blocks.js'
import * as passes from './passes.js'

const failed = failureOf('tensorflow')

const load = (binding: Binding, prepared: PreparedRows): LoadedRows =>
  residentRows({
    ...prepared,
    data: { binding, rows: prepared.rows, blocks: uploadBlocks(binding, prepared) },
    passes,
    failed,
    release: ({ blocks }) => deleteBlocks(binding, blocks),
  })

const executor = (binding: Binding): Executor => ({
  backend: 'tensorflow',
  description: `TensorFlow ${binding.TF_Version} (float64)`,
  load: (rows, options) => async () =>
    pipe(
      prepareRows(rows, options),
      E.chain(prepared => E.tryCatch(() => load(binding, prepared), failed)),
    ),
})

/** The executor, where the addon is there. */
export const tensorflowExecutor: TE.TaskEither<ExecutorError, Executor> = pipe(loadBinding, TE.map(executor))
