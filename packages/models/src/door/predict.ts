import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { triedTask } from '../checks/functions.js'
import { checkFittable } from '../checks/model.js'
import type { FitError } from '../errors.js'
import { predictHiddenMarkovModel } from '../hidden-markov-model/fit.js'
import { predictMixture } from '../mixture/predict.js'
import type { Fittable } from '../mixture/types.js'
import { predictModel } from '../model/predict.js'
import { dual, type Given, type Kind, kind } from './dual.js'
import type { TypesOf } from './types.js'

const byKind: Record<
  Kind,
  (model: never, fitted: never, data: never, options: never) => TE.TaskEither<FitError, unknown>
> = { mixture: predictMixture, model: predictModel, 'hidden Markov model': predictHiddenMarkovModel }

/**
 * What a fitted model says of observations, which need not be those it was fitted to: components, responsibilities and log
 * densities, or states of sequences. What is said of one row, sequence or image depends on the parameters alone, not on the
 * others. `predict(model, fitted, rows)`, or `pipe(model, predict(fitted, rows))`.
 * Errors: the parameters are none of the model's, for example those of another number of components; the observations cannot be
 * loaded.
 */
export const predict: {
  <M extends Fittable>(
    fitted: NoInfer<TypesOf<M>['parameters']>,
    data: NoInfer<TypesOf<M>['data']>,
    ...options: NoInfer<TypesOf<M>['predictOptions']>
  ): (model: Given<M>) => TE.TaskEither<FitError, TypesOf<M>['prediction']>
  <M extends Fittable>(
    model: Given<M>,
    fitted: TypesOf<M>['parameters'],
    data: TypesOf<M>['data'],
    ...options: TypesOf<M>['predictOptions']
  ): TE.TaskEither<FitError, TypesOf<M>['prediction']>
} = dual((given: Given<Fittable>, fitted: never, data: never, options: object = {}) =>
  pipe(
    checkFittable(given),
    E.map(model => triedTask(() => byKind[model[kind]](model as never, fitted, data, options as never))),
    E.getOrElse((e): TE.TaskEither<FitError, unknown> => TE.left(e)),
  ),
) as never
