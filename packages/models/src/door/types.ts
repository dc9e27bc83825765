import type { HiddenMarkovModel } from '../hidden-markov-model/definition.js'
import type {
  HiddenMarkovFit,
  HiddenMarkovFitOptions,
  HiddenMarkovParameters,
  HiddenMarkovPrediction,
  HiddenMarkovPredictOptions,
  Sequences,
} from '../hidden-markov-model/fit.js'
import type { LabelTypes } from '../labels/label-model.js'
import type { FitOptions, MixtureFit } from '../mixture/fit.js'
import type { MixtureParameters } from '../mixture/mixture.js'
import type { Prediction, PredictOptions } from '../mixture/predict.js'
import type { MixtureLike } from '../mixture/types.js'
import type { ComponentTypes } from '../model/component-model.js'
import type { ModelFit, ModelFitOptions } from '../model/fit.js'
import type { Model, ModelParameters } from '../model/model.js'
import type { ModelPrediction, ModelPredictOptions } from '../model/predict.js'

/** What fits and predictions take and give, for every kind of model. */
interface Types {
  readonly data: unknown
  readonly parameters: unknown
  /** The options, which may be left out unless the label model has to be told what rows are to each other. */
  readonly fitOptions: ReadonlyArray<unknown>
  readonly predictOptions: ReadonlyArray<unknown>
  readonly fit: unknown
  readonly prediction: unknown
}

/** The types where no model is known: nothing is taken. */
interface OfNone extends Types {
  readonly data: never
  readonly parameters: never
  readonly fit: never
  readonly prediction: never
}

type OrNone<L extends LabelTypes, O> = object extends L['structure']
  ? [options?: O & L['structure']]
  : [options: O & L['structure']]

interface OfMixture<Source, P, S, W> extends Types {
  readonly data: Source
  readonly parameters: MixtureParameters<P, W>
  readonly fitOptions: [options?: FitOptions<P, S, W>]
  readonly predictOptions: [options?: PredictOptions]
  readonly fit: MixtureFit<P, S, W>
  readonly prediction: Prediction
}

interface OfModel<C extends ComponentTypes, L extends LabelTypes> extends Types {
  readonly data: C['data']
  readonly parameters: ModelParameters<C, L>
  readonly fitOptions: OrNone<L, ModelFitOptions<C, L>>
  readonly predictOptions: OrNone<L, ModelPredictOptions>
  readonly fit: ModelFit<C, L>
  readonly prediction: ModelPrediction
}

interface OfHiddenMarkovModel<C extends ComponentTypes> extends Types {
  readonly data: Sequences<C>
  readonly parameters: HiddenMarkovParameters<C>
  readonly fitOptions: [options?: HiddenMarkovFitOptions<C>]
  readonly predictOptions: [options?: HiddenMarkovPredictOptions]
  readonly fit: HiddenMarkovFit<C>
  readonly prediction: HiddenMarkovPrediction
}

/** The types of what a model takes and gives, by name. */
export type TypesOf<M> =
  M extends HiddenMarkovModel<infer C>
    ? OfHiddenMarkovModel<C>
    : M extends Model<infer C, infer L>
      ? OfModel<C, L>
      : M extends MixtureLike<infer Source, infer P, infer S, infer W>
        ? OfMixture<Source, P, S, W>
        : OfNone
