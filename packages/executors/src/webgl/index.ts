import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { checkDensities } from '../densities.js'
import type {
  Densities,
  Executor,
  ExecutorError,
  LoadedRows,
  MixtureExpectation,
  QuadraticDensities,
} from '../executor.js'
import { type PreparedRows, prepareRows } from '../rows.js'
import { assignments, expectation, logProb, responsibilities } from './passes.js'
import { disposeBlocks, type ResidentRows, uploadRows } from './rows.js'
import { type Gpu, type GpuName, loadGpu } from './tfjs.js'

const load = (gpu: Gpu, prepared: PreparedRows): LoadedRows => {
  const { rows, columns } = prepared
  let resident: ResidentRows | undefined = uploadRows(gpu, prepared)
  const run = <A>(
    densities: Densities,
    pass: (data: ResidentRows, densities: QuadraticDensities) => Promise<A>,
  ): TE.TaskEither<ExecutorError, A> =>
    pipe(
      TE.fromIOEither(() => E.fromNullable(failed(gpu)('the rows have been disposed of'))(resident)),
      TE.chain(data =>
        pipe(
          TE.fromEither(checkDensities(columns, densities)),
          TE.chainEitherK(quadraticOnly(gpu)),
          TE.chain(checked => TE.tryCatch(() => pass(data, checked), failed(gpu))),
        ),
      ),
    )
  return {
    rows,
    columns,
    // Only quadratic densities get here, and theirs are the statistics.
    expectation: <D extends Densities>(densities: D) =>
      run(densities, expectation) as TE.TaskEither<ExecutorError, MixtureExpectation<D>>,
    responsibilities: densities => run(densities, responsibilities),
    assignments: densities => run(densities, assignments),
    logProb: densities => run(densities, logProb),
    dispose: () => {
      if (resident) disposeBlocks(resident.blocks)
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

const quadraticOnly =
  (gpu: Gpu) =>
  (densities: Densities): E.Either<ExecutorError, QuadraticDensities> =>
    densities._tag === 'Quadratic'
      ? E.right(densities)
      : E.left(failed(gpu)(`it has no ${densities._tag.toLowerCase()} densities; choose the backend 'wasm'`))

const executor = (gpu: Gpu): Executor => ({
  backend: gpu.name,
  description: `TensorFlow.js ${gpu.name} (float32)`,
  relativeRounding: 2 ** -23,
  load: (rows, options) =>
    pipe(
      TE.fromIOEither(() => prepareRows(rows, options)),
      TE.chain(prepared => TE.fromIOEither(() => E.tryCatch(() => load(gpu, prepared), failed(gpu)))),
    ),
})

const tensorExecutor = (name: GpuName): TE.TaskEither<ExecutorError, Executor> =>
  pipe(() => loadGpu(name), TE.map(executor))

/**
 * Float32 on a GPU by WebGL, in a browser: for data that other executors are too slow for, and never what `auto` chooses.
 * It needs the optional peers @tensorflow/tfjs-core and @tensorflow/tfjs-backend-webgl, which are loaded when this task
 * runs. `BackendUnavailable` where they are not installed, outside of a browser, and on GPUs that compute in 16 bits.
 *
 * Rows and means are rounded to float32 after the origin is subtracted, and sums are taken in float32 over groups of 256
 * to 2,048 rows, then in float64. Of clusters that overlap, statistics are off by up to 1e-6 of their scale, and
 * log-likelihoods by 3e-8; an extent of the data of 1e4 standard deviations of a cluster costs its covariance all but 3
 * digits. Squared distances from 2^61 on count as infinite. Densities have to be quadratic.
 */
export const webgl: TE.TaskEither<ExecutorError, Executor> = tensorExecutor('webgl')

/** The same by WebGPU and @tensorflow/tfjs-backend-webgpu. */
export const webgpu: TE.TaskEither<ExecutorError, Executor> = tensorExecutor('webgpu')
