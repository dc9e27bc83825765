import {
  type ExponentialFamily,
  type GaussianStatistics,
  type InvalidParameter,
  type MultivariateNormal,
  multivariateNormal,
  normalInverseWishartPrior,
  type Statistic,
  toStatistic,
} from '@conjugate/distributions'
import { anything, atLeast, finite, like, numbers, object, optional } from '@conjugate/em/schema'
import type { LinearDensities, QuadraticDensities } from '@conjugate/executors'
import { inWords, type RowsLike, scale, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkDefinition } from '../checks/definition.js'
import { memberOf, memberOfColumns } from '../checks/parameters.js'
import { howMany, howManySquared } from '../checks/size.js'
import { kind } from '../door/dual.js'
import { placesOf } from '../mixture/centre.js'
import { linearDensities, statisticRows, summable } from '../mixture/forms/linear.js'
import {
  centredRows,
  gaussianStatistics,
  logCholesky,
  ofNormals,
  quadraticRounding,
} from '../mixture/forms/quadratic.js'
import { gatherSums } from '../mixture/gather.js'
import type { Mixture, Steps } from '../mixture/mixture.js'
import { separateSteps } from '../mixture/separate.js'
import { freeWeights } from '../mixture/weights.js'
import { readObservations } from '../observations.js'

/** What is known of the observations of a component: their weight and the sum of t(x). */
export interface WeightedStatistic<P> {
  readonly weight: number
  readonly sum: Statistic<P>
}

/** What all mixtures without priors have in common. */
export interface MaximumLikelihoodOptions {
  /** K, the number of components. */
  readonly components: number
  /** The log density of a further component that is uniform, in nats. */
  readonly noise?: number
}

/** What defines a mixture of members of a family without priors. */
export interface MaximumLikelihoodFamilyOptions extends MaximumLikelihoodOptions {
  /** How many numbers choose a member: 1 for a Poisson, 2 for a normal. Information criteria count them. */
  readonly freeParameters: number
}

const invalid = (parameter: string, expected: string, received: unknown): InvalidParameter => ({
  _tag: 'InvalidParameter',
  distribution: 'Mixture',
  parameter,
  expected,
  received: inWords(received),
})

const fields = (numbersOfEach?: number) => ({ components: howMany(numbersOfEach), noise: optional(finite) })

/** The number of components with the noise. */
const countWith = ({ components, noise }: MaximumLikelihoodOptions): number =>
  components + (noise === undefined ? 0 : 1)

/** The statistics of no observations. */
const gaussianOf = (columns: number): GaussianStatistics => ({
  weight: 0,
  mean: new Float64Array(columns),
  scatter: { rows: columns, columns, data: new Float64Array(columns * columns) },
})

const each = <A>(count: number, a: A): ReadonlyArray<A> => new Array<A>(count).fill(a)

/** Without observations there is no member of maximum likelihood. */
const noObservations = E.left(invalid('observations', 'some of positive weight', 'none'))

type FamilyOf<P, X> = Pick<
  ExponentialFamily<P, X, unknown, unknown>,
  | 'name'
  | 'support'
  | 'statistic'
  | 'logBaseMeasure'
  | 'natural'
  | 'fromNatural'
  | 'logNormaliser'
  | 'fromExpectedStatistic'
  | 'sample'
  | 'member'
>

/**
 * A mixture of members of a family without priors: EM finds a local maximum of the likelihood. Of normals with means far from
 * zero `maximumLikelihoodGaussianMixture` keeps more digits. A component that no observation belongs to, or whose
 * observations no member fits best, is an error of the M-step.
 * Errors: there are fewer components than 1, or the noise is not finite.
 * Source: Redner and Walker, Mixture densities, maximum likelihood and the EM algorithm (1984).
 */
