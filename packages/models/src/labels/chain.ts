import type { InvalidParameter } from '@conjugate/distributions'
import { anyNumber, atLeast, type Fields, numbers, optional, whole } from '@conjugate/em/schema'
import { tabulate } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkDefinition, oneOrMany } from '../checks/definition.js'
import type { FitError } from '../errors.js'
import { concentrationsOf, invalidLabels, invalidStructure } from './checks.js'
import { dirichletPoints, dirichletPosteriors } from './dirichlet-labels.js'
import { drawStates, type Sequence, smooth, viterbi } from './forward-backward.js'
import type { LabelInference, LabelModel, LabelPosteriors, LabelTypes } from './label-model.js'
import { simplices } from './simplices.js'

/** Numbers for each of K states as the first one (K), and for what follows each (K x K, row-major). */
export type ChainSteps = { readonly initial: Float64Array; readonly transitions: Float64Array }

/** The types of labels that are a Markov chain over sequences. */
export interface ChainLabels extends LabelTypes {
  readonly labels: ChainSteps
  readonly posterior: ChainSteps
  readonly counts: ChainSteps
  readonly structure: {
    /** The number of rows of each sequence, one sequence after the other; one of all rows by default. */
    readonly lengths?: ArrayLike<number>
  }
  readonly traits: 'exact' | 'exchangeable' | 'variational' | 'gibbs'
}

const inference = (states: number, rows: number, sequences: ReadonlyArray<Sequence>): LabelInference<ChainSteps> => {
  const nothing = (): ChainSteps => ({
    initial: new Float64Array(states),
    transitions: new Float64Array(states * states),
  })
  const probabilities = ({ initial, transitions }: ChainSteps): ChainSteps => ({
    initial: initial.map(Math.exp),
    transitions: transitions.map(Math.exp),
  })
  return {
    infer: (potentials, logDensities) => {
      const chain = probabilities(potentials)
      const responsibilities = new Float64Array(rows * states)
      const counts = nothing()
      const logLikelihoods = new Float64Array(sequences.length)
      for (const [i, sequence] of sequences.entries())
        logLikelihoods[i] = smooth(chain, sequence, logDensities, responsibilities, counts)
      return { responsibilities, counts, logLikelihoods }
    },
    decode: (potentials, logDensities) => {
      const labels = new Int32Array(rows)
      for (const sequence of sequences) viterbi(potentials, sequence, logDensities, labels)
      return labels
    },
    sample: (potentials, logDensities, random) => {
      const chain = probabilities(potentials)
      const labels = new Int32Array(rows)
      const filtered = new Float64Array(rows * states)
      for (const sequence of sequences) drawStates(chain, sequence, logDensities, filtered, random, labels)
      return labels
    },
    count: labels => {
      const counts = nothing()
      for (const { first, length } of sequences) {
        if (length > 0) counts.initial[labels[first]!]!++
        for (let n = first + 1; n < first + length; n++) counts.transitions[labels[n - 1]! * states + labels[n]!]!++
      }
      return counts
    },
  }
}

/** Where each sequence lies among N rows. Errors: a length is no whole number of at least 1, or their sum is not N. */
const sequencesOf = (
  rows: number,
  lengths: ArrayLike<number> | undefined,
): E.Either<FitError, ReadonlyArray<Sequence>> => {
  if (lengths === undefined) return E.right([{ first: 0, length: rows }])
  const sequences: Sequence[] = []
  let first = 0
  for (let i = 0; i < lengths.length; i++) {
    const length = lengths[i]!
    if (!Number.isSafeInteger(length) || length < 0)
      return invalidStructure(`lengths[${i}]`, 'a whole number of at least 0', length)
    sequences.push({ first, length })
    first += length
  }
  return first === rows
    ? E.right(sequences)
    : invalidStructure('lengths', `numbers that sum to ${rows}`, `a sum of ${first}`)
}

