import type { InvalidParameter } from '@conjugate/distributions'
import { anything, optional } from '@conjugate/em/schema'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkDefinition, priorFields } from '../checks/definition.js'
import { howManySquared } from '../checks/size.js'
import { kind } from '../door/dual.js'
import { type GaussianMixtureOptions, gaussianMixture } from '../gaussian-mixture/definition.js'
import { type ChainLabels, type MarkovChainOptions, markovChain } from '../labels/chain.js'
import type { BesideGaps } from '../mixture/components.js'
import type { ConjugateMixture } from '../mixture/conjugate.js'
import type { GaussianTypes } from '../mixture/forms/quadratic.js'
import type { ComponentTypes } from '../model/component-model.js'
import type { Model } from '../model/model.js'
import { inSequences } from './sequences.js'

/**
 * A chain of hidden states z_1, z_2, ... and what they show: z_1 ~ pi, z_n | z_(n-1) = j ~ row j of A,
 * x_n | z_n = k ~ p(x | theta_k), with a Dirichlet on pi and on each row of A, and a conjugate prior on each emission.
 * Source: Rabiner, A tutorial on hidden Markov models (1989); Murphy, Machine Learning (2012), section 17.5.
 */
export interface HiddenMarkovModel<C extends ComponentTypes> extends Model<C, ChainLabels> {
  readonly [kind]: 'hidden Markov model'
}

/** Emissions that are multivariate normals. */
export type GaussianEmissions = BesideGaps<GaussianTypes>

/**
 * The hidden Markov model whose emissions are the components of any mixture: counts, waiting times, categories, tables with
 * missing cells, directions, diagonal or full Gaussians. The weights of the mixture are left out, since a chain says how its
 * labels are distributed; noise is a state. Errors: the chain has another number of states than there are components.
 */
export const hiddenMarkovModelOf = <T extends ComponentTypes>(
  emissions: ConjugateMixture<T>,
  options: Omit<MarkovChainOptions, 'states'> = {},
): E.Either<InvalidParameter, HiddenMarkovModel<BesideGaps<T>>> =>
  pipe(
    markovChain({ ...options, states: emissions.labels.states }),
    E.map(labels => ({
      [kind]: 'hidden Markov model',
      components: emissions.components.withGaps(),
      labels,
      dialect: inSequences(emissions.components.pair.likelihood.support),
    })),
  )

/** What defines a hidden Markov model with Gaussian emissions. */
export interface HiddenMarkovModelOptions extends MarkovChainOptions {
  /** The normal-inverse-Wishart prior of each emission; as in `gaussianMixture` it follows from the readings by default. */
  readonly prior?: NonNullable<GaussianMixtureOptions['prior']>
}

/**
 * Defines a hidden Markov model with Gaussian emissions of full covariances. Errors: there are fewer states than 1, or a prior
 * does not exist.
 */
export const hiddenMarkovModel = (
  given: HiddenMarkovModelOptions,
): E.Either<InvalidParameter, HiddenMarkovModel<GaussianEmissions>> =>
  pipe(
    checkDefinition('HiddenMarkovModel', {
      states: howManySquared,
      initialConcentration: anything,
      transitionConcentration: anything,
      stickiness: anything,
      prior: optional(priorFields),
    })(given),
    E.chain(({ states, prior, ...options }) =>
      pipe(
        markovChain({ states, ...options }),
        E.chain(() => gaussianMixture({ components: states, ...(prior && { prior }) })),
        E.chain(emissions => hiddenMarkovModelOf(emissions, options)),
      ),
    ),
  )
