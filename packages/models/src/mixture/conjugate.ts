import {
  type ConjugatePrior,
  type Dirichlet,
  dirichlet,
  type InvalidParameter,
  posteriorMode,
  validator,
} from '@conjugate/distributions'
import { allOf, anything, finite, like, list, type Schema } from '@conjugate/em/schema'
import type { Densities } from '@conjugate/executors'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkDefinition, mixtureFields } from '../checks/definition.js'
import { memberOf, ofSize } from '../checks/parameters.js'
import { type IndependentLabels, independent } from '../labels/independent.js'
import type { ComponentModel, ComponentPosteriors, ComponentTypes } from '../model/component-model.js'
import { type BesideGaps, type MixtureComponents, mixtureComponents } from './components.js'
import { type ComponentEstimate, type ComponentSides, partsOf, type Standing } from './estimate.js'
import type { Form, PairOf, PairTypes } from './forms/form.js'
import { summable } from './forms/linear.js'
import { formOf } from './forms/of-pair.js'
import { type Mixture, type MixtureParts, mixtureOf } from './mixture.js'
import { sizeOfInnerProduct } from './rounding.js'
import type { AMixture } from './types.js'

/** Components that are members of a likelihood, each with a conjugate prior. */
export interface ConjugateComponents<T extends ComponentTypes> extends MixtureComponents<T> {
  readonly pair: PairOf<T>
  /** The K priors of the components. */
  readonly priors: ReadonlyArray<T['posterior']>
  readonly withGaps: () => ConjugateComponents<BesideGaps<T>>
}

/** A mixture of the members of a likelihood, each with a conjugate prior, and weights with a Dirichlet prior. */
export interface ConjugateMixture<T extends ComponentTypes> extends Mixture<T, IndependentLabels> {
  readonly components: ConjugateComponents<T>
}

/** Whatever has components with conjugate priors. */
export interface Conjugate extends AMixture {
  readonly components: { readonly pair: unknown }
}

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

/** What a mixture of a pair is made of, whatever stands for its components. */
interface PairParts<T extends ComponentTypes> extends ComponentSides<T> {
  readonly pair: PairOf<T>
}

/** Statistics that have the shape of those of no observations and make a posterior. */
const statisticsOf = <T extends ComponentTypes>({ pair, priors }: PairParts<T>): Schema =>
  allOf(like(pair.monoid(priors[0]!).empty, finite), value => {
    const posterior = pair.update(value as T['statistics'])(priors[0]!)
    return E.isLeft(posterior)
      ? {
          path: '',
          expected: 'statistics that make a posterior',
          received: `some that do not (${posterior.left.parameter})`,
        }
      : undefined
  })

/** A posterior that is there but whose mode is not, with the two ways out. */
const withoutMode = (error: InvalidParameter): E.Either<InvalidParameter, never> =>
  E.left({
    ...error,
    expected: `${error.expected}; give a stronger prior, or fit the variational mixture, which needs no mode`,
  })

/** Components that are at the mode of their posterior: what MAP-EM fits. */
const modes = <T extends ComponentTypes>(sides: PairParts<T>): MixtureParts<Standing<T, T['component']>> => {
  type P = T['component']
  const { pair, form, priors, noise = null } = sides
  const estimate: ComponentEstimate<T, P> = {
    check: prior =>
      ofSize(memberOf(pair.likelihood), (p: P) => pair.family.statistic(p).length, pair.family.natural(prior).length),
    densities: form.ofMembers,
    maximize: (prior, statistics) => {
      const mode = posteriorMode(pair)(statistics)(prior)
      if (E.isLeft(mode)) return E.isLeft(pair.update(statistics)(prior)) ? mode : withoutMode(mode.left)
      const isAboutMeans = form.densityForm === 'Quadratic' || form.densityForm === 'Diagonal'
      return isAboutMeans ? mode : summable<P>(pair.likelihood)(mode.right)
    },
    logPrior: pair.family.logProb,
    priorSize: prior => {
      let natural: ReturnType<typeof pair.family.natural> | undefined
      return component => {
        natural ??= pair.family.natural(prior)
        return sizeOfInnerProduct(natural, pair.family.statistic(component))
      }
    },
    coordinates: form.coordinates,
    move: move => move.member,
    locationOf: translation => translation.locationOf.member,
    ...(form.componentAt && { componentAt: form.componentAt }),
    sample: pair.likelihood.sample,
  }
  return partsOf(sides, estimate, {
    name: `mixture of ${priors.length} (${pair.family.name} prior)`,
    definition: { prior: pair.family.name, priors, noise },
    statistics: statisticsOf(sides),
    freeParameters: priors.reduce<number>((sum, q) => sum + pair.freeParameters(q), 0),
  })
}

