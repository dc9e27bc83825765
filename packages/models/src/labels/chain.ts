import type { InvalidParameter, Random } from '@conjugate/distributions'
import { anyNumber, atLeast, type Fields, numbers, optional, whole } from '@conjugate/em/schema'
import { chainsOn, type Executor } from '@conjugate/executors'
import { tabulate } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { checkDefinition, oneOrMany } from '../checks/definition.js'
import type { FitError } from '../errors.js'
import { concentrationsOf, invalidLabels, invalidStructure } from './checks.js'
import { dirichletPoints, dirichletPosteriors } from './dirichlet-labels.js'
import type { LabelModel, LabelPosteriors, LabelTypes } from './label-model.js'
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

/** The lengths of all sequences of N rows. Errors: one is no whole number of at least 0, or their sum is not N. */
const lengthsOf = (rows: number, lengths: ArrayLike<number> = [rows]): E.Either<FitError, ReadonlyArray<number>> => {
  let sum = 0
  for (let i = 0; i < lengths.length; i++) {
    const length = lengths[i]!
    if (!Number.isSafeInteger(length) || length < 0)
      return invalidStructure(`lengths[${i}]`, 'a whole number of at least 0', length)
    sum += length
  }
  return sum === rows
    ? E.right(Array.from(lengths))
    : invalidStructure('lengths', `numbers that sum to ${rows}`, `a sum of ${sum}`)
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
        (rows: number, structure: ChainLabels['structure'], executor?: Executor) =>
          pipe(
            TE.fromEither(lengthsOf(rows, structure?.lengths)),
            TE.chainW(lengths =>
              pipe(
                chainsOn(executor)(k, lengths),
                TE.map(chains => ({
                  ...estimate,
                  ...chains,
                  infer: (
                    potentials: ChainSteps,
                    logDensities: Float64Array,
                    _carry?: Float64Array,
                    isSpent?: boolean,
                  ) => chains.smooth(potentials, logDensities, isSpent),
                  sample: (potentials: ChainSteps, logDensities: Float64Array, { integer }: Random) =>
                    chains.sample(potentials, logDensities, integer(2 ** 53)),
                })),
              ),
            ),
          )
      const constant = {
        name: 'Markov chain',
        structure: { lengths: optional(numbers(anyNumber)) },
        definition: { initial, transitions },
        states: k,
        kind: 'exact' as const,
        freeParameters: parts.initial.size + parts.transitions.size - k - 1,
      }
      const [points, posteriors] = [
        { ...dirichletPoints<ChainSteps>(parts, k), permute },
        { ...dirichletPosteriors<ChainSteps>(parts), permute },
      ]
      return {
        ...constant,
        bind: bind(points),
        estimate: points,
        variational: (): LabelModel<LabelPosteriors<ChainLabels>> => ({
          ...constant,
          name: 'variational Markov chain',
          bind: bind(posteriors),
          estimate: posteriors,
        }),
      }
    }),
  )
