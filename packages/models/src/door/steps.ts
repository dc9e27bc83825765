import { checkArgument } from '@conjugate/em'
import { atLeast, list, numbers, object } from '@conjugate/em/schema'
import type { Matrix } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { tried, triedTask } from '../checks/functions.js'
import { checkMixture } from '../checks/model.js'
import { matrixOf } from '../checks/parameters.js'
import type { FitError } from '../errors.js'
import { partsIn } from '../mixture/components.js'
import { forFit, forRows } from '../mixture/from-data.js'
import type { DesignMatrix, MixtureParts, MixtureStatistics } from '../mixture/mixture.js'
import type { LoadSparse } from '../mixture/sparse/load.js'
import { type StartRows, startSums, whileLoaded } from '../mixture/start-sums.js'
import type { AMixture, AnyMixture, ComponentsOf } from '../mixture/types.js'
import type { ComponentTypes } from '../model/component-model.js'
import { heard } from '../model/dialect.js'
import { checkedParameters, inside } from '../model/start.js'
import { sparseIn } from '../observations/data.js'
import { withValues } from '../observations/tensors.js'
import { dual, type Given } from './dual.js'
import type { TypesOf } from './types.js'

/** log p(theta) in nats, with every normalising constant; for variational posteriors minus their divergence from the prior. */
export const logPrior: {
  <M extends AMixture>(model: Given<M>, parameters: TypesOf<M>['parameters']): E.Either<FitError, number>
  <M extends AMixture>(parameters: NoInfer<TypesOf<M>['parameters']>): (model: Given<M>) => E.Either<FitError, number>
} = dual((given: Given<AnyMixture>, parameters: { readonly components?: unknown }) =>
  tried(() =>
    pipe(
      checkMixture(given),
      E.bindTo('mixture'),
      E.bind('components', ({ mixture }) => forFit(mixture.components, parameters)),
      E.let('bound', ({ mixture }) => mixture.labels.estimate!),
      E.chain(({ components, bound }) =>
        pipe(
          checkedParameters({ components }, { bound }, parameters),
          E.bimap(
            inside('parameters'),
            checked => bound.logPrior(checked) + components.steps!.logPrior(checked.components),
          ),
        ),
      ),
    ),
  ),
) as never

/**
 * The M-step: posteriors of the conjugate priors, then their joint modes.
 * Errors: the statistics are none of the mixture's; a posterior has no mode, for example where no row belongs to a component.
 */
export const maximize: {
  <M extends AMixture>(
    model: Given<M>,
    statistics: MixtureStatistics<ComponentsOf<M>['statistics']>,
  ): E.Either<FitError, TypesOf<M>['parameters']>
  <M extends AMixture>(
    statistics: NoInfer<MixtureStatistics<ComponentsOf<M>['statistics']>>,
  ): (model: Given<M>) => E.Either<FitError, TypesOf<M>['parameters']>
} = dual((given: Given<AnyMixture>, statistics: MixtureStatistics<unknown>) =>
  tried(() =>
    pipe(
      checkMixture(given),
      E.chainFirstW(({ labels, components }) => {
        const parts = partsIn(components)
        return checkArgument(
          'statistics',
          object({
            counts: numbers(atLeast(0), labels.states),
            components: list(parts.statistics, parts.count),
          }),
        )(statistics)
      }),
      E.bindTo('mixture'),
      E.bindW('learnt', ({ mixture: { labels } }) =>
        labels.estimate!.maximize(labels.estimate!.groupWeights!.counts(Float64Array.from(statistics.counts))),
      ),
      E.bindW('components', ({ mixture }) => mixture.components.steps!.maximize(statistics.components)),
      E.map(({ learnt, components }) => ({ ...learnt, components })),
    ),
  ),
) as never

/** The statistics of observations under given responsibilities (N x K), by which the M-step can follow any E-step. */
export const statisticsOf: {
  <M extends AMixture>(
    model: Given<M>,
    data: TypesOf<M>['data'],
    responsibilities: Matrix,
  ): TE.TaskEither<FitError, MixtureStatistics<ComponentsOf<M>['statistics']>>
  <M extends AMixture>(
    data: NoInfer<TypesOf<M>['data']>,
    responsibilities: Matrix,
  ): (model: Given<M>) => TE.TaskEither<FitError, MixtureStatistics<ComponentsOf<M>['statistics']>>
} = dual((given: Given<AnyMixture>, source: unknown, responsibilities: Matrix) =>
  triedTask(() => withValues(source, values => statisticsIn(given, values, responsibilities))),
) as never

/** What is asked of loaded rows. */
type Ask = <A>(about: (rows: StartRows) => TE.TaskEither<FitError, A>) => TE.TaskEither<FitError, A>

/** Observations as rows, and where they can be asked. Sparse rows are loaded by components themselves. */
const opened = (
  parts: MixtureParts<ComponentTypes>,
  source: unknown,
): TE.TaskEither<FitError, { readonly design: DesignMatrix<ComponentTypes>; readonly ask: Ask }> => {
  const sparse = sparseIn(source)
  return sparse
    ? pipe(
        (sparse.load as LoadSparse<ComponentTypes>)(parts, source, {}),
        TE.map(({ design, rows }) => ({ design, ask: about => about({ design, rows, beside: {} }) })),
      )
    : pipe(
        TE.fromEither(parts.designMatrix(source)),
        TE.map(design => ({ design, ask: about => whileLoaded(design, about) })),
      )
}

const statisticsIn = (given: Given<AnyMixture>, values: unknown, responsibilities: Matrix) =>
  pipe(
    checkMixture(given),
    E.bindTo('mixture'),
    E.bindW('heard', ({ mixture }) => heard(mixture, values, {})),
    E.bind('known', ({ mixture, heard: { data } }) => forRows(mixture.components, data)),
    E.let('parts', ({ known }) => partsIn(known.components)),
    TE.fromEither,
    TE.bindW('rows', ({ parts, known, heard: { told } }) => pipe(opened(parts, known.source), TE.mapLeft(told))),
    TE.bindW('given', ({ mixture, rows: { design } }) =>
      TE.fromEither(
        checkArgument(
          'responsibilities',
          matrixOf(atLeast(0), design.rows.rows, mixture.labels.states),
        )(responsibilities),
      ),
    ),
    TE.chain(({ mixture, parts, rows: { design, ask }, given: { data } }) =>
      pipe(
        ask(rows => startSums(rows, parts.count, mixture.labels.states, Float64Array.from(data))),
        TE.map(({ densities, sums, counts }) => ({
          counts,
          components: design.steps.statistics(densities, sums).map(design.statisticsFromCentred),
        })),
      ),
    ),
  )
