import type * as TE from 'fp-ts/lib/TaskEither.js'
import { triedTask } from '../checks/functions.js'
import type { FitError } from '../errors.js'
import type { Fittable } from '../mixture/types.js'
import { onlineModel } from '../model/online/model.js'
import { dual, type Given } from './dual.js'
import type { TypesOf } from './types.js'

type Batches<M> = AsyncIterable<TypesOf<M>['batch']> | Iterable<TypesOf<M>['batch']>

/**
 * Stochastic EM over a stream of batches, of which one is in memory at a time: the statistics of each batch, at the
 * parameters of the moment, are mixed into running ones, and an M-step follows. One batch with everything is one iteration
 * of EM. It goes once through what it is given; a stream that repeats gives more passes. A batch holds whole units: rows of a
 * mixture, sequences of a hidden Markov model; of another model it is `{ data }` with what its rows are to each other beside.
 * A start by clusters or different rows takes the first batches together, until they have ten observations for each component
 * and as many different ones as there are components; they count as one batch.
 * Errors: those of `fit`; the stream throws or has no batches; the exponent is one for which it need not converge; the components
 * have no conjugate priors.
 * Source: Cappe and Moulines, On-line expectation-maximization algorithm for latent data models (2009).
 */
export const onlineFit: {
  <M extends Fittable>(
    model: Given<M> & TypesOf<M>['streamed'],
    batches: Batches<M>,
    options?: TypesOf<M>['onlineOptions'],
  ): TE.TaskEither<FitError, TypesOf<M>['onlineFit']>
  <M extends Fittable>(
    batches: NoInfer<Batches<M>>,
    options?: NoInfer<TypesOf<M>['onlineOptions']>,
  ): (model: Given<M> & TypesOf<M>['streamed']) => TE.TaskEither<FitError, TypesOf<M>['onlineFit']>
} = dual((model: never, batches: never, options: object = {}) =>
  triedTask(() => onlineModel(model, batches, options as never)),
) as never
