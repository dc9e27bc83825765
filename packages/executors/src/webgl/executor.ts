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

/** The executor of a backend, where there is one. */
export const gpuExecutor = (name: GpuName): TE.TaskEither<ExecutorError, Executor> =>
  pipe(() => loadGpu(name), TE.map(executor))