/** What defines labels that are a Markov chain. */
export interface MarkovChainOptions {
  /** K, the number of states. */
  readonly states: number
  /** The concentrations of the first state: K numbers, or one for all; 1 by default, which is flat. 0 forbids a state. */
  readonly initialConcentration?: number | ArrayLike<number>
  /** The concentrations of what follows each state: K x K numbers row by row, or one for all; 1 by default. 0 forbids a step. */
  readonly transitionConcentration?: number | ArrayLike<number>
  /** What is added to the concentration of staying in a state; 0 by default. */
  readonly stickiness?: number
}

const concentrationOf = (
  parameter: string,
  given: number | ArrayLike<number>,
  length: number,
  columns: number,
): E.Either<InvalidParameter, Float64Array> => {
  const values = typeof given === 'number' ? tabulate(length, () => given) : given
  return values.length === length
    ? concentrationsOf(parameter, values, columns)
    : invalidLabels(parameter, `one number, or ${length}`, `${values.length} numbers`)
}

/** K^2 numbers are kept of the steps. */
const MOST_STATES = 10_000

const chainFields: Fields = {
  states: whole(1, MOST_STATES),
  initialConcentration: optional(oneOrMany),
  transitionConcentration: optional(oneOrMany),
  stickiness: optional(atLeast(0)),
}

/** What a state at `order[k]` has, at k: first states and steps alike. */
const permute =
  (order: ReadonlyArray<number>) =>
  ({ initial, transitions }: ChainSteps): ChainSteps => {
    const k = order.length
    return {
      initial: tabulate(k, i => initial[order[i]!]!),
      transitions: tabulate(k * k, i => transitions[order[Math.floor(i / k)]! * k + order[i % k]!]!),
    }
  }

/**
 * Labels of sequences, which are a Markov chain: z_1 ~ pi, z_n | z_(n-1) = j ~ row j of A, with a Dirichlet on pi and on each
 * row of A. With any components it makes a hidden Markov model. Which rows make a sequence is told with the rows, as
 * `lengths`. Errors: there are fewer states than 1; a concentration is negative or not finite, or nothing is possible in a row.
 * Source: Rabiner, A tutorial on hidden Markov models (1989); Murphy, Machine Learning (2012), section 17.5.
 */
export const markovChain = (options: MarkovChainOptions): E.Either<InvalidParameter, LabelModel<ChainLabels>> =>
  pipe(
    checkDefinition('LabelModel', chainFields)(options),
    E.bindTo('given'),
    E.let('k', ({ given }) => given.states),
    E.bind('initial', ({ given: { initialConcentration = 1 }, k }) =>
      concentrationOf('initialConcentration', initialConcentration, k, k),
    ),
    E.bind('transitions', ({ given: { transitionConcentration = 1 }, k }) =>
      concentrationOf('transitionConcentration', transitionConcentration, k * k, k),
    ),
    E.map(({ k, initial, transitions: steps, given: { stickiness: stay = 0 } }): LabelModel<ChainLabels> => {
      const transitions = steps.map((a, i) => (i % (k + 1) === 0 ? a + stay : a))
      const parts = { initial: simplices(initial, k), transitions: simplices(transitions, k) }
      const bind =
        <A>(estimate: A) =>
        (rows: number, structure: ChainLabels['structure']) =>
          pipe(
            sequencesOf(rows, structure?.lengths),
            E.map(sequences => ({ ...estimate, permute, ...inference(k, rows, sequences) })),
          )
      const constant = {
        name: 'Markov chain',
        structure: { lengths: optional(numbers(anyNumber)) },
        definition: { initial, transitions },
        states: k,
        kind: 'exact' as const,
        freeParameters: parts.initial.size + parts.transitions.size - k - 1,
      }
      const [points, posteriors] = [dirichletPoints<ChainSteps>(parts, k), dirichletPosteriors<ChainSteps>(parts)]
      return {
        ...constant,
        bind: bind(points),
        check: points.check,
        variational: (): LabelModel<LabelPosteriors<ChainLabels>> => ({
          ...constant,
          name: 'variational Markov chain',
          bind: bind(posteriors),
          check: posteriors.check,
        }),
      }
    }),
  )
