import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Executor, ExecutorError, FactorDensities, LoadedRows, LoadOptions } from '../executor.js'
import { failureOf, residentRows } from '../resident-rows.js'
import { type PreparedRows, prepareRows } from '../rows.js'
import { SPACING } from './constants.js'
import { kinds } from './kinds.js'
import * as passes from './passes.js'
import { uploadRows } from './rows.js'
import { type Gpu, type GpuName, loadGpu } from './tfjs.js'

const load = (gpu: Gpu, prepared: PreparedRows, kind: FactorDensities['_tag']): LoadedRows =>
  residentRows({
    ...prepared,
    data: uploadRows(gpu, prepared, kinds[kind].mixes),
    passes,
    failed: failureOf(gpu.name),
    release: ({ tensors }) => {
      for (const tensor of tensors) tensor.dispose()
    },
  })

/** Errors: products, which no GPU computes yet. */
const kindOf = (
  backend: GpuName,
  { kind = 'Quadratic', factors }: LoadOptions = {},
): E.Either<ExecutorError, FactorDensities['_tag']> =>
  kind === 'Product' || factors !== undefined
    ? E.left({
        _tag: 'BackendUnavailable',
        backend,
        reason: 'it computes no products of densities, as tables with normal columns have',
        hint: "choose the backend 'wasm'",
      })
    : E.right(kind)

const executor = (gpu: Gpu): Executor => ({
  backend: gpu.name,
  description: `TensorFlow.js ${gpu.name} (float32)`,
  relativeRounding: SPACING,
  load: (rows, options) =>
    pipe(
      TE.fromEither(kindOf(gpu.name, options)),
      TE.bindTo('kind'),
      TE.bind('prepared', () => TE.fromIOEither(() => prepareRows(rows, options))),
      TE.chain(({ kind, prepared }) =>
        TE.fromIOEither(() => E.tryCatch(() => load(gpu, prepared, kind), failureOf(gpu.name))),
      ),
    ),
})

/** The executor of a backend, where there is one. */
export const gpuExecutor = (name: GpuName): TE.TaskEither<ExecutorError, Executor> =>
  pipe(() => loadGpu(name), TE.map(executor))
