import { checkOptions } from '@conjugate/em'
import { exactly } from '@conjugate/em/schema'
import { type BackendRequest, selectExecutor, type ThreadCount, withLoaded } from '@conjugate/executors'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { checkModel } from '../checks/model.js'
import type { FitError } from '../errors.js'
import type { LabelTypes } from '../labels/label-model.js'
import { forFit } from '../mixture/from-data.js'
import type { ComponentTypes } from './component-model.js'
import type { Evidence } from './evidence.js'
import type { Model, ModelParameters } from './model.js'
import { type ModelPrediction, onOpen, openOn } from './on-rows.js'
import { evidenceFields, whereFields } from './options.js'
import { checkedParameters, inside } from './start.js'

/** Options of `predict` for components under labels; what rows are to each other comes beside them. */
export interface ModelPredictOptions extends Evidence {
  readonly backend?: BackendRequest
  readonly threads?: ThreadCount
}

/**
 * Infers the labels of observations, and their log-likelihoods; the structure is that of these observations. Errors: the
 * observations cannot be loaded, or the parameters are none of the model's.
 */
export const predictModel = <C extends ComponentTypes, L extends LabelTypes>(
  model: Model<C, L>,
  parameters: ModelParameters<C, L>,
  data: C['data'],
  options: ModelPredictOptions & L['structure'],
): TE.TaskEither<FitError, ModelPrediction> =>
  pipe(
    checkModel(model),
    E.chainW(() => checkOptions(exactly({ ...whereFields, ...evidenceFields, ...model.labels.structure }))(options)),
    E.chainW(() => forFit(model.components, parameters)),
    TE.fromEither,
    TE.chainW(components => predictChecked({ ...model, components }, parameters, data, options)),
  )

/** The same with options that have been checked, about components of these weights. */
export const predictChecked = <C extends ComponentTypes, L extends LabelTypes>(
  model: Pick<Model<C, L>, 'components' | 'labels'>,
  parameters: ModelParameters<C, L>,
  data: C['data'],
  options: ModelPredictOptions & L['structure'],
  weights?: Vector,
): TE.TaskEither<FitError, ModelPrediction> =>
  pipe(
    model.components.check(parameters?.components),
    E.mapLeft(inside('parameters')),
    TE.fromEither,
    TE.bindTo('components'),
    TE.bindW('executor', () => selectExecutor(options.backend, options.threads)),
    TE.chainW(({ components, executor }) =>
      pipe(
        model.components.load(executor, data, { about: { components, ...(weights && { weights }) } }),
        withLoaded(loaded =>
          pipe(
            openOn(model, loaded, options),
            TE.bindTo('open'),
            TE.bindW('checked', ({ open }) =>
              TE.fromEither(pipe(checkedParameters(model, open, parameters), E.mapLeft(inside('parameters')))),
            ),
            TE.chainW(({ open, checked }) => onOpen(open).predict(checked)),
          ),
        ),
      ),
    ),
  )
