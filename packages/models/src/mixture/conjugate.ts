import {
  type ConjugatePrior,
  type Dirichlet,
  type InvalidParameter,
  posteriorMode,
  type Shift,
  type Translation,
} from '@conjugate/distributions'
import type { Coordinates } from '@conjugate/em'
import { allOf, anything, finite, like, list, type Schema } from '@conjugate/em/schema'
import type { Densities } from '@conjugate/executors'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkDefinition, mixtureFields } from '../checks/definition.js'
import { memberOf, ofSize } from '../checks/parameters.js'
import { kind } from '../door/dual.js'
import { placesOf } from './centre.js'
import type { Form } from './forms/form.js'
import { summable } from './forms/linear.js'
import { formOf, type PairDensities } from './forms/of-pair.js'
import { mapFromData } from './from-data.js'
import { gatherSums } from './gather.js'
import type { Encoded, Mixture, MixtureChecks, Steps, Weights } from './mixture.js'
import { sizeOfInnerProduct } from './rounding.js'
import { separateSteps } from './separate.js'
import type { AMixture } from './types.js'
import { areAlike, dirichletWeights, variationalWeights, weightsPriorOf } from './weights.js'

/** A mixture of the members of a likelihood, each with a conjugate prior, and weights with a Dirichlet prior. */
export interface ConjugateMixture<Source, Q, P, X, S, D extends Densities = PairDensities>
  extends Mixture<Source, X, P, S, D> {
  readonly pair: ConjugatePrior<Q, P, X, S>
  readonly form: Form<Q, P, X, S, Source, D>
  /** The K priors of the components. */
  readonly priors: ReadonlyArray<Q>
  readonly weightsPrior: Dirichlet
}

/** A mixture of a likelihood and its conjugate prior. */
export interface Conjugate extends AMixture {
  readonly pair: unknown
}

/** What functions of these mixtures know of them inside, where types have been checked already. */
export type AnyConjugate = ConjugateMixture<never, unknown, unknown, unknown, unknown, never>

/** What defines a mixture of a conjugate pair. */
export interface ConjugateMixtureOptions<Q> {
  /** K, the number of components. */
  readonly components: number
  /** alpha, the concentrations of the weights' Dirichlet prior: K numbers, or one for all; one more with noise. */
  readonly concentration: number | ArrayLike<number>
  /** One prior for every component, or K of them. */
  readonly prior: Q | ReadonlyArray<Q>
  /** The log density of a further component that is uniform, in nats: minus the logarithm of its volume. */
  readonly noise?: number
}

/** What stands for a component: a member of the likelihood at its mode, or a posterior. */
interface Role<Q, P, X, S, M, D> {
  /** What a component has to be. */
  readonly check: (prior: Q) => Schema
  readonly densities: (components: ReadonlyArray<M>) => D
  readonly maximize: (prior: Q, statistics: S) => E.Either<InvalidParameter, M>
  readonly logPrior: (prior: Q) => (component: M) => number
  readonly priorSize: (prior: Q) => (component: M) => number
  readonly coordinates: Coordinates<M>
  readonly move: (shift: Shift<Q, P, X, S>) => (component: M) => M
  readonly locationOf: (translation: Translation<Q, P, X, S>) => (component: M) => X
  readonly around?: (prior: Q) => (row: Vector) => M
}

const identity = <A>(a: A): A => a

type Sides<Q, P, X, S, Source, D extends Densities> = Pick<
  ConjugateMixture<Source, Q, P, X, S, D>,
  'pair' | 'form' | 'priors'
>

const stepsOf = <Q, P, X, S, M, Source, D extends Densities>(
  { form }: Pick<Sides<Q, P, X, S, Source, D>, 'form'>,
  priors: ReadonlyArray<Q>,
  role: Role<Q, P, X, S, M, D>,
): Steps<M, S, D> =>
  separateSteps({
    densities: role.densities,
    statistics: form.statistics,
    maximize: priors.map(prior => statistics => role.maximize(prior, statistics)),
    logPrior: priors.map(role.logPrior),
    rounding: form.rounding,
    priorSize: priors.map(role.priorSize),
    coordinates: role.coordinates,
  })

