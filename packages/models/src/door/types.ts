import type { HiddenMarkovModel } from '../hidden-markov-model/definition.js'
import type {
  HiddenMarkovFit,
  HiddenMarkovFitOptions,
  HiddenMarkovParameters,
  HiddenMarkovPrediction,
  HiddenMarkovPredictOptions,
  Sequences,
} from '../hidden-markov-model/fit.js'
import type { HiddenMarkovDraw, HiddenMarkovGibbsOptions } from '../hidden-markov-model/gibbs.js'
import type { HiddenMarkovOnlineFit } from '../hidden-markov-model/online.js'
import type { LabelTypes } from '../labels/label-model.js'
import type { Conjugate } from '../mixture/conjugate.js'
import type { FitOptions, MixtureFit } from '../mixture/fit.js'
import type { GibbsDraw } from '../mixture/gibbs.js'
import type { MixtureParameters } from '../mixture/mixture.js'
import type { OnlineFit } from '../mixture/online.js'
import type { Prediction, PredictOptions } from '../mixture/predict.js'
import type { MixtureLike } from '../mixture/types.js'
import type { ComponentTypes } from '../model/component-model.js'
import type { ModelFit } from '../model/fit.js'
import type { ModelFitOptions } from '../model/fit-options.js'
import type { GibbsOptions, ModelDraw } from '../model/gibbs.js'
import type { Model, ModelParameters } from '../model/model.js'
import type { ModelPrediction } from '../model/on-rows.js'
import type { OnlineOptions } from '../model/online.js'
import type { ModelBatch, ModelOnlineFit } from '../model/online-model.js'
import type { ModelPredictOptions } from '../model/predict.js'
import type { Needs } from '../model/variational.js'

/** What fits and predictions take and give, for every kind of model. */
interface Types {
  readonly data: unknown
  readonly parameters: unknown
  /** The options, which may be left out unless the label model has to be told what rows are to each other. */
  readonly fitOptions: ReadonlyArray<unknown>
  readonly predictOptions: ReadonlyArray<unknown>
  readonly fit: unknown
  readonly prediction: unknown
  readonly gibbsOptions: ReadonlyArray<unknown>
  readonly draw: unknown
  /** What a model has to be for its posterior to be drawn from. */
  readonly drawn: unknown
  readonly batch: unknown
  readonly onlineOptions: unknown
  readonly onlineFit: unknown
  /** What a model has to be for a stream to be learnt by it. */
  readonly streamed: unknown
}

/** The types where no model is known: nothing is taken. */
interface OfNone extends Types {
  readonly data: never
  readonly parameters: never
  readonly fit: never
  readonly prediction: never
  readonly draw: never
  readonly batch: never
  readonly onlineFit: never
}

type OrNone<L extends LabelTypes, O> = object extends L['structure']
  ? [options?: O & L['structure']]
  : [options: O & L['structure']]

interface OfMixture<Source, P, S, W, M> extends Types {
  readonly data: Source
  readonly parameters: MixtureParameters<P, W>
  readonly fitOptions: [options?: FitOptions<P, S, W>]
  readonly predictOptions: [options?: PredictOptions]
  readonly fit: MixtureFit<P, S, W>
  readonly prediction: Prediction
  readonly gibbsOptions: [options?: GibbsOptions<MixtureParameters<P>>]
  readonly draw: GibbsDraw<P>
  readonly drawn: M extends Conjugate ? unknown : Conjugate
  readonly batch: Source
  readonly onlineOptions: OnlineOptions<MixtureParameters<P>>
  readonly onlineFit: OnlineFit<P, S>
  readonly streamed: M extends Conjugate ? unknown : Conjugate
}

interface OfModel<C extends ComponentTypes, L extends LabelTypes> extends Types {
  readonly data: C['data']
  readonly parameters: ModelParameters<C, L>
  readonly fitOptions: OrNone<L, ModelFitOptions<C, L>>
  readonly predictOptions: OrNone<L, ModelPredictOptions>
  readonly fit: ModelFit<C, L>
  readonly prediction: ModelPrediction
  readonly gibbsOptions: OrNone<L, GibbsOptions<ModelParameters<C, L>>>
  readonly draw: ModelDraw<C, L>
  readonly drawn: Needs<L, 'gibbs'>
  readonly batch: ModelBatch<C, L>
  readonly onlineOptions: OnlineOptions<ModelParameters<C, L>>
  readonly onlineFit: ModelOnlineFit<C, L>
  readonly streamed: unknown
}

interface OfHiddenMarkovModel<C extends ComponentTypes> extends Types {
  readonly data: Sequences<C>
  readonly parameters: HiddenMarkovParameters<C>
  readonly fitOptions: [options?: HiddenMarkovFitOptions<C>]
  readonly predictOptions: [options?: HiddenMarkovPredictOptions]
  readonly fit: HiddenMarkovFit<C>
  readonly prediction: HiddenMarkovPrediction
  readonly gibbsOptions: [options?: HiddenMarkovGibbsOptions<C>]
  readonly draw: HiddenMarkovDraw<C>
  readonly drawn: unknown
  readonly batch: Sequences<C>
  readonly onlineOptions: OnlineOptions<HiddenMarkovParameters<C>>
  readonly onlineFit: HiddenMarkovOnlineFit<C>
  readonly streamed: unknown
}

/** The types of what a model takes and gives, by name. */
export type TypesOf<M> =
  M extends HiddenMarkovModel<infer C>
    ? OfHiddenMarkovModel<C>
    : M extends Model<infer C, infer L>
      ? OfModel<C, L>
      : M extends MixtureLike<infer Source, infer P, infer S, infer W>
        ? OfMixture<Source, P, S, W, M>
        : OfNone
