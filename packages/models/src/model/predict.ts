import { checkOptions } from '@conjugate/em'
import { exactly } from '@conjugate/em/schema'
import {
  type BackendRequest,
  groupedWhereKnown,
  selectExecutor,
  type ThreadCount,
  withLoaded,
} from '@conjugate/executors'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { checkModel } from '../checks/model.js'
import type { Given } from '../door/dual.js'
import type { FitError } from '../errors.js'
import type { LabelTypes } from '../labels/label-model.js'
import { forFit } from '../mixture/from-data.js'
import type { ComponentTypes } from './component-model.js'
import { heard, parametersIn, structureFields } from './dialect.js'
import type { Evidence } from './evidence.js'
import type { Halves, Model, ModelParameters } from './model.js'
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
  given: Given<Model<C, L>>,
  parameters: ModelParameters<C, L>,
  data: C['data'],
  options: ModelPredictOptions & L['structure'],
): TE.TaskEither<FitError, ModelPrediction> =>
  pipe(
    checkModel(given),
    E.chainFirstW(model =>
      checkOptions(exactly({ ...whereFields, ...evidenceFields, ...structureFields(model) }))(options),
    ),
    E.bindTo('model'),
    E.bindW('fitted', ({ model }) => parametersIn<ModelParameters<C, L>>(model.dialect, parameters)),
    E.bindW('components', ({ model, fitted }) =>
      forFit(model.components, { ...fitted, prior: (parameters as { readonly prior?: unknown } | null)?.prior }),
    ),
    E.bindW('heard', ({ model }) =>
      heard<C, typeof options>(model, data, options, (parameters ?? {}) as Readonly<Record<string, unknown>>),
    ),
    TE.fromEither,
    TE.chainW(({ model: { labels }, components, fitted, heard: { data: rows, options: all, shown, told } }) =>
      pipe(predictRows({ components, labels }, fitted, rows, all), TE.bimap(told, shown)),
    ),
  )

/** What components are about: of labels that are shared each counts as much as its weight. */
export const weightsOf = <C extends ComponentTypes, L extends LabelTypes>(
  { labels, components: { check } }: Halves<C, L>,
  parameters: ModelParameters<C, L>,
): E.Either<FitError, { readonly components: ReadonlyArray<C['component']>; readonly weights?: Vector }> =>
  pipe(
    check(parameters?.components),
    E.bindTo('components'),
    E.chain(({ components }) =>
      labels.isShared && labels.estimate
        ? pipe(
            labels.estimate.check(parameters),
            E.map(learnt => ({
              components,
              weights: Float64Array.from(labels.estimate!.groupWeights!.logWeights(learnt), Math.exp).subarray(
                0,
                components.length,
              ),
            })),
          )
        : E.right({ components }),
    ),
    E.mapLeft(inside('parameters')),
  )

const predictRows = <C extends ComponentTypes, L extends LabelTypes>(
  model: Halves<C, L>,
  parameters: ModelParameters<C, L>,
  data: C['data'],
  options: ModelPredictOptions & L['structure'],
): TE.TaskEither<FitError, ModelPrediction> =>
  pipe(
    weightsOf(model, parameters),
    TE.fromEither,
    TE.bindTo('about'),
    TE.bindW('executor', () => selectExecutor(options.backend, options.threads)),
    TE.chainW(({ about, executor }) =>
      pipe(
        model.components.load(groupedWhereKnown(executor), data, { about }),
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
