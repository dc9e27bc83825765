import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Executor, ExecutorError, LoadedRows, LoadOptions } from '../contract/executor.js'
import { failureOf, residentRows } from '../contract/resident-rows.js'
import { type PreparedRows, prepareRows } from '../contract/rows.js'
import { SPACING } from './constants.js'
import { uploadFactors } from './factors.js'
import { kinds } from './kinds.js'
import * as passes from './passes.js'
import { type ResidentRows, uploadRows } from './rows.js'
import { type Gpu, type GpuName, loadGpu } from './tfjs.js'

const upload = (gpu: Gpu, prepared: PreparedRows, { kind = 'Quadratic' }: LoadOptions): ResidentRows =>
  prepared.factors
    ? uploadFactors(gpu, prepared, prepared.factors, ({ _tag }) => kinds[_tag].mixes)
    : uploadRows(gpu, prepared, kind !== 'Product' && kinds[kind].mixes)

const load = (gpu: Gpu, prepared: PreparedRows, options: LoadOptions = {}): LoadedRows =>
  residentRows({
    ...prepared,
    data: upload(gpu, prepared, options),
    passes,
    failed: failureOf(gpu.name),
    release: ({ tensors }) => {
      for (const tensor of tensors) tensor.dispose()
    },
  })

const executor = (gpu: Gpu): Executor => ({
  backend: gpu.name,
  description: `TensorFlow.js ${gpu.name} (float32)`,
  relativeRounding: SPACING,
  load: (rows, options) =>
    pipe(
      TE.fromIOEither(() => prepareRows(rows, options)),
      TE.chain(prepared => TE.fromIOEither(() => E.tryCatch(() => load(gpu, prepared, options), failureOf(gpu.name)))),
    ),
})

/** The executor of a backend, where there is one. */
export const gpuExecutor = (name: GpuName): TE.TaskEither<ExecutorError, Executor> =>
  pipe(() => loadGpu(name), TE.map(executor))
