import {
  type ExponentialFamily,
  type GaussianStatistics,
  type InvalidParameter,
  type MultivariateNormal,
  multivariateNormal,
  normalInverseWishart,
  normalInverseWishartPrior,
  type Statistic,
  toStatistic,
  validator,
} from '@conjugate/distributions'
import { anything, atLeast, type Fields, finite, like, numbers, object, optional } from '@conjugate/em/schema'
import { identity, scale } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkDefinition } from '../checks/definition.js'
import { memberOf, memberOfColumns } from '../checks/parameters.js'
import { howMany, howManySquared } from '../checks/size.js'
import { type FreeLabels, freeLabels } from '../labels/independent.js'
import { type MixtureComponents, mixtureComponents } from '../mixture/components.js'
import { type ComponentEstimate, type ComponentSides, partsOf } from '../mixture/estimate.js'
import type { PairTypes } from '../mixture/forms/form.js'
import { type StatisticFamily, statisticForm, summable } from '../mixture/forms/linear.js'
import { type GaussianTypes, quadraticForm, type RowTypes } from '../mixture/forms/quadratic.js'
import { type Mixture, type MixtureParts, mixtureOf } from '../mixture/mixture.js'
import type { ComponentTypes } from '../model/component-model.js'

/** What is known of the observations of a component: their weight and the sum of t(x). */
export interface WeightedStatistic<P> {
  readonly weight: number
  readonly sum: Statistic<P>
}

/** A mixture without priors. */
export interface MaximumLikelihoodMixture<T extends ComponentTypes> extends Mixture<T, FreeLabels> {
  readonly components: MixtureComponents<T>
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

const fields = (numbersOfEach?: number): Fields => ({ components: howMany(numbersOfEach), noise: optional(finite) })

/** A component without observations has no member of maximum likelihood. */
const noObservations = validator('Mixture').fail('observations', 'some of positive weight', 'none')

/** Components of which each is where its observations are most likely. */
const bareMixture = <T extends ComponentTypes>(
  sides: Pick<ComponentSides<T>, 'form' | 'translation'> & { readonly prior: T['posterior'] },
  { components: count, noise }: MaximumLikelihoodOptions,
  estimate: Pick<ComponentEstimate<T, T['component']>, 'check' | 'sample' | 'maximize'>,
  family: string,
  told: Pick<MixtureParts<T>, 'statistics' | 'freeParameters'> & { readonly definition: object },
): MaximumLikelihoodMixture<T> => {
  const { form, prior, translation } = sides
  const parts = partsOf<T, T['component']>(
    { form, translation, noise, priors: new Array<T['posterior']>(count).fill(prior) },
    {
      ...estimate,
      densities: form.ofMembers,
      logPrior: () => () => 0,
      priorSize: () => () => 0,
      coordinates: form.coordinates,
      move: move => move.member,
      locationOf: moving => moving.locationOf.member,
      isBare: true,
    },
    {
      ...told,
      name: `mixture of ${count} of maximum likelihood (${family})`,
      definition: { ...told.definition, family, components: count, noise: noise ?? null },
    },
  )
  return mixtureOf(
    mixtureComponents(parts as unknown as MixtureParts<T>),
    freeLabels(count + (noise === undefined ? 0 : 1)),
  )
}

type FamilyOf<P, X> = StatisticFamily<P, X> &
  Pick<ExponentialFamily<P, X, unknown, unknown>, 'name' | 'fromExpectedStatistic' | 'sample' | 'member'>

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
  ): E.Either<InvalidParameter, MaximumLikelihoodMixture<PairTypes<never, P, X, WeightedStatistic<P>>>> =>
    pipe(
      checkDefinition('Mixture', { ...fields(), freeParameters: atLeast(0) })(options),
      E.map(({ components, freeParameters }) =>
        bareMixture<PairTypes<never, P, X, WeightedStatistic<P>>>(
          {
            form: statisticForm<P, X, WeightedStatistic<P>>(family, (weight, sum) => ({ weight, sum })) as never,
            prior: undefined as never,
          },
          options,
          {
            check: () => memberOf(family),
            sample: family.sample,
            maximize: (_, { weight, sum }) =>
              weight > 0
                ? pipe(
                    family.fromExpectedStatistic(toStatistic<P>(Float64Array.from(sum, v => v / weight))),
                    E.chain(summable(family)),
                  )
                : noObservations,
          },
          family.name,
          {
            definition: {},
            statistics: object({ weight: atLeast(0), sum: numbers() }),
            freeParameters: components * freeParameters,
          },
        ),
      ),
    )

type BareGaussians = RowTypes<never, MultivariateNormal, GaussianStatistics>

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
): E.Either<InvalidParameter, MaximumLikelihoodMixture<BareGaussians>> =>
  pipe(
    checkDefinition('GaussianMixture', { ...fields(), columns: howManySquared })(options),
    E.chain(({ columns }) =>
      checkDefinition('GaussianMixture', { ...fields(columns ** 2), columns: anything })(options),
    ),
    // Nothing but its number of columns is asked of a prior.
    E.chain(({ columns: d }) =>
      normalInverseWishart.make({
        mean: new Float64Array(d),
        meanPrecision: 1,
        degreesOfFreedom: d + 2,
        scale: identity(d),
      }),
    ),
    E.map(prior => {
      const { columns, components } = options
      const pair = normalInverseWishartPrior
      const { translation } = pair
      return bareMixture<GaussianTypes>(
        { form: quadraticForm as never, translation, prior },
        options,
        {
          check: () => memberOfColumns(multivariateNormal, columns),
          sample: multivariateNormal.sample,
          maximize: (_, { weight, mean, scatter }) =>
            weight > 0 ? multivariateNormal.make({ mean, covariance: scale(1 / weight)(scatter) }) : noObservations,
        },
        multivariateNormal.name,
        {
          definition: { columns },
          statistics: like(pair.monoid(prior).empty, finite),
          freeParameters: components * (columns + (columns * (columns + 1)) / 2),
        },
      ) as unknown as MaximumLikelihoodMixture<BareGaussians>
    }),
  )
