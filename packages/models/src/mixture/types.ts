import type { Kind, kind } from '../door/dual.js'
import type { LabelTypes } from '../labels/label-model.js'
import type { ComponentModel, ComponentTypes } from '../model/component-model.js'
import type { Model } from '../model/model.js'
import type { Mixture } from './mixture.js'

/** What can be fitted: a mixture, components with a label model, or a hidden Markov model. */
export interface Fittable {
  readonly [kind]: Kind
}

/** A mixture of whatever components. */
export interface AMixture extends Fittable {
  readonly [kind]: 'mixture'
}

/** What functions of models know of them inside, where types have been checked already. */
export type AnyModel = Model<ComponentTypes, LabelTypes>

/** What functions of mixtures know of them inside, where types have been checked already. */
export type AnyMixture = Mixture<ComponentTypes, LabelTypes>

/** The types of the components of a model, by name. */
export type ComponentsOf<M> = M extends { readonly components: ComponentModel<infer C> } ? C : never
