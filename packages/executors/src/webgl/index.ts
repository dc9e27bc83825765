import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { checkDensities } from '../densities.js'
import type { Densities, DensitiesTag, Executor, ExecutorError, LoadedRows } from '../executor.js'
import { type PreparedRows, prepareRows } from '../rows.js'
import { SPACING } from './constants.js'
import { kinds } from './kinds.js'
import { assignments, expectation, logProb, responsibilities } from './passes.js'
import { type ResidentRows, uploadRows } from './rows.js'
import { type Gpu, type GpuName, loadGpu } from './tfjs.js'

const load = (gpu: Gpu, prepared: PreparedRows, kind: DensitiesTag): LoadedRows => {
  const { rows, columns } = prepared
  let resident: ResidentRows | undefined = uploadRows(gpu, prepared, kinds[kind].mixes)
  const run = <D extends Densities, A>(
    densities: D,
    pass: (data: ResidentRows, densities: D) => Promise<A>,
  ): TE.TaskEither<ExecutorError, A> =>
    pipe(
      TE.fromIOEither(() => E.fromNullable(failed(gpu)('the rows have been disposed of'))(resident)),
      TE.chain(data =>
        pipe(
          TE.fromEither(checkDensities(columns, densities)),
          TE.chain(checked => TE.tryCatch(() => pass(data, checked), failed(gpu))),
        ),
      ),
    )
  return {
    rows,
    columns,
    expectation: densities => run(densities, expectation),
    responsibilities: densities => run(densities, responsibilities),
    assignments: densities => run(densities, assignments),
    logProb: densities => run(densities, logProb),
    dispose: () => {
      for (const tensor of resident?.tensors ?? []) tensor.dispose()
      resident = undefined
    },
  }
}

const failed =
  ({ name }: Gpu) =>
  (reason: unknown): ExecutorError => ({
    _tag: 'ExecutionFailed',
    backend: name,
    reason: reason instanceof Error ? reason.message : String(reason),
  })

const executor = (gpu: Gpu): Executor => ({
  backend: gpu.name,
  description: `TensorFlow.js ${gpu.name} (float32)`,
  relativeRounding: SPACING,
  load: (rows, options) =>
    pipe(
      TE.fromIOEither(() => prepareRows(rows, options)),
      TE.chain(prepared =>
        TE.fromIOEither(() => E.tryCatch(() => load(gpu, prepared, options?.kind ?? 'Quadratic'), failed(gpu))),
      ),
    ),
})

const tensorExecutor = (name: GpuName): TE.TaskEither<ExecutorError, Executor> =>
  pipe(() => loadGpu(name), TE.map(executor))

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
