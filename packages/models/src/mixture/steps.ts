import type { InvalidParameter } from '@conjugate/distributions'
import { checkArgument, type EMModel } from '@conjugate/em'
import { atLeast } from '@conjugate/em/schema'
import type { Densities, LoadedRows } from '@conjugate/executors'
import type { Matrix } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { tried } from '../checks/functions.js'
import { checkMixture } from '../checks/model.js'
import { matrixOf } from '../checks/parameters.js'
import { dual, type Given } from '../door/dual.js'
import type { FitError, StepError } from '../errors.js'
import { LOWEST } from './forms/linear.js'
import { forRows } from './from-data.js'
import { componentCount, type MixtureParameters, type MixtureStatistics, type Steps, type Weights } from './mixture.js'
import { weighted, withoutNoise } from './noise.js'
import { roundingOfTerms } from './rounding.js'
import type { ColumnSizes } from './sizes.js'
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

/** The weighted densities as executors want them. */
export const toDensities =
  <P, S, D extends Densities, W>({ weights, steps, noise }: Sides<P, S, D, W>) =>
  (parameters: MixtureParameters<P, W>): D =>
    weighted(steps.densities(parameters.components), weights.logWeights(parameters.weights), noise)

/** What is not learnt: the weights, or components by their numbers. They stay as they start. */
export interface Fixed {
  readonly weights?: boolean
  readonly components?: ReadonlyArray<number>
}

const holding =
  <P, W>({ weights = false, components = [] }: Fixed, initial: MixtureParameters<P, W>) =>
  (found: MixtureParameters<P, W>): MixtureParameters<P, W> => ({
    weights: weights ? initial.weights : found.weights,
    components: found.components.map((c, k) => (components.includes(k) ? initial.components[k]! : c)),
  })

/** The engine's view of a mixture whose rows are loaded, in the coordinates of the load. */
export const emModel =
  <P, S, D extends Densities, W>(sides: Sides<P, S, D, W>, rows: LoadedRows, spacing = 0, sizes?: ColumnSizes) =>
  (
    initial: MixtureParameters<P, W>,
    fixed?: Fixed,
  ): EMModel<MixtureParameters<P, W>, MixtureStatistics<S>, StepError> => {
    const densitiesOf = toDensities(sides)
    const mStep = maximize(sides)
    const hold = fixed && holding(fixed, initial)
    const count = componentCount(sides)
    const withoutLast = (densities: D): D =>
      densities.components === count ? densities : { ...densities, components: count }
    return {
      expect: parameters => {
        const densities = densitiesOf(parameters)
        return pipe(
          rows.expectation(densities),
          TE.map(({ statistics, logLikelihood, ...rest }) => ({
            ...rest,
            rounding: (rest.rounding ?? 0) + roundingOfTerms<D>(densities, statistics, logLikelihood, sizes),
            logLikelihood: logLikelihood < LOWEST ? Number.NEGATIVE_INFINITY : logLikelihood,
            statistics: {
              counts: statistics.weight,
              components: sides.steps.statistics(withoutLast(densities), withoutNoise<D>(count, statistics)),
            },
          })),
        )
      },
      maximize: hold ? statistics => pipe(mStep(statistics), E.map(hold)) : mStep,
      logPrior: logPrior(sides),
      rounding: ({ components }, { statistics, logLikelihood }) =>
        spacing * Math.abs(logLikelihood) +
        sides.steps.rounding(components, statistics.counts, spacing) +
        8 * Number.EPSILON * (sides.steps.priorSize?.(components) ?? 0),
    }
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
