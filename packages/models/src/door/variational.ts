import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { tried } from '../checks/functions.js'
import { CONJUGATE, checkModel, without } from '../checks/model.js'
import type { FitError } from '../errors.js'
import type { HiddenMarkovModel } from '../hidden-markov-model/definition.js'
import type { IndependentLabels } from '../labels/independent.js'
import type { LabelPosteriors, LabelTypes } from '../labels/label-model.js'
import type { ConjugateMixture } from '../mixture/conjugate.js'
import type { Mixture } from '../mixture/mixture.js'
import type { ComponentPosteriors, ComponentTypes } from '../model/component-model.js'
import type { Model } from '../model/model.js'
import { type Given, kindOf } from './dual.js'

/** The model whose components and labels are posterior distributions. */
export type VariationalModel<C extends ComponentTypes, L extends LabelTypes> = Model<
  ComponentPosteriors<C>,
  LabelPosteriors<L>
>

/** A mixture whose components and weights are posterior distributions; `weights` are the concentrations of a Dirichlet. */
export type VariationalMixture<C extends ComponentTypes> = Mixture<
  ComponentPosteriors<C>,
  LabelPosteriors<IndependentLabels>
>

/** A type that no model has which lacks a trait; the compiler prints its name. */
export type Needs<L extends LabelTypes, Trait extends LabelTypes['traits']> = Trait extends L['traits']
  ? unknown
  : { readonly 'this label model has no': Trait }

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
  <T extends ComponentTypes>(mixture: ConjugateMixture<T>): VariationalMixture<T>
  <T extends ComponentTypes>(
    mixture: E.Either<FitError, ConjugateMixture<T>>,
  ): E.Either<FitError, VariationalMixture<T>>
  <C extends ComponentTypes>(
    model: Given<HiddenMarkovModel<C>>,
  ): E.Either<FitError, HiddenMarkovModel<ComponentPosteriors<C>>>
  <C extends ComponentTypes, L extends LabelTypes>(
    model: Given<Model<C, L> & Needs<L, 'variational'>>,
  ): E.Either<FitError, VariationalModel<C, L>>
} = (<C extends ComponentTypes, L extends LabelTypes>(given: Given<Model<C, L>>) => {
  const made = tried(() =>
    pipe(
      checkModel(given),
      E.chain((model): E.Either<FitError, VariationalModel<C, L>> => {
        const { components, labels } = model
        if (components.variational === undefined) return without(CONJUGATE)
        return labels.variational === undefined
          ? without('labels with posteriors')
          : E.right({ ...model, components: components.variational(), labels: labels.variational() })
      }),
    ),
  )
  // What is no mixture with posteriors is told by who fits it.
  return kindOf(given) === 'mixture' && E.isRight(made) ? made.right : made
}) as never
