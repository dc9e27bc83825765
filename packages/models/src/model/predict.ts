import { checkOptions } from '@conjugate/em'
import { exactly } from '@conjugate/em/schema'
import { type BackendRequest, selectExecutor, type ThreadCount, withLoaded } from '@conjugate/executors'
import type { Matrix } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { checkModel } from '../checks/model.js'
import type { FitError } from '../errors.js'
import type { LabelTypes } from '../labels/label-model.js'
import type { ComponentTypes } from './component-model.js'
import { logDensitiesOf } from './em-model.js'
import type { Evidence } from './evidence.js'
import { openOn } from './fit.js'
import type { Model, ModelParameters } from './model.js'
import { evidenceFields, whereFields } from './options.js'

/** Options of `predict` for components under labels; what rows are to each other comes beside them. */
export interface ModelPredictOptions extends Evidence {
  readonly backend?: BackendRequest
  readonly threads?: ThreadCount
}

/** What a fitted model says of observations, which need not be those it was fitted to. */
export interface ModelPrediction {
  /** The most probable labels of each unit as a whole, N numbers; all are -1 in a unit that is impossible. */
  readonly assignments: Int32Array
  /** The probabilities of the labels of each row by itself, N x K; all are 0 in a unit that is impossible. */
  readonly responsibilities: Matrix
  /** log p(x | theta) of each unit (row, sequence or image), in nats. */
  readonly logLikelihoods: Float64Array
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
    E.chainW(() => model.components.check(parameters?.components)),
    TE.fromEither,
    TE.bindTo('components'),
    TE.bindW('executor', () => selectExecutor(options.backend, options.threads)),
    TE.chainW(({ components, executor }) =>
      pipe(
        model.components.load(executor, data, components),
        withLoaded(loaded =>
          pipe(
            TE.fromEither(openOn(model, loaded, options)),
            TE.bindTo('open'),
            TE.bindW('labels', ({ open }) => TE.fromEither(open.bound.check(parameters))),
            TE.chainW(({ open, labels }) =>
              pipe(
                logDensitiesOf(open, { ...labels, components } as ModelParameters<C, L>),
                TE.map(logs => {
                  const potentials = open.bound.potentials(labels)
                  const { responsibilities, logLikelihoods } = open.bound.infer(potentials, logs)
                  return {
                    assignments: open.bound.decode(potentials, logs),
                    responsibilities: { rows: loaded.rows, columns: open.states, data: responsibilities },
                    logLikelihoods,
                  }
                }),
              ),
            ),
          ),
        ),
      ),
    ),
  )
