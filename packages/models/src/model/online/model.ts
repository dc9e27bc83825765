import { checkArgument, checkOptions } from '@conjugate/em'
import { anything, exactly, object } from '@conjugate/em/schema'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { CONJUGATE, checkModel, without } from '../../checks/model.js'
import { type Given, kind } from '../../door/dual.js'
import type { FitError } from '../../errors.js'
import type { LabelTypes } from '../../labels/label-model.js'
import { hasTensors, withoutTensors } from '../../observations/tensors.js'
import type { ReadBatch } from '../batches.js'
import type { ComponentTypes } from '../component-model.js'
import { inRows, type Spoken, startField, startIn } from '../dialect.js'
import type { Model, ModelParameters } from '../model.js'
import { checkBatches, type OnlineOptions, onlineFields } from './options.js'
import type { OnlineEnd } from './results.js'
import { onlineChecked } from './stream.js'

/** The observations of a batch, and what its rows are to each other, as the label model says. */
export type ModelBatch<C extends ComponentTypes, L extends LabelTypes> = { readonly data: C['data'] } & L['structure']

/** The result of a fit of a model over a stream: the parameters after its last batch. */
export type ModelOnlineFit<C extends ComponentTypes, L extends LabelTypes> = ModelParameters<C, L> &
  Omit<OnlineEnd<unknown>, 'parameters'>

/** How a batch is read: its observations, and what they are to each other. */
const readerOf = ({ dialect, labels }: Spoken, isMixture: boolean) => {
  if (dialect) return dialect.read
  if (isMixture) return (data: unknown): E.Either<FitError, ReadBatch> => E.right({ data, structure: {} })
  const isBatch = exactly({ ...labels.structure, data: anything }, 'a batch { data }, with what its rows are')
  return (batch: unknown): E.Either<FitError, ReadBatch> =>
    pipe(
      checkArgument('batch', object({}))(batch),
      E.chain(checkArgument('batch', isBatch)),
      E.map(all => {
        const { data, ...structure } = all as { readonly data: unknown }
        return { data, structure }
      }),
    )
}

/** Batches whose tensors have been read; what is wrong with one is told by `failed`, in its place. */
async function* valuesOf(batches: unknown, failed: (error: FitError) => void): AsyncGenerator<never> {
  for await (const batch of batches as AsyncIterable<unknown>) {
    const read = hasTensors(batch) ? await withoutTensors(batch) : E.right(batch)
    if (E.isLeft(read)) failed(read.left)
    yield (E.isLeft(read) ? undefined : read.right) as never
  }
}

/** Fits a model over a stream of batches. Errors: see `onlineFit`. */
export const onlineModel = <C extends ComponentTypes, L extends LabelTypes>(
  given: Given<Model<C, L>>,
  batches: AsyncIterable<ModelBatch<C, L>> | Iterable<ModelBatch<C, L>>,
  options: OnlineOptions<ModelParameters<C, L>>,
): TE.TaskEither<FitError, ModelOnlineFit<C, L>> =>
  pipe(
    checkModel(given),
    E.chainFirstW(() => checkBatches(batches)),
    E.chainFirst(model => (model.components.algebra ? E.right(model) : without(CONJUGATE))),
    E.chainFirstW(model => checkOptions(exactly({ ...onlineFields, start: startField(model) }))(options)),
    TE.fromEither,
    TE.chain(model => () => {
      const { dialect } = model
      const readBatch = readerOf(model, model[kind] === 'mixture')
      let names: ReadonlyArray<string> | undefined
      let failure: FitError | undefined
      /** Batches of columns have the names of the first one. */
      const read = (batch: unknown): E.Either<FitError, ReadBatch> =>
        pipe(
          failure ? E.left(failure) : (readBatch(batch) as E.Either<FitError, ReadBatch>),
          E.chain(found =>
            pipe(
              inRows(model.components, found.data, names && { columns: names }, dialect !== undefined),
              E.map(rows => {
                names ??= rows.names
                return { ...found, data: rows.data }
              }),
            ),
          ),
        )
      const start = startIn(dialect, options.start) as typeof options.start
      const shown = dialect ? (p: ModelParameters<C, L>) => dialect.fromModel(p) as typeof p : undefined
      return pipe(
        () =>
          onlineChecked(
            model,
            valuesOf(batches, e => {
              failure = e
            }),
            options,
            read,
            shown ?? (p => p),
            start,
          ),
        TE.bimap(dialect ? dialect.told({}) : e => e, ({ parameters, ...end }) => ({
          ...(shown ? shown(parameters) : parameters),
          ...end,
          ...(names && { columns: names }),
        })),
      )()
    }),
  )
