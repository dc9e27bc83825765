import {
  type Dirichlet,
  dirichlet,
  type GaussianStatistics,
  type InvalidParameter,
  type MultivariateNormal,
  type NormalInverseWishart,
  normalInverseWishart,
  normalInverseWishartPrior,
  posteriorMode,
} from '@conjugate/distributions'
import type { Matrix, MatrixLike, Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { probabilitiesOf } from '../mixture/probabilities.js'

/**
 * A chain of hidden states z_1, z_2, ... with Gaussian emissions: z_1 ~ pi, z_n | z_(n-1) = j ~ row j of A,
 * x_n | z_n = k ~ N(mu_k, Sigma_k), with a Dirichlet on pi and on each row, and a normal-inverse-Wishart on each emission.
 * Source: Rabiner, A tutorial on hidden Markov models (1989); Murphy, Machine Learning (2012), section 17.5.
 */
export interface HiddenMarkovModel {
  readonly initialPrior: Dirichlet
  /** Of each of the K rows. */
  readonly transitionPriors: ReadonlyArray<Dirichlet>
  readonly emissionPrior: NormalInverseWishart
}

export interface HiddenMarkovParameters {
  /** K: probabilities of the first state. */
  readonly initial: Vector
  /** K x K: row j holds the probabilities of what follows state j. */
  readonly transitions: Matrix
  readonly emissions: ReadonlyArray<MultivariateNormal>
}

/** Expected counts and sums of an E-step. */
export interface HiddenMarkovStatistics {
  /** K: how many sequences begin in a state. */
  readonly initial: Vector
  /** K x K: how often a state follows another. */
  readonly transitions: Matrix
  readonly emissions: ReadonlyArray<GaussianStatistics>
  /** At which they were gathered: what of these nothing was observed of may stay. */
  readonly parameters: Pick<HiddenMarkovParameters, 'initial' | 'transitions'>
}

export interface HiddenMarkovModelOptions {
  /** K. */
  readonly states: number
  /** Of the Dirichlet of the first state, for each state; 1 by default, which is flat. */
  readonly initialConcentration?: number
  /** Of the Dirichlets of the transitions; 1 by default. */
  readonly transitionConcentration?: number
  /** Added to the concentration of staying in a state; 0 by default. */
  readonly stickiness?: number
  /** The normal-inverse-Wishart prior of each emission, as in `gaussianMixture`. */
  readonly prior: {
    readonly mean: ArrayLike<number>
    readonly meanPrecision: number
    readonly degreesOfFreedom: number
    readonly scale: MatrixLike
  }
}

/** Defines the model. Errors: a number of states below 1, or priors that do not exist. */
export const hiddenMarkovModel = ({
  states,
  initialConcentration = 1,
  transitionConcentration = 1,
  stickiness = 0,
  prior,
}: HiddenMarkovModelOptions): E.Either<InvalidParameter, HiddenMarkovModel> => {
  if (!Number.isSafeInteger(states) || states < 1)
    return E.left({
      _tag: 'InvalidParameter',
      distribution: 'HiddenMarkovModel',
      parameter: 'states',
      expected: 'a whole number of at least 1',
      received: String(states),
    })
  const numbers = Array.from({ length: states }, (_, k) => k)
  return pipe(
    E.Do,
    E.bind('initialPrior', () => dirichlet.make({ concentration: numbers.map(() => initialConcentration) })),
    E.bind('transitionPriors', () =>
      E.sequenceArray(
        numbers.map(j =>
          dirichlet.make({ concentration: numbers.map(k => transitionConcentration + (j === k ? stickiness : 0)) }),
        ),
      ),
    ),
    E.bind('emissionPrior', () => normalInverseWishart.make(prior)),
  )
}

const rowOf = ({ columns, data }: Matrix, j: number): Vector =>
  Float64Array.from({ length: columns }, (_, k) => data[j * columns + k]!)

/** log p(theta) with every normalising constant. */
export const logPrior = ({ initialPrior, transitionPriors, emissionPrior }: HiddenMarkovModel) => {
  const ofInitial = probabilitiesOf(initialPrior).logPrior
  const ofRows = transitionPriors.map(prior => probabilitiesOf(prior).logPrior)
  const ofEmission = normalInverseWishart.logProb(emissionPrior)
  return ({ initial, transitions, emissions }: HiddenMarkovParameters): number =>
    ofInitial(initial) +
    ofRows.reduce((sum, ofRow, j) => sum + ofRow(rowOf(transitions, j)), 0) +
    emissions.reduce((sum, c) => sum + ofEmission(c), 0)
}

/**
 * The M-step: modes of the posteriors. What follows a state that no sequence visits stays as it is where its prior has no
 * mode, as the flat one: so a transition of probability 0 stays impossible. Errors: a posterior without a mode.
 */
export const maximize = ({ initialPrior, transitionPriors, emissionPrior }: HiddenMarkovModel) => {
  const ofInitial = probabilitiesOf(initialPrior)
  const ofRows = transitionPriors.map(probabilitiesOf)
  const ofEmission = posteriorMode(normalInverseWishartPrior)
  return (s: HiddenMarkovStatistics): E.Either<InvalidParameter, HiddenMarkovParameters> =>
    pipe(
      E.Do,
      E.bind('initial', () => ofInitial.maximize(s.initial, s.parameters.initial)),
      E.bind('rows', () =>
        E.sequenceArray(
          ofRows.map((row, j) => row.maximize(rowOf(s.transitions, j), rowOf(s.parameters.transitions, j))),
        ),
      ),
      E.bind('emissions', () =>
        E.sequenceArray(
          s.emissions.map((statistics, k) =>
            pipe(
              ofEmission(statistics)(emissionPrior),
              E.mapLeft(e => ({ ...e, parameter: `emissions[${k}].${e.parameter}` })),
            ),
          ),
        ),
      ),
      E.map(({ initial, rows, emissions }) => ({
        initial,
        transitions: {
          rows: rows.length,
          columns: rows.length,
          data: Float64Array.from(rows.flatMap(row => Array.from(row))),
        },
        emissions,
      })),
    )
}
