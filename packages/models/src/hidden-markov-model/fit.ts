import { checkArgument, checkOptions } from '@conjugate/em'
import { anything, exactly, type Fields, object, optional, type Schema } from '@conjugate/em/schema'
import type { Matrix, Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { checkModel } from '../checks/model.js'
import type { FitError } from '../errors.js'
import type { ChainLabels } from '../labels/chain.js'
import type { PredictOptions } from '../mixture/predict.js'
import type { ComponentTypes } from '../model/component-model.js'
import { fitModel, type ModelFit } from '../model/fit.js'
import { fitFields, type ModelFitOptions } from '../model/fit-options.js'
import type { ModelParameters } from '../model/model.js'
import type { ModelPrediction } from '../model/on-rows.js'
import { whereFields } from '../model/options.js'
import { predictModel } from '../model/predict.js'
import type { HiddenMarkovModel } from './definition.js'
import { inItsSequence, readSequences, type Stacked } from './read-sequences.js'

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

/** Options of `fit` for components under a chain, apart from the lengths of the sequences, which are those that there are. */
export type HiddenMarkovFitOptions<C extends ComponentTypes> = Omit<ModelFitOptions<C, ChainLabels>, 'start'> & {
  /** Where EM starts; emissions of the clusters of k-means by default. Probabilities of 0 stay 0. */
  readonly start?: HiddenMarkovParameters<C>
}

/** The result of a fit of a hidden Markov model: its parameters, and how the fit ended. */
export interface HiddenMarkovFit<C extends ComponentTypes>
  extends HiddenMarkovParameters<C>,
    Omit<ModelFit<C, ChainLabels>, keyof HiddenMarkovParameters<C> | 'components' | 'assignments'> {
  /** For each sequence its most probable states together; -1 in one that is impossible. */
  readonly paths: ReadonlyArray<Int32Array>
}

export const modelParameters = <C extends ComponentTypes>({
  initial,
  transitions,
  emissions,
}: HiddenMarkovParameters<C>): ModelParameters<C, ChainLabels> =>
  ({ initial, transitions, components: emissions }) as unknown as ModelParameters<C, ChainLabels>

/** The parameters of a model of components under a chain, as those of a hidden Markov model. */
export const hiddenMarkovParameters = <C extends ComponentTypes>({
  initial,
  transitions,
  components,
}: ModelParameters<C, ChainLabels>): HiddenMarkovParameters<C> => ({
  initial,
  transitions: { rows: initial.length, columns: initial.length, data: transitions },
  emissions: components,
})

/** Cuts the values of all rows into those of each sequence. */
export const cut = <A extends { readonly subarray: (first: number, end: number) => A }>(
  values: A,
  lengths: ReadonlyArray<number>,
  width = 1,
): ReadonlyArray<A> => {
  let first = 0
  return lengths.map(length => {
    const part = values.subarray(first * width, (first + length) * width)
    first += length
    return part
  })
}

/** Components are called emissions here. */
export const byEmission = (e: FitError): FitError =>
  e._tag === 'InvalidOption' ? { ...e, option: e.option.replace(/^(start|parameters)\.components/, '$1.emissions') } : e

/** Whether parameters have all parts; the halves of the model check what is in them. */
export const isParameters: Schema = object(
  { initial: anything, transitions: anything, emissions: anything },
  'an object of initial, transitions and emissions, such as a fit has',
)

const checkCall = (model: unknown, options: object, fields: Fields): E.Either<FitError, unknown> =>
  pipe(
    checkModel(model),
    E.chainW(() =>
      checkOptions(exactly({ ...fields, ...(fields === fitFields && { start: optional(isParameters) }) }))(options),
    ),
  )

const stacked = <C extends ComponentTypes, A>(
  model: HiddenMarkovModel<C>,
  sequences: Sequences<C>,
  use: (stacked: Stacked) => TE.TaskEither<FitError, A>,
): TE.TaskEither<FitError, A> =>
  pipe(
    TE.fromEither(readSequences(sequences, model.support)),
    TE.chain(all =>
      pipe(
        use(all),
        TE.mapLeft(e => byEmission(inItsSequence(all)(e))),
      ),
    ),
  )

/**
 * Fits a hidden Markov model to sequences by MAP-EM (Baum and Welch).
 * Errors: the sequences are not a list of lists of readings; a reading is none of the emissions'; an option is unknown or out
 * of range; a start has other shapes; a step fails, which is told with its iteration.
 */
export const fitHiddenMarkovModel = <C extends ComponentTypes>(
  model: HiddenMarkovModel<C>,
  sequences: Sequences<C>,
  given: HiddenMarkovFitOptions<C> = {},
): TE.TaskEither<FitError, HiddenMarkovFit<C>> => {
  const checked = checkCall(model, given, fitFields)
  if (E.isLeft(checked)) return TE.left(checked.left)
  const { start, ...options } = given
  return stacked(model, sequences, ({ data, lengths }) =>
    pipe(
      fitModel(model, data as C['data'], {
        ...options,
        lengths,
        ...(start !== undefined && { start: modelParameters(start) }),
      }),
      TE.map(({ components, initial, transitions, assignments, ...fitted }) => ({
        ...hiddenMarkovParameters<C>({ components, initial, transitions }),
        ...fitted,
        paths: cut(assignments, lengths),
      })),
    ),
  )
}

/** What a fitted hidden Markov model says of sequences, which need not be those it was fitted to. */
export interface HiddenMarkovPrediction extends Pick<ModelPrediction, 'logLikelihoods'> {
  /** For each sequence its most probable states together; -1 in one that is impossible. */
  readonly paths: ReadonlyArray<Int32Array>
  /** For each sequence N x K: p(z_n = k | X). */
  readonly states: ReadonlyArray<Matrix>
}

/** Where a prediction runs. */
export type HiddenMarkovPredictOptions = Pick<PredictOptions, 'backend' | 'threads'>

/**
 * Infers the states of sequences, and log p(X) of each. Errors: the sequences cannot be read, or the parameters are none of the
 * model's.
 */
export const predictHiddenMarkovModel = <C extends ComponentTypes>(
  model: HiddenMarkovModel<C>,
  parameters: HiddenMarkovParameters<C>,
  sequences: Sequences<C>,
  options: HiddenMarkovPredictOptions = {},
): TE.TaskEither<FitError, HiddenMarkovPrediction> => {
  const checked = checkCall(model, options, whereFields)
  if (E.isLeft(checked)) return TE.left(checked.left)
  const ofParameters = checkArgument('parameters', isParameters)(parameters)
  if (E.isLeft(ofParameters)) return TE.left(ofParameters.left)
  return stacked(model, sequences, ({ data, lengths }) =>
    pipe(
      predictModel(model, modelParameters(parameters), data as C['data'], { ...options, lengths }),
      TE.map(({ assignments, responsibilities, logLikelihoods }) => ({
        paths: cut(assignments, lengths),
        states: cut(responsibilities.data as Float64Array, lengths, responsibilities.columns).map(values => ({
          rows: values.length / responsibilities.columns,
          columns: responsibilities.columns,
          data: values,
        })),
        logLikelihoods,
      })),
    ),
  )
}
