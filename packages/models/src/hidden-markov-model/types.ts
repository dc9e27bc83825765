import type { Matrix, Vector } from '@conjugate/linalg'
import type { ChainLabels } from '../labels/chain.js'
import type { ComponentTypes } from '../model/component-model.js'
import type { ModelFit } from '../model/fit.js'
import type { ModelFitOptions } from '../model/fit-options.js'
import type { GibbsOptions } from '../model/gibbs.js'
import type { OnlineEnd } from '../model/online/results.js'
import type { ModelPredictOptions } from '../model/predict.js'
import type { Start } from '../model/start.js'

/** The parameters of a hidden Markov model. */
export interface HiddenMarkovParameters<C extends ComponentTypes> {
  /** The probabilities of the first state, K numbers. */
  readonly initial: Vector
  /** The probabilities of what follows, K x K: row j is what follows state j, and sums to 1. */
  readonly transitions: Matrix
  readonly emissions: ReadonlyArray<C['component']>
}

/**
 * Sequences, each with an N of its own. A reading that is `null`, or whose numbers all are, was not observed: its state is
 * inferred from its neighbours, and nothing else is learnt from it.
 */
export type Sequences<C extends ComponentTypes> = ReadonlyArray<C['data']>

/** Options of `fit` for a hidden Markov model, whose sequences say themselves how long they are. */
export type HiddenMarkovFitOptions<C extends ComponentTypes> = Omit<ModelFitOptions<C, ChainLabels>, 'start'> & {
  /** Where EM starts; emissions of the clusters of k-means by default. Probabilities of 0 stay 0. */
  readonly start?: Start<HiddenMarkovParameters<C>> | HiddenMarkovParameters<C>
}

/** The result of a fit of a hidden Markov model: its parameters, and how the fit ended. */
export interface HiddenMarkovFit<C extends ComponentTypes>
  extends HiddenMarkovParameters<C>,
    Omit<ModelFit<C, ChainLabels>, keyof HiddenMarkovParameters<C> | 'components' | 'assignments'> {
  /** For each sequence its most probable states together; -1 in one that is impossible. */
  readonly paths: ReadonlyArray<Int32Array>
}

/** What a fitted hidden Markov model says of sequences, which need not be those it was fitted to. */
export interface HiddenMarkovPrediction {
  /** For each sequence its most probable states together; -1 in one that is impossible. */
  readonly paths: ReadonlyArray<Int32Array>
  /** For each sequence N x K: p(z_n = k | X). */
  readonly states: ReadonlyArray<Matrix>
  /** log p(X) of each sequence, in nats. */
  readonly logProb: Float64Array
}

/** Where a prediction runs, and what is known of states. */
export type HiddenMarkovPredictOptions = ModelPredictOptions

/** Options of `gibbs` for a hidden Markov model. */
export type HiddenMarkovGibbsOptions<C extends ComponentTypes> = GibbsOptions<HiddenMarkovParameters<C>>

/** One draw from the posterior of parameters and states. */
export interface HiddenMarkovDraw<C extends ComponentTypes> extends HiddenMarkovParameters<C> {
  /** The states of each sequence, given which the parameters were drawn. */
  readonly paths: ReadonlyArray<Int32Array>
  /** log p(X, theta) of these parameters, with the states summed out. */
  readonly logJoint: number
}

/** The result of a fit of a hidden Markov model over a stream: the parameters after its last batch. */
export interface HiddenMarkovOnlineFit<C extends ComponentTypes>
  extends HiddenMarkovParameters<C>,
    Omit<OnlineEnd<unknown>, 'parameters'> {}
