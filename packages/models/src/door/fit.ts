import type * as TE from 'fp-ts/lib/TaskEither.js'
import { triedTask } from '../checks/functions.js'
import type { FitError } from '../errors.js'
import type { Fittable } from '../mixture/types.js'
import { fitModel } from '../model/fit.js'
import { withValues } from '../observations/tensors.js'
import { fitting, isTable, type Table } from '../table/is-table.js'
import { dual, type Given } from './dual.js'
import type { TypesOf } from './types.js'

/**
 * Fits a model to observations by MAP-EM: parameters at which log p(X, theta) has a (local) maximum. A variational mixture is
 * fitted by the same loop, to its bound, and one of maximum likelihood to that. Takes the model or the Either that made it,
 * first or last: `fit(model, rows, options)`, `pipe(model, fit(rows, options))`. A hidden Markov model takes sequences; what
 * rows of another model are to each other comes with the options, as its label model says. Of a mixture the data may be a `table`,
 * which does not fit into memory: the sums are those of the same rows in memory, and what is said of single rows is left out.
 *
 * Errors: the model is none, or its definition is an error; the observations are none of its; an option is unknown or out of
 * range; a start needs more distinct rows than there are; an order is asked of components whose priors differ; the backend is not
 * available; a posterior has no mode; the checkpoint is of something else; a function among the options throws.
 * Source: Murphy, Machine Learning: A Probabilistic Perspective (2012), sections 11.4.2.8 and 17.5.2.
 */
export const fit: {
  <M extends Fittable>(
    model: Given<M>,
    data: TypesOf<M>['data'],
    ...options: TypesOf<M>['fitOptions']
  ): TE.TaskEither<FitError, TypesOf<M>['fit']>
  <M extends Fittable>(
    data: NoInfer<TypesOf<M>['data']>,
    ...options: NoInfer<TypesOf<M>['fitOptions']>
  ): (model: Given<M>) => TE.TaskEither<FitError, TypesOf<M>['fit']>
  <M extends Fittable>(
    table: NoInfer<Table<TypesOf<M>['data']>>,
    options?: NoInfer<TypesOf<M>['tableOptions']>,
  ): (model: Given<M>) => TE.TaskEither<FitError, TypesOf<M>['tableFit']>
  <M extends Fittable>(
    model: Given<M>,
    table: Table<TypesOf<M>['data']>,
    options?: TypesOf<M>['tableOptions'],
  ): TE.TaskEither<FitError, TypesOf<M>['tableFit']>
  // Once more, since the compiler tells errors by the last of these. It takes what a wrong call gives from the first.
  <M extends Fittable>(
    model: Given<M>,
    data: TypesOf<M>['data'],
    ...options: TypesOf<M>['fitOptions']
  ): TE.TaskEither<FitError, TypesOf<M>['fit']>
} = dual((model: never, data: never, options: object = {}) =>
  triedTask<FitError, unknown>(() =>
    isTable(data)
      ? (data as Table<never>)[fitting](model, data, options as never)
      : withValues(data, read => fitModel(model, read, options as never)),
  ),
) as never
