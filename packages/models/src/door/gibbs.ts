import * as E from 'fp-ts/lib/Either.js'
import { triedEach } from '../checks/functions.js'
import type { FitError } from '../errors.js'
import type { Fittable } from '../mixture/types.js'
import { modelDraws } from '../model/gibbs.js'
import { hasTensors, withoutTensors } from '../observations/tensors.js'
import { dual, type Given } from './dual.js'
import type { TypesOf } from './types.js'

async function* drawsOfTensors(
  model: never,
  data: unknown,
  options: object,
): AsyncGenerator<E.Either<FitError, unknown>> {
  const read = await withoutTensors(data)
  if (E.isLeft(read)) yield read
  else yield* modelDraws(model, read.right as never, options as never)
}

/**
 * Draws from the posterior p(theta, phi, Z | X) by turns: the labels of all observations given the parameters, then components
 * and what is learnt of labels given those. Neighbouring draws depend on each other. Components may swap their numbers; what
 * does not depend on the numbers, such as predictive densities, can be averaged as it is. N x K numbers are in memory.
 *
 * Errors, as the last element: those of `fit`; the components have no conjugate priors, or the labels cannot be drawn.
 * Source: Diebolt and Robert, Estimation of finite mixture distributions through Bayesian sampling (1994); of chains, Scott,
 * Bayesian methods for hidden Markov models (2002).
 */
export const gibbs: {
  <M extends Fittable>(
    model: Given<M> & TypesOf<M>['drawn'],
    data: TypesOf<M>['data'],
    ...options: TypesOf<M>['gibbsOptions']
  ): AsyncGenerator<E.Either<FitError, TypesOf<M>['draw']>, void>
  <M extends Fittable>(
    data: NoInfer<TypesOf<M>['data']>,
    ...options: NoInfer<TypesOf<M>['gibbsOptions']>
  ): (model: Given<M> & TypesOf<M>['drawn']) => AsyncGenerator<E.Either<FitError, TypesOf<M>['draw']>, void>
} = dual((model: never, data: never, options: object = {}) =>
  triedEach(hasTensors(data) ? drawsOfTensors(model, data, options) : modelDraws(model, data, options as never)),
) as never