/** Components that are posterior distributions: what variational Bayes fits. */
const posteriors = <T extends ComponentTypes>(
  sides: PairParts<T>,
  { name, definition, ...told }: Pick<MixtureParts<T>, 'name' | 'definition' | 'statistics' | 'freeParameters'>,
): MixtureParts<Standing<T, T['posterior']>> => {
  type Q = T['posterior']
  const { pair, form } = sides
  const estimate: ComponentEstimate<T, Q> = {
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
    sample: q => random => pair.likelihood.sample(pair.family.sample(q)(random))(random),
  }
  return partsOf(sides, estimate, { ...told, name: `variational ${name}`, definition: { variational: definition } })
}

/** Components with conjugate priors; `gaps` tells whether rows may be missing. */
const conjugateComponents = <T extends ComponentTypes>(sides: PairParts<T>, gaps: boolean): ConjugateComponents<T> => {
  const { pair, priors } = sides
  const parts = modes(sides) as unknown as MixtureParts<T>
  return {
    ...mixtureComponents(parts, gaps),
    pair,
    priors,
    withGaps: () => conjugateComponents(sides as unknown as PairParts<BesideGaps<T>>, true),
    variational: () =>
      mixtureComponents(
        posteriors(sides, parts as never) as unknown as MixtureParts<ComponentPosteriors<T>>,
        gaps,
      ) as ComponentModel<ComponentPosteriors<T>>,
    algebra: { concat: k => pair.monoid(priors[k]!).concat, scale: pair.scale },
    draw: statistics => random =>
      pipe(
        statistics,
        E.traverseArrayWithIndex((k, s) =>
          pipe(
            pair.update(s)(priors[k]!),
            E.map(q => pair.family.sample(q)(random)),
          ),
        ),
      ),
  }
}

/** The mixture of a pair in a form, with given priors. */
export const mixtureOfPair = <T extends ComponentTypes, D extends Densities>(
  pair: PairOf<T>,
  form: Form<T, D>,
  priors: ReadonlyArray<T['posterior']>,
  weightsPrior: Dirichlet,
  noise?: number,
): ConjugateMixture<T> =>
  mixtureOf(
    conjugateComponents<T>(
      { pair, translation: pair.translation, form: form as unknown as Form<T>, priors, noise },
      false,
    ),
    independent(weightsPrior),
  )

/** A Dirichlet of K numbers, or of one number for all K. Errors: there is another number of them, or one is not positive. */
const weightsPriorOf = (
  count: number,
  concentration: number | ArrayLike<number>,
): E.Either<InvalidParameter, Dirichlet> => {
  const { fail } = validator('Mixture')
  if (!Number.isSafeInteger(count) || count < 1) return fail('components', 'a whole number of at least 1', count)
  const alpha = typeof concentration === 'number' ? new Array<number>(count).fill(concentration) : concentration
  return alpha.length === count
    ? dirichlet.make({ concentration: alpha })
    : fail('concentration', `${count} numbers`, `${alpha.length} numbers`)
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
  (options: ConjugateMixtureOptions<Q>): E.Either<InvalidParameter, ConjugateMixture<PairTypes<Q, P, X, S>>> => {
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
      E.map(({ priors: each, weightsPrior }) => mixtureOfPair(pair, formOf(pair), each, weightsPrior, options.noise)),
    )
  }