const encoderOf =
  <Q, P, X, S, M, Source, D extends Densities>(
    sides: Sides<Q, P, X, S, Source, D>,
    role: Role<Q, P, X, S, M, D>,
  ): Mixture<Source, X, M, S, D>['encode'] =>
  (source, centring = {}) => {
    const { translation } = sides.pair
    return pipe(
      sides.form.encode(source, sides.priors[0]!, placesOf(centring, translation && role.locationOf(translation))),
      E.map(({ centre, ...rows }): Encoded<M, S, D> => {
        const moves = centre === undefined ? undefined : translation
        const outward = moves?.fromCentred(centre!)
        const inward = moves?.toCentred(centre!)
        const around = role.around?.(sides.priors[0]!)
        const gather = (components: number, q: (n: number, k: number) => number): ReadonlyArray<S> => {
          const { densities, sums } = gatherSums<D>(sides.form.tag, rows.rows, components, q, rows.factors)
          const statistics = sides.form.statistics(densities, sums)
          // Rows with an origin have not been moved yet.
          return outward && rows.origin === undefined ? statistics.map(outward.statistics) : statistics
        }
        return {
          ...rows,
          kind: sides.form.tag,
          steps: stepsOf(sides, inward ? sides.priors.map(inward.prior) : sides.priors, role),
          inward: inward ? role.move(inward) : identity,
          outward: outward ? role.move(outward) : identity,
          outwardStatistics: outward ? outward.statistics : identity,
          gather,
          ...(around && { around }),
        }
      }),
    )
  }

/** Components, and statistics that have the shape of those of no observations and make a posterior. */
const checksOf = <Q, P, X, S>(
  pair: ConjugatePrior<Q, P, X, S>,
  priors: ReadonlyArray<Q>,
  { check }: Pick<Role<Q, P, X, S, never, never>, 'check'>,
): MixtureChecks => {
  const prior = priors[0]!
  return {
    component: check(prior),
    statistics: allOf(like(pair.monoid(prior).empty, finite), value => {
      const posterior = pair.update(value as S)(prior)
      return E.isLeft(posterior)
        ? {
            path: '',
            expected: 'statistics that make a posterior',
            received: `some that do not (${posterior.left.parameter})`,
          }
        : undefined
    }),
  }
}

const freeParametersOf = <Q, P, X, S>(
  pair: ConjugatePrior<Q, P, X, S>,
  priors: ReadonlyArray<Q>,
  weights: number,
): number => priors.reduce((sum, q) => sum + pair.freeParameters(q), weights - 1)

/** Whether priors are the same, by what their densities are made of. */
const isSame = <Q, P, X, S>({ family }: ConjugatePrior<Q, P, X, S>, a: Q, b: Q): boolean => {
  if (a === b) return true
  const [one, other] = [family.natural(a), family.natural(b)]
  return one.length === other.length && Array.from(one).every((v, i) => v === other[i])
}

/** A posterior that is there but whose mode is not, with the two ways out. */
const withoutMode = (error: InvalidParameter): E.Either<InvalidParameter, never> =>
  E.left({
    ...error,
    expected: `${error.expected}; give a stronger prior, or fit the variational mixture, which needs no mode`,
  })

/** The mixture whose components are at the mode of their posterior: what MAP-EM fits. */
export const modeMixture = <Source, Q, P, X, S, D extends Densities>(
  pair: ConjugatePrior<Q, P, X, S>,
  form: Form<Q, P, X, S, Source, D>,
  priors: ReadonlyArray<Q>,
  weightsPrior: Dirichlet,
  noise?: number,
): ConjugateMixture<Source, Q, P, X, S, D> => {
  const sides = { pair, form, priors }
  const role: Role<Q, P, X, S, P, D> = {
    check: prior =>
      ofSize(memberOf(pair.likelihood), (p: P) => pair.family.statistic(p).length, pair.family.natural(prior).length),
    densities: form.ofMembers,
    maximize: (prior, statistics) => {
      const mode = posteriorMode(pair)(statistics)(prior)
      if (E.isLeft(mode)) return E.isLeft(pair.update(statistics)(prior)) ? mode : withoutMode(mode.left)
      return form.tag === 'Quadratic' || form.tag === 'Diagonal' ? mode : summable<P>(pair.likelihood)(mode.right)
    },
    logPrior: pair.family.logProb,
    priorSize: prior => component => sizeOfInnerProduct(pair.family.natural(prior), pair.family.statistic(component)),
    coordinates: form.coordinates,
    move: move => move.member,
    locationOf: translation => translation.locationOf.member,
    ...(form.around && { around: form.around }),
  }
  return {
    ...sides,
    [kind]: 'mixture',
    name: `mixture of ${priors.length} (${pair.family.name} prior)`,
    definition: { prior: pair.family.name, priors, weightsPrior, noise: noise ?? null },
    weightsPrior,
    weights: dirichletWeights(weightsPrior),
    steps: stepsOf(sides, priors, role),
    encode: encoderOf(sides, role),
    check: checksOf(pair, priors, role),
    sample: pair.likelihood.sample,
    freeParameters: freeParametersOf(pair, priors, weightsPrior.concentration.length),
    exchangeable: areAlike(weightsPrior.concentration, priors.length) && priors.every(q => isSame(pair, q, priors[0]!)),
    ...(noise !== undefined && { noise }),
  }
}

/** A mixture whose components and weights are posterior distributions. */
export type VariationalMixture<Source, Q, X, S, D extends Densities> = Mixture<Source, X, Q, S, D, Dirichlet>

