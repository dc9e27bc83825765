import { checkArgument, checkOptions } from '@conjugate/em'
import { anything, exactly, object } from '@conjugate/em/schema'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { checkModel } from '../checks/model.js'
import type { FitError } from '../errors.js'
import type { LabelTypes } from '../labels/label-model.js'
import type { ReadBatch } from './batches.js'
import type { ComponentTypes } from './component-model.js'
import type { Model, ModelParameters } from './model.js'
import { checkBatches, type OnlineEnd, type OnlineOptions, onlineChecked, onlineFields } from './online.js'

/** The observations of a batch, and what its rows are to each other, as the label model says. */
export type ModelBatch<C extends ComponentTypes, L extends LabelTypes> = { readonly data: C['data'] } & L['structure']

/** The result of a fit of a model over a stream: the parameters after its last batch. */
export type ModelOnlineFit<C extends ComponentTypes, L extends LabelTypes> = ModelParameters<C, L> &
  Omit<OnlineEnd<unknown>, 'parameters'>

/** Checks a model that a stream is to be learnt by. Errors: its components have no conjugate priors. */
export const checkStreamed = <C extends ComponentTypes, L extends LabelTypes>(
  given: Model<C, L>,
  batches: unknown,
): E.Either<FitError, Model<C, L>> =>
  pipe(
    checkModel(given),
    E.chainFirstW(() => checkBatches(batches)),
    E.chain(
      (model): E.Either<FitError, Model<C, L>> =>
        model.components.algebra
          ? E.right(model)
          : E.left({
              _tag: 'InvalidOption',
              option: 'model',
              expected: 'components with conjugate priors',
              received: 'one without',
            }),
    ),
  )

/** Fits components under labels over a stream of batches. Errors: see `onlineFit`. */
export const onlineModel = <C extends ComponentTypes, L extends LabelTypes>(
  given: Model<C, L>,
  batches: AsyncIterable<ModelBatch<C, L>> | Iterable<ModelBatch<C, L>>,
  options: OnlineOptions<ModelParameters<C, L>>,
): TE.TaskEither<FitError, ModelOnlineFit<C, L>> =>
  pipe(
    checkStreamed(given, batches),
    E.chainFirstW(() => checkOptions(exactly(onlineFields))(options)),
    TE.fromEither,
    TE.chain(model => () => {
      const isBatch = exactly({ ...model.labels.structure, data: anything }, 'a batch { data }, with what its rows are')
      const read = (batch: unknown): E.Either<FitError, ReadBatch> =>
        pipe(
          checkArgument('batch', object({}))(batch),
          E.chain(checkArgument('batch', isBatch)),
          E.map(all => {
            const { data, ...structure } = all as { readonly data: unknown }
            return { data, structure }
          }),
        )
      return onlineChecked(model, batches, options, read, p => p, options.start)
    }),
    TE.map(({ parameters, ...end }) => ({ ...parameters, ...end })),
  )
