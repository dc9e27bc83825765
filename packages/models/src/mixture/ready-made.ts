import {
  type Categorical,
  type ConjugatePrior,
  type Dirichlet,
  dirichlet,
  dirichletPrior,
  type Exponential,
  type Gamma,
  gamma,
  gammaExponentialPrior,
  gammaPoissonPrior,
  gammaRatePrior,
  type InvalidParameter,
  type Poisson,
  productPrior,
  type WeightedSum,
} from '@conjugate/distributions'
import { above, allOf, anyNumber, exactly, is, object, optional, type Schema, unwrapped } from '@conjugate/em/schema'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkDefinition, mixtureFields } from '../checks/definition.js'
import { howMany } from '../checks/size.js'
import { type ConjugateMixture, conjugateMixture } from './conjugate.js'
import type { PairTypes } from './forms/form.js'

interface Shared {
  /** K, the number of components. */
  readonly components: number
  /** alpha, the concentrations of the weights' Dirichlet prior: K numbers, or one for all. */
  readonly concentration: number | ArrayLike<number>
  /** The log density (or mass) of a further component that is the same everywhere, in nats. */
  readonly noise?: number
}

/** What defines a mixture of members that one rate tells apart. */
export interface RateMixtureOptions extends Shared {
  /** The gamma prior of each rate: `shape` is a number, `rate` has the unit of one over the rate that is learnt. */
  readonly prior: { readonly shape: number; readonly rate: number }
}

/** A mixture of members that one rate tells apart, with gamma priors. */
export type RateMixture<P> = ConjugateMixture<PairTypes<Gamma, P, number, WeightedSum>>

const rateFields = {
  ...mixtureFields(),
  prior: exactly({ shape: anyNumber, rate: anyNumber }, 'an object of shape and rate'),
}

const ofRates =
  <P>(name: string, pair: ConjugatePrior<Gamma, P, number, WeightedSum>) =>
  (options: RateMixtureOptions): E.Either<InvalidParameter, RateMixture<P>> =>
    pipe(
      checkDefinition(name, rateFields)(options),
      E.chain(({ prior }) => gamma.make(prior)),
      E.chain(prior => conjugateMixture(pair)({ ...options, prior })),
    )

/** Defines a mixture of Poissons, for counts. Errors: there are fewer components than 1, or the prior does not exist. */
export const poissonMixture: (options: RateMixtureOptions) => E.Either<InvalidParameter, RateMixture<Poisson>> =
  ofRates('PoissonMixture', gammaPoissonPrior)

/** Defines a mixture of exponential distributions, for waiting times. Errors: those of {@link poissonMixture}. */
export const exponentialMixture: (options: RateMixtureOptions) => E.Either<InvalidParameter, RateMixture<Exponential>> =
  ofRates('ExponentialMixture', gammaExponentialPrior)

/** Defines a mixture of gammas of a known shape > 0, whose rates are learnt. Errors: those of {@link poissonMixture}. */
export const gammaMixture = (
  options: RateMixtureOptions & { readonly shape: number },
): E.Either<InvalidParameter, RateMixture<Gamma>> =>
  pipe(
    checkDefinition('GammaMixture', { ...rateFields, shape: above(0) })(options),
    E.chain(({ shape, ...rest }) => ofRates('GammaMixture', gammaRatePrior(shape))(rest)),
  )

type Names = Readonly<Record<string, number>>

/** Rows by column name: the number of a category, or `null` where it is not known. */
export type LatentClassRow<C> = { readonly [Column in keyof C]: number | null }

/** A mixture of tables of categories, whose columns are independent within a class. */
export type LatentClassMixture<C> = ConjugateMixture<
  PairTypes<
    { readonly [Column in keyof C]: Dirichlet },
    { readonly [Column in keyof C]: Categorical },
    LatentClassRow<C>,
    { readonly [Column in keyof C]: Vector }
  >
>

/** What defines a latent class analysis. */
export interface LatentClassOptions<C> extends Shared {
  /** For each column its number of categories, 2 for yes and no. Cells are the numbers 0, 1, ... of categories. */
  readonly columns: C
  /** The concentration of each category in every column; 2 by default, which keeps probabilities from 0 and 1. */
  readonly cellConcentration?: number
}

/** A number of categories for each of at least one column. */
const columnsOfCategories: Schema = allOf(
  unwrapped('an object of columns and their numbers of categories'),
  is('an object with at least one column', value => Object.keys(value as object).length > 0),
  value => object(Object.fromEntries(Object.keys(value as object).map(name => [name, howMany()])))(value),
)

/**
 * Latent class analysis: within a class the columns of a table are independent. Missing cells count as unobserved.
 * Errors: there are fewer components than 1, a column has no categories, or a prior does not exist.
 * Source: Lazarsfeld and Henry, Latent structure analysis (1968).
 */
export const latentClassMixture = <C extends Names>(
  given: LatentClassOptions<C>,
): E.Either<InvalidParameter, LatentClassMixture<C>> => {
  const checked = checkDefinition('LatentClassMixture', {
    ...mixtureFields(),
    columns: columnsOfCategories,
    cellConcentration: optional(above(0)),
  })(given)
  if (E.isLeft(checked)) return checked
  const { columns, cellConcentration = 2, ...options } = given
  const names = Object.keys(columns)
  return pipe(
    E.sequenceArray(
      names.map(name =>
        pipe(
          dirichlet.make({ concentration: new Array<number>(columns[name]!).fill(cellConcentration) }),
          E.bimap(
            e => ({ ...e, parameter: `${name}.${e.parameter}` }),
            prior => [name, prior] as const,
          ),
        ),
      ),
    ),
    E.chain(priors => {
      const pairs = Object.fromEntries(names.map(name => [name, dirichletPrior(columns[name]!)]))
      return conjugateMixture(productPrior(pairs))({ ...options, prior: Object.fromEntries(priors) })
    }),
    E.map(mixture => mixture as unknown as LatentClassMixture<C>),
  )
}
