import type { InvalidParameter } from '@conjugate/distributions'
import { checkArgument } from '@conjugate/em'
import { atLeast } from '@conjugate/em/schema'
import type { Densities } from '@conjugate/executors'
import type { Matrix } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { tried } from '../checks/functions.js'
import { checkMixture } from '../checks/model.js'
import { matrixOf } from '../checks/parameters.js'
import { dual, type Given } from '../door/dual.js'
import type { FitError } from '../errors.js'
import { forRows } from './from-data.js'
import { componentCount, type MixtureParameters, type MixtureStatistics, type Steps, type Weights } from './mixture.js'
import type { AMixture, AnyMixture, SourceOf, StatisticsOf } from './types.js'

/** What the steps need of a mixture, in any coordinates. */
export interface Sides<P, S, D extends Densities, W> {
  readonly weights: Weights<W>
  readonly steps: Steps<P, S, D>
  readonly noise?: number
}

/** log p(theta) in nats, with every normalising constant; for variational posteriors minus their divergence from the prior. */
export const logPrior =
  <P, S, D extends Densities, W>({ weights, steps }: Sides<P, S, D, W>) =>
  (parameters: MixtureParameters<P, W>): number =>
    weights.logPrior(parameters.weights) + steps.logPrior(parameters.components)

/**
 * The M-step: posteriors of the conjugate priors, then their joint modes.
 * Errors: a posterior has no mode, for example where no row belongs to a component.
 */
export const maximize =
  <P, S, D extends Densities, W>({ weights, steps }: Sides<P, S, D, W>) =>
  (statistics: MixtureStatistics<S>): E.Either<InvalidParameter, MixtureParameters<P, W>> => {
    const found = weights.maximize(statistics.counts)
    if (E.isLeft(found)) return found
    const components = steps.maximize(statistics.components)
    return E.isLeft(components) ? components : E.right({ weights: found.right, components: components.right })
  }

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
