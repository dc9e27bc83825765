// What is loaded when it is asked for.
import type { Matrix } from '@conjugate/linalg'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Chains } from '../contract/chains.js'
import type { ClusterableRows, ClusterOptions } from '../contract/clusters.js'
import type { BackendName, ExecutorError } from '../contract/executor.js'
import { chainsInJavaScript } from '../javascript/chains.js'
import { clustersInJavaScript } from '../javascript/clusters.js'
import { chainsOnKernel } from '../wasm/labels/chains.js'
import { clustersOnKernel } from '../wasm/labels/clusters.js'

/** In plain JavaScript, or on the kernel; without a backend on the kernel where there is one. */
const beside = <A>(
  backend: BackendName | undefined,
  kernel: TE.TaskEither<ExecutorError, A>,
  javascript: () => A,
): TE.TaskEither<ExecutorError, A> => {
  if (backend === 'javascript') return TE.fromIO(javascript)
  if (backend !== undefined) return kernel
  return pipe(
    kernel,
    TE.orElse(error => (error._tag === 'BackendUnavailable' ? TE.fromIO(javascript) : TE.left(error))),
  )
}

/** Chains beside an executor that has none. */
export const chainsBeside = (
  backend: BackendName | undefined,
  states: number,
  lengths: ArrayLike<number>,
): TE.TaskEither<ExecutorError, Chains> =>
  beside(backend, chainsOnKernel(states, lengths), () => chainsInJavaScript(states, lengths))

/** Rows that can be clustered beside an executor. */
export const clustersBeside = (
  backend: BackendName | undefined,
  rows: Matrix,
  options: ClusterOptions,
): TE.TaskEither<ExecutorError, ClusterableRows> =>
  beside(backend, clustersOnKernel(rows, options), () => clustersInJavaScript(rows, options))
