import type { Kind, kind } from '../door/dual.js'
import type { Mixture, Steps, Weights } from './mixture.js'

/** What can be fitted: a mixture, components with a label model, or a hidden Markov model. */
export interface Fittable {
  readonly [kind]: Kind
}

/** The parts of a mixture that tell its types. */
export interface MixtureLike<Source, P, S, W> {
  readonly encode: (source: Source, ...rest: never[]) => unknown
  readonly steps: Pick<Steps<P, S, never>, 'logPrior' | 'maximize'>
  readonly weights: Weights<W>
}

/** A mixture of whatever components. */
export interface AMixture extends Fittable {
  readonly [kind]: 'mixture'
}

/** What functions of mixtures know of them inside, where types have been checked already. */
export type AnyMixture = Mixture<never, never, never, never>

/** P: the parameters of a component of a mixture. */
export type ComponentOf<M> = M extends MixtureLike<never, infer P, infer _S, infer _W> ? P : never

/** S: the statistics of a component of a mixture. */
export type StatisticsOf<M> = M extends MixtureLike<never, infer _P, infer S, infer _W> ? S : never

/** W: the weights of a mixture, or their posterior. */
export type WeightsOf<M> = M extends { readonly weights: Weights<infer W> } ? W : never

/** How observations of a mixture are given. */
export type SourceOf<M> = M extends { readonly encode: (source: infer Source, ...rest: never[]) => unknown }
  ? Source
  : never

/** X: one observation of a mixture. */
export type ObservationOf<M> = M extends { readonly sample: (component: never) => (random: never) => infer X }
  ? X
  : never

/** Q: the prior of a component, and its posterior. */
export type PriorOf<M> = M extends { readonly priors: ReadonlyArray<infer Q> } ? Q : never
