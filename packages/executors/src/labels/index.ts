import type { Matrix } from '@conjugate/linalg'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { ClusterableRows, ClusterOptions } from '../contract/clusters.js'
import type { ChainsOf, Executor, ExecutorError } from '../contract/executor.js'
import { onDemand } from '../contract/on-demand.js'

const load = (): Promise<typeof import('./places.js')> => import('./places.js')

/**
 * Chains of hidden states where an executor computes: its own, those of plain JavaScript, or those of the WebAssembly kernel
 * beside any other executor. Without an executor it is the kernel, or plain JavaScript where an engine has no SIMD. Errors: no
 * memory.
 */
export const chainsOn =
  (executor?: Pick<Executor, 'backend' | 'chains'>): ChainsOf =>
  (states, lengths) =>
    executor?.chains?.(states, lengths) ??
    onDemand('wasm', load, places => places.chainsBeside(executor?.backend, states, lengths))

/** Rows that can be clustered, in the same places as chains. Errors: no memory. */
export const clustersOn =
  (executor?: Pick<Executor, 'backend'>) =>
  (rows: Matrix, options: ClusterOptions): TaskEither<ExecutorError, ClusterableRows> =>
    onDemand('wasm', load, places => places.clustersBeside(executor?.backend, rows, options))
