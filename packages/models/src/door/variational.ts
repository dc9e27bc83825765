import type { Densities } from '@conjugate/executors'
import * as E from 'fp-ts/lib/Either.js'
import { checkConjugate } from '../checks/model.js'
import type { FitError } from '../errors.js'
import type { HiddenMarkovModel } from '../hidden-markov-model/definition.js'
import type { LabelTypes } from '../labels/label-model.js'
import { type ConjugateMixture, type VariationalMixture, variationalMixture } from '../mixture/conjugate.js'
import type { ComponentPosteriors, ComponentTypes } from '../model/component-model.js'
import type { Model } from '../model/model.js'
import { type Needs, type VariationalModel, variationalModel } from '../model/variational.js'
import { type Given, isGiven, kindOf } from './dual.js'

/**
 * The same model for variational Bayes: its components are posteriors, and so is what is learnt of its labels; it is fitted by
 * the same `fit`, and its objective is the evidence lower bound, with every constant. Of a mixture, the log-likelihood of the
 * E-step stands for the sum over the rows of log sum_k exp(E log pi_k + E log p_k(x)), and the log prior for minus the
 * divergences from the priors. Components start as posteriors given responsibilities, never about single rows.
 * A mixture gives a mixture, and the Either of one the like; any other model gives an Either. Errors: the components or the
 * labels have no posteriors.
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), section 10.2; of chains, MacKay, Ensemble learning for
 * hidden Markov models (1997).
 */
export const variational: {
  <Source, Q, P, X, S, D extends Densities>(
    mixture: ConjugateMixture<Source, Q, P, X, S, D>,
  ): VariationalMixture<Source, Q, X, S, D>
  <Source, Q, P, X, S, D extends Densities>(
    mixture: E.Either<FitError, ConjugateMixture<Source, Q, P, X, S, D>>,
  ): E.Either<FitError, VariationalMixture<Source, Q, X, S, D>>
  <C extends ComponentTypes>(
    model: Given<HiddenMarkovModel<C>>,
  ): E.Either<FitError, HiddenMarkovModel<ComponentPosteriors<C>>>
  <C extends ComponentTypes, L extends LabelTypes>(
    model: Given<Model<C, L> & Needs<L, 'variational'>>,
  ): E.Either<FitError, VariationalModel<C, L>>
} = ((given: Given<Model<ComponentTypes, LabelTypes>>) => {
  const isEither = kindOf(given) === undefined && isGiven(given)
  const model = isEither && '_tag' in given && given._tag === 'Right' ? given.right : given
  const found = kindOf(model)
  if (found === 'model' || found === 'hidden Markov model') return variationalModel(given as never)
  const mixture = checkConjugate<ConjugateMixture<never, unknown, unknown, unknown, unknown, never>>(given as never)
  // What is no mixture is told by who fits it.
  if (E.isLeft(mixture)) return given
  const made = variationalMixture(mixture.right)
  return '_tag' in given ? E.right(made) : made
}) as never