export const maximumLikelihoodMixture =
  <P, X>(family: FamilyOf<P, X>) =>
  (
    options: MaximumLikelihoodFamilyOptions,
  ): E.Either<InvalidParameter, Mixture<Iterable<X>, X, P, WeightedStatistic<P>, LinearDensities>> =>
    pipe(
      checkDefinition('Mixture', { ...fields(), freeParameters: atLeast(0) })(options),
      E.map(countWith),
      E.map(all => {
        const count = options.components
        const steps: Steps<P, WeightedStatistic<P>, LinearDensities> = separateSteps({
          densities: members =>
            linearDensities(members.map(p => ({ natural: family.natural(p), logNormaliser: family.logNormaliser(p) }))),
          statistics: ({ components, columns }, { weight, sum }) =>
            Array.from({ length: components }, (_, k) => ({
              weight: weight[k]!,
              sum: toStatistic<P>(sum.subarray(k * columns, (k + 1) * columns - 1)),
            })),
          maximize: each(count, ({ weight, sum }: WeightedStatistic<P>) =>
            weight > 0
              ? pipe(
                  family.fromExpectedStatistic(toStatistic<P>(Float64Array.from(sum, v => v / weight))),
                  E.chain(summable(family)),
                )
              : noObservations,
          ),
          logPrior: each(count, () => 0),
          rounding: () => 0,
          coordinates: {
            toVector: p => Float64Array.from(family.natural(p)),
            fromVector: v => family.fromNatural(v as never),
          },
        })
        const same = <A>(a: A): A => a
        return {
          [kind]: 'mixture',
          name: `mixture of ${count} of maximum likelihood (${family.name})`,
          definition: { family: family.name, components: count, noise: options.noise ?? null },
          weights: freeWeights(all),
          steps,
          encode: (source, { rowWeights } = {}) =>
            pipe(
              readObservations(family.support, source),
              E.chain(xs => statisticRows(xs, family, rowWeights)),
              E.map(({ rows, ...rest }) => ({
                ...rest,
                rows,
                kind: 'Linear',
                steps,
                inward: same,
                outward: same,
                outwardStatistics: same,
                isBare: true,
                gather: (components, q) => {
                  const { densities, sums } = gatherSums<LinearDensities>('Linear', rows, components, q)
                  return steps.statistics(densities, sums)
                },
              })),
            ),
          check: {
            component: memberOf(family),
            statistics: object({ weight: atLeast(0), sum: numbers() }),
          },
          sample: family.sample,
          exchangeable: true,
          freeParameters: all - 1 + count * options.freeParameters,
          ...(options.noise !== undefined && { noise: options.noise }),
        }
      }),
    )

/**
 * A mixture of multivariate normals on D columns without priors. A component that collapses onto rows of one plane has a
 * singular covariance, which is an error of the M-step: a prior, however weak, keeps it from that.
 * Errors: there are fewer components or columns than 1, or the noise is not finite.
 */
export const maximumLikelihoodGaussianMixture = (
  options: MaximumLikelihoodOptions & {
    /** D, the number of columns. */
    readonly columns: number
  },
): E.Either<
  InvalidParameter,
  Mixture<RowsLike, Vector, MultivariateNormal, GaussianStatistics, QuadraticDensities>
> => {
  const checked = checkDefinition('GaussianMixture', { ...fields(), columns: howManySquared })(options)
  if (E.isLeft(checked)) return checked
  const { columns, components: count } = options
  const fits = checkDefinition('GaussianMixture', { ...fields(columns ** 2), columns: anything })(options)
  if (E.isLeft(fits)) return fits
  const steps: Steps<MultivariateNormal, GaussianStatistics, QuadraticDensities> = separateSteps({
    densities: ofNormals,
    statistics: gaussianStatistics,
    maximize: each(count, ({ weight, mean, scatter }: GaussianStatistics) =>
      weight > 0 ? multivariateNormal.make({ mean, covariance: scale(1 / weight)(scatter) }) : noObservations,
    ),
    logPrior: each(count, () => 0),
    rounding: quadraticRounding,
    coordinates: logCholesky,
  })
  const move = normalInverseWishartPrior.translation!
  return pipe(
    E.right(countWith(options)),
    E.map(all => ({
      [kind]: 'mixture',
      name: `mixture of ${count} of maximum likelihood (${multivariateNormal.name})`,
      definition: { family: multivariateNormal.name, components: count, columns, noise: options.noise ?? null },
      weights: freeWeights(all),
      steps,
      encode: (source, centring = {}) =>
        pipe(
          centredRows(source, columns, placesOf(centring, move.locationOf.member)),
          E.map(({ rows, origin, centre }) => {
            const [outward, inward] = [move.fromCentred(centre!), move.toCentred(centre!)]
            return {
              rows,
              kind: 'Quadratic',
              ...(origin && { origin }),
              steps,
              inward: inward.member,
              outward: outward.member,
              outwardStatistics: outward.statistics,
              isBare: true,
              gather: (components, q) => {
                const { densities, sums } = gatherSums<QuadraticDensities>('Quadratic', rows, components, q)
                return gaussianStatistics(densities, sums)
              },
            }
          }),
        ),
      check: {
        component: memberOfColumns(multivariateNormal, columns),
        statistics: like(gaussianOf(columns), finite),
      },
      sample: multivariateNormal.sample,
      exchangeable: true,
      freeParameters: all - 1 + count * (columns + (columns * (columns + 1)) / 2),
      ...(options.noise !== undefined && { noise: options.noise }),
    })),
  )
}
