import { checkArgument } from '@conjugate/em'
import { atLeast, list, numbers, object } from '@conjugate/em/schema'
import type { Matrix } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { tried } from '../checks/functions.js'
import { checkMixture } from '../checks/model.js'
import { checkParameters, matrixOf, parametersOf } from '../checks/parameters.js'
import { dual, type Given } from '../door/dual.js'
import type { FitError } from '../errors.js'
import { forFit, forRows } from './from-data.js'
import { componentCount, type MixtureParameters, type MixtureStatistics } from './mixture.js'
import type { AMixture, AnyMixture, ComponentOf, SourceOf, StatisticsOf, WeightsOf } from './types.js'

/** log p(theta) in nats, with every normalising constant; for variational posteriors minus their divergence from the prior. */
export const logPrior: {
  <M extends AMixture>(
    parameters: NoInfer<MixtureParameters<ComponentOf<M>, WeightsOf<M>>>,
  ): (model: Given<M>) => E.Either<FitError, number>
  <M extends AMixture>(
    model: Given<M>,
    parameters: MixtureParameters<ComponentOf<M>, WeightsOf<M>>,
  ): E.Either<FitError, number>
} = dual((given: Given<AnyMixture>, parameters: MixtureParameters<never>) =>
  tried(() =>
    pipe(
      checkMixture(given),
      E.chain(model => forFit(model, parameters)),
      E.chainFirst((mixture): E.Either<FitError, unknown> => {
        const { weights, check } = mixture
        return checkParameters(parametersOf(componentCount(mixture), { weights: weights.check, ...check }))(parameters)
      }),
      E.map(({ weights, steps }) => weights.logPrior(parameters.weights) + steps.logPrior(parameters.components)),
    ),
  ),
) as never

/**
 * The M-step: posteriors of the conjugate priors, then their joint modes.
 * Errors: the statistics are none of the mixture's; a posterior has no mode, for example where no row belongs to a component.
 */
export const maximize: {
  <M extends AMixture>(
    statistics: NoInfer<MixtureStatistics<StatisticsOf<M>>>,
  ): (model: Given<M>) => E.Either<FitError, MixtureParameters<ComponentOf<M>, WeightsOf<M>>>
  <M extends AMixture>(
    model: Given<M>,
    statistics: MixtureStatistics<StatisticsOf<M>>,
  ): E.Either<FitError, MixtureParameters<ComponentOf<M>, WeightsOf<M>>>
} = dual((given: Given<AnyMixture>, statistics: MixtureStatistics<never>) =>
  tried(() =>
    pipe(
      checkMixture(given),
      E.chainFirstW(mixture =>
        checkArgument(
          'statistics',
          object({
            counts: numbers(atLeast(0), mixture.weights.count),
            components: list(mixture.check.statistics, componentCount(mixture)),
          }),
        )(statistics),
      ),
      E.bindTo('mixture'),
      E.bindW('weights', ({ mixture }) => mixture.weights.maximize(statistics.counts)),
      E.bindW('components', ({ mixture }) => mixture.steps.maximize(statistics.components)),
      E.map(({ weights, components }) => ({ weights, components })),
    ),
  ),
) as never

/** The statistics of observations under given responsibilities (N x K), by which the M-step can follow any E-step. */
export const statisticsOf: {
  <M extends AMixture>(
    data: NoInfer<SourceOf<M>>,
    responsibilities: Matrix,
  ): (model: Given<M>) => E.Either<FitError, MixtureStatistics<StatisticsOf<M>>>
  <M extends AMixture>(
    model: Given<M>,
    data: SourceOf<M>,
    responsibilities: Matrix,
  ): E.Either<FitError, MixtureStatistics<StatisticsOf<M>>>
} = dual((given: Given<AnyMixture>, source: never, responsibilities: Matrix) =>
  tried(() =>
    pipe(
      checkMixture(given),
      E.chain(model => forRows(model, source)),
      E.bindW('encoded', ({ mixture, source: rows }) => mixture.encode(rows)),
      E.bindW('given', ({ mixture, encoded }) =>
        checkArgument(
          'responsibilities',
          matrixOf(atLeast(0), encoded.rows.rows, mixture.weights.count),
        )(responsibilities),
      ),
      E.map(({ mixture, encoded: { gather }, given: { rows, columns, data } }) => {
        const counts = new Float64Array(columns)
        for (let n = 0; n < rows; n++) for (let k = 0; k < columns; k++) counts[k]! += data[n * columns + k]!
        return { counts, components: gather(componentCount(mixture), (n, k) => data[n * columns + k]!) }
      }),
    ),
  ),
) as never
