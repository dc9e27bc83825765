import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Executor, ExecutorError } from '../contract/executor.js'
import { onDemand } from '../contract/on-demand.js'

/**
 * Float64 in TensorFlow, by the native addon of the optional peer @tensorflow/tfjs-node (Node only), which is loaded
 * when this task runs. `BackendUnavailable` where the package or its addon is not installed.
 */
export const tensorflow: TE.TaskEither<ExecutorError, Executor> = onDemand(
  'tensorflow',
  () => import('./executor.js'),
  ({ tensorflowExecutor }) => tensorflowExecutor,
)
