import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Executor, ExecutorError } from '../contract/executor.js'
import { onDemand } from '../contract/on-demand.js'
import type { GpuName } from './tfjs.js'

const tensorExecutor = (name: GpuName): TE.TaskEither<ExecutorError, Executor> =>
  onDemand(
    name,
    () => import('./executor.js'),
    ({ gpuExecutor }) => gpuExecutor(name),
  )

/**
 * Float32 on a GPU by WebGL, in a browser: for data that other executors are too slow for, and never what `auto` chooses.
 * It needs the optional peers @tensorflow/tfjs-core and @tensorflow/tfjs-backend-webgl, which are loaded when this task
 * runs. `BackendUnavailable` where they are not installed, outside of a browser, and on GPUs that compute in 16 bits.
 *
 * Rows and parameters are rounded to float32 after the origin is subtracted, columns far from 0 are centred, and rows whose
 * columns are almost a combination of others are kept in coordinates that are not, for quadratic densities. Sums are taken
 * in float32 over groups of 256 to 2,048 rows, then in float64. Of clusters that overlap, statistics are off by up to 1e-6
 * of their scale, and log-likelihoods by 1e-7; an extent of the data of 1e4 standard deviations of a cluster costs its
 * covariance all but 3 digits. Logarithms of linear densities are off by 1e-7 of the largest term of their inner product,
 * but for what all components have in common. Squared distances from 2^61 on count as infinite.
 */
export const webgl: TE.TaskEither<ExecutorError, Executor> = tensorExecutor('webgl')

/** The same by WebGPU and @tensorflow/tfjs-backend-webgpu. */
export const webgpu: TE.TaskEither<ExecutorError, Executor> = tensorExecutor('webgpu')
