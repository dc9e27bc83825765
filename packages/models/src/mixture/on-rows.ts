import { checkOptions, type Iteration } from '@conjugate/em'
import { anything, exactly, optional } from '@conjugate/em/schema'
import type { Executor } from '@conjugate/executors'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { triedEach, triedTask } from '../checks/functions.js'
import { checkMixture } from '../checks/model.js'
import * as option from '../checks/options.js'
import { fixedOf } from '../checks/start.js'
import { dual, type Given } from '../door/dual.js'
import type { FitError } from '../errors.js'
import { type ModelOnRows, onOpen, openOn } from '../model/on-rows.js'
import { readRowWeights } from '../observations.js'
import { halvesOf, type OfMixture } from './fit.js'
import { forRows } from './from-data.js'
import type { MixtureParameters, MixtureStatistics } from './mixture.js'
import type { AMixture, AnyMixture, ComponentOf, SourceOf, StatisticsOf, WeightsOf } from './types.js'
import type { WeightLabels } from './weight-labels.js'

/** One point of the path of a mixture. Its `position` is about the centre of the rows, where the computation runs. */
export type MixtureIteration<P, S, W = Vector> = Iteration<MixtureParameters<P, W>, MixtureStatistics<S>>

/** A mixture and observations that are resident on an executor. */
export type MixtureOnRows<P, S, W = Vector> = ModelOnRows<OfMixture<P, S>, WeightLabels<W>>

/** The same, where options that are none and functions that throw are errors. */
const checking = <P, S, W>(mixture: AnyMixture, bound: MixtureOnRows<P, S, W>): MixtureOnRows<P, S, W> => {
  const checkPath = checkOptions(
    exactly({ acceleration: option.acceleration, fixed: optional(fixedOf(mixture)), position: anything }),
  )
  return {
    ...bound,
    get backend() {
      return bound.backend
    },
    iterations: async function* (initial, options = {}) {
      const checked = checkPath(options)
      if (E.isLeft(checked)) yield checked
      else yield* triedEach(bound.iterations(initial, options))
    },
    expect: p => triedTask(() => bound.expect(p)),
    logJoint: p => triedTask(() => bound.logJoint(p)),
    responsibilities: p => triedTask(() => bound.responsibilities(p)),
    assignments: p => triedTask(() => bound.assignments(p)),
    logProb: p => triedTask(() => bound.logProb(p)),
    predict: p => triedTask(() => bound.predict(p)),
  }
}

/**
 * Loads observations for a mixture. Rows of weight 0 have no influence on anything but what is said of themselves.
 * Errors: the observations are none of the mixture's, for example of another number of columns; those of the executor.
 */
export const onRows: {
  <M extends AMixture>(
    data: NoInfer<SourceOf<M>>,
    executor: Executor,
    rowWeights?: Vector,
  ): (model: Given<M>) => TE.TaskEither<FitError, MixtureOnRows<ComponentOf<M>, StatisticsOf<M>, WeightsOf<M>>>
  <M extends AMixture>(
    model: Given<M>,
    data: SourceOf<M>,
    executor: Executor,
    rowWeights?: Vector,
  ): TE.TaskEither<FitError, MixtureOnRows<ComponentOf<M>, StatisticsOf<M>, WeightsOf<M>>>
} = dual((given: Given<AnyMixture>, data: never, executor: Executor, rowWeights?: Vector) =>
  triedTask(() =>
    pipe(
      checkMixture(given),
      E.bindTo('model'),
      E.bindW('weights', () => readRowWeights(rowWeights)),
      E.bind('known', ({ model, weights }) => forRows(model, data, weights)),
      TE.fromEither,
      TE.chain(({ weights, known: { mixture, source } }) => {
        const halves = halvesOf(mixture)
        return pipe(
          halves.components.load(executor, source, weights && { rowWeights: weights }),
          TE.chain(loaded => openOn(halves, loaded, weights ? { rowWeights: weights } : {})),
          TE.map(open =>
            checking(mixture, onOpen(open as never) as unknown as MixtureOnRows<unknown, unknown, unknown>),
          ),
        )
      }),
    ),
  ),
) as never