/** See `variational`. */
export const variationalMixture = <Source, Q, P, X, S, D extends Densities>(
  mixture: ConjugateMixture<Source, Q, P, X, S, D>,
): VariationalMixture<Source, Q, X, S, D> => {
  const { pair, form, priors, weightsPrior, noise, name, definition, freeParameters, exchangeable } = mixture
  const role: Role<Q, P, X, S, Q, D> = {
    check: prior =>
      ofSize(memberOf(pair.family), (q: Q) => pair.family.natural(q).length, pair.family.natural(prior).length),
    densities: form.ofPosteriors,
    maximize: (prior, statistics) => pair.update(statistics)(prior),
    logPrior: prior => posterior => -pair.family.klDivergence(posterior)(prior),
    priorSize: () => q => {
      const inner = sizeOfInnerProduct(pair.family.natural(q), pair.family.expectedStatistic(q))
      return inner + Math.abs(pair.family.logNormaliser(q))
    },
    coordinates: {
      toVector: q => Float64Array.from(pair.family.natural(q)),
      fromVector: v => pair.family.fromNatural(v as never),
    },
    move: move => move.prior,
    locationOf: translation => translation.locationOf.prior,
  }
  const weights: Weights<Dirichlet> = variationalWeights(weightsPrior)
  return {
    [kind]: 'mixture',
    name: `variational ${name}`,
    definition: { variational: definition },
    weights,
    steps: stepsOf(mixture, priors, role),
    encode: encoderOf(mixture, role),
    check: checksOf(pair, priors, role),
    sample: q => random => pair.likelihood.sample(pair.family.sample(q)(random))(random),
    freeParameters,
    exchangeable,
    ...(noise !== undefined && { noise }),
    ...(mixture.fromData && {
      fromData: mapFromData(mixture.fromData, made =>
        variationalMixture(made as ConjugateMixture<Source, Q, P, X, S, D>),
      ),
    }),
  }
}

/** The K priors and the Dirichlet that options stand for, of which `given` are one prior or K. Errors: see {@link conjugateMixture}. */
export const priorsOf = <Q>(
  { components, concentration, noise }: Omit<ConjugateMixtureOptions<unknown>, 'prior'>,
  given: ReadonlyArray<Q>,
): E.Either<InvalidParameter, { readonly priors: ReadonlyArray<Q>; readonly weightsPrior: Dirichlet }> =>
  pipe(
    weightsPriorOf(noise === undefined ? components : components + 1, concentration),
    E.map(weightsPrior => ({
      priors: given.length === 1 ? new Array<Q>(components).fill(given[0]!) : given,
      weightsPrior,
    })),
  )

/** A list that is no prior itself holds one for each component; some priors are lists, such as those of diagonal normals. */
const listOfPriors = <Q>(prior: Q | ReadonlyArray<Q>, isPrior: Schema): ReadonlyArray<Q> =>
  Array.isArray(prior) && isPrior(prior) !== undefined ? (prior as ReadonlyArray<Q>) : [prior as Q]

/** Priors of another number of columns would only be found when they meet data. */
const ofOneSize =
  <Q>(sizeOf: (q: Q) => number): Schema =>
  value => {
    const sizes = (value as ReadonlyArray<Q>).map(sizeOf)
    const at = sizes.findIndex(size => size !== sizes[0])
    return at < 0
      ? undefined
      : { path: `[${at}]`, expected: 'a prior of as many columns as the first', received: 'another' }
  }

/**
 * A mixture from a likelihood and its prior: x_n | z_n = k ~ p(x | theta_k), theta_k ~ `prior`, z_n ~ pi,
 * pi ~ Dirichlet(`concentration`). Any conjugate pair will do; observations are what the pair observes.
 * Errors: there are fewer components than 1; there are as many priors or concentrations as there are no components; one of
 * them does not exist.
 */
export const conjugateMixture =
  <Q, P, X, S>(pair: ConjugatePrior<Q, P, X, S>) =>
  (options: ConjugateMixtureOptions<Q>): E.Either<InvalidParameter, ConjugateMixture<Iterable<X>, Q, P, X, S>> => {
    const isPrior = memberOf(pair.family)
    const priors = allOf(
      list(isPrior),
      ofOneSize<Q>(q => pair.family.natural(q).length),
    )
    return pipe(
      checkDefinition('Mixture', {
        ...mixtureFields(),
        prior: value =>
          Array.isArray(value) && isPrior(value) !== undefined && value.length > 0
            ? allOf(list(anything, options.components), priors)(value)
            : isPrior(value),
      })(options),
      E.chain(({ prior }) => priorsOf(options, listOfPriors(prior, isPrior))),
      E.map(({ priors: each, weightsPrior }) => modeMixture(pair, formOf(pair), each, weightsPrior, options.noise)),
    )
  }
