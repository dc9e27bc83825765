import type * as TE from 'fp-ts/lib/TaskEither.js'
import { triedTask } from '../checks/functions.js'
import type { FitError } from '../errors.js'
import type { Fittable } from '../mixture/types.js'
import { predictModel } from '../model/predict.js'
import { withValues } from '../observations/tensors.js'
import { dual, type Given } from './dual.js'
import type { TypesOf } from './types.js'

/**
 * What a fitted model says of observations, which need not be those it was fitted to: components, responsibilities and log
 * densities, or states of sequences. What is said of one row, sequence or image depends on the parameters alone, not on the
 * others. `predict(model, fitted, rows)`, or `pipe(model, predict(fitted, rows))`.
 * Errors: the parameters are none of the model's, for example those of another number of components; the observations cannot be
 * loaded.
 */
export const predict: {
  <M extends Fittable>(
    model: Given<M>,
    fitted: TypesOf<M>['parameters'],
    data: TypesOf<M>['data'],
    ...options: TypesOf<M>['predictOptions']
  ): TE.TaskEither<FitError, TypesOf<M>['prediction']>
  <M extends Fittable>(
    fitted: NoInfer<TypesOf<M>['parameters']>,
    data: NoInfer<TypesOf<M>['data']>,
    ...options: NoInfer<TypesOf<M>['predictOptions']>
  ): (model: Given<M>) => TE.TaskEither<FitError, TypesOf<M>['prediction']>
} = dual((model: never, fitted: never, data: never, options: object = {}) =>
  triedTask(() => withValues(data, read => predictModel(model, fitted, read, options as never))),
) as never
