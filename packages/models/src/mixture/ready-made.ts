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
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type ConjugateMixture, conjugateMixture } from './conjugate.js'

interface Shared {
  /** K. */
  readonly components: number
  /** alpha of the Dirichlet prior of the weights: K numbers, or one for all. */
  readonly concentration: number | ArrayLike<number>
  /** The log density (or mass) of a further component that is the same everywhere, in nats. */
  readonly noise?: number
}

export interface RateMixtureOptions extends Shared {
  /** The gamma prior of each rate. */
  readonly prior: { readonly shape: number; readonly rate: number }
}

/** A mixture of members that one rate tells apart, with gamma priors. */
export type RateMixture<P> = ConjugateMixture<Iterable<number>, Gamma, P, number, WeightedSum>

const ofRates =
  <P>(pair: ConjugatePrior<Gamma, P, number, WeightedSum>) =>
  ({ prior, ...options }: RateMixtureOptions): E.Either<InvalidParameter, RateMixture<P>> =>
    pipe(
      gamma.make(prior),
      E.chain(q => conjugateMixture(pair)({ ...options, prior: q })),
    )

/** A mixture of Poissons: counts. Errors: a number of components below 1, or a prior that does not exist. */
export const poissonMixture: (options: RateMixtureOptions) => E.Either<InvalidParameter, RateMixture<Poisson>> =
  ofRates(gammaPoissonPrior)

/** A mixture of exponential distributions: waiting times. Errors: as of {@link poissonMixture}. */
export const exponentialMixture: (options: RateMixtureOptions) => E.Either<InvalidParameter, RateMixture<Exponential>> =
  ofRates(gammaExponentialPrior)

/** A mixture of gammas of a known shape > 0, of which the rate is learnt. Errors: as of {@link poissonMixture}. */
export const gammaMixture = ({
  shape,
  ...options
}: RateMixtureOptions & { readonly shape: number }): E.Either<InvalidParameter, RateMixture<Gamma>> =>
  shape > 0 && Number.isFinite(shape)
    ? ofRates(gammaRatePrior(shape))(options)
    : E.left({
        _tag: 'InvalidParameter',
        distribution: 'GammaMixture',
        parameter: 'shape',
        expected: 'a positive finite number',
        received: String(shape),
      })

type Names = Readonly<Record<string, number>>

/** Rows by column name: the number of a category, or `null` where it is not known. */
export type LatentClassRow<C> = { readonly [Column in keyof C]: number | null }

export type LatentClassMixture<C> = ConjugateMixture<
  Iterable<LatentClassRow<C>>,
  { readonly [Column in keyof C]: Dirichlet },
  { readonly [Column in keyof C]: Categorical },
  LatentClassRow<C>,
  { readonly [Column in keyof C]: Vector }
>

export interface LatentClassOptions<C> extends Shared {
  /** For each column its number of categories, 2 for yes and no. Cells are the numbers 0, 1, ... of categories. */
  readonly columns: C
  /** Of the Dirichlet prior of every column, for each category; 2 by default, which keeps probabilities from 0 and 1. */
  readonly cellConcentration?: number
}

/**
 * Latent class analysis: within a class the columns of a table are independent. Missing cells count as unobserved.
 * Errors: a number of components below 1, or priors that do not exist.
 * Source: Lazarsfeld and Henry, Latent structure analysis (1968).
 */
export const latentClassMixture = <C extends Names>({
  columns,
  cellConcentration = 2,
  ...options
}: LatentClassOptions<C>): E.Either<InvalidParameter, LatentClassMixture<C>> => {
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
