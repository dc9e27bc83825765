import type { HiddenMarkovModel } from '../hidden-markov-model/definition.js'
import type {
  HiddenMarkovDraw,
  HiddenMarkovFit,
  HiddenMarkovFitOptions,
  HiddenMarkovGibbsOptions,
  HiddenMarkovOnlineFit,
  HiddenMarkovParameters,
  HiddenMarkovPrediction,
  HiddenMarkovPredictOptions,
  Sequences,
} from '../hidden-markov-model/types.js'
import type { ChainLabels } from '../labels/chain.js'
import type { LabelTypes } from '../labels/label-model.js'
import type { Mixture } from '../mixture/mixture.js'
import type { ComponentTypes } from '../model/component-model.js'
import type { Evidence } from '../model/evidence.js'
import type { ModelFit } from '../model/fit.js'
import type { ModelFitOptions } from '../model/fit-options.js'
import type { GibbsOptions, ModelDraw } from '../model/gibbs.js'
import type { Model, ModelParameters } from '../model/model.js'
import type { ModelOnRows, ModelPrediction } from '../model/on-rows.js'
import type { ModelBatch, ModelOnlineFit } from '../model/online/model.js'
import type { OnlineOptions } from '../model/online/options.js'
import type { ModelPredictOptions } from '../model/predict.js'
import type { TableFit, TableFitOptions } from '../table/fit.js'
import type { Needs } from './variational.js'

/** What fits and predictions take and give, for every kind of model. */
interface Types {
  readonly data: unknown
  readonly parameters: unknown
  /** The options, which may be left out unless the label model has to be told what rows are to each other. */
  readonly fitOptions: ReadonlyArray<unknown>
  readonly predictOptions: ReadonlyArray<unknown>
  readonly fit: unknown
  /** The same of data that are a table, where there can be one. */
  readonly tableOptions: unknown
  readonly tableFit: unknown
  readonly prediction: unknown
  readonly rowOptions: ReadonlyArray<unknown>
  readonly onRows: unknown
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
  readonly tableOptions: never
  readonly tableFit: never
  readonly prediction: never
  readonly draw: never
  readonly batch: never
  readonly onlineFit: never
  readonly onRows: never
}

type OrNone<L extends LabelTypes, O> = object extends L['structure']
  ? [options?: O & L['structure']]
  : [options: O & L['structure']]

/** A type that no components have whose priors are not conjugate. */
type NeedsPosteriors<C extends ComponentTypes> = [C['posterior']] extends [never]
  ? { readonly 'these components have no': 'posterior' }
  : unknown

interface OfModel<C extends ComponentTypes, L extends LabelTypes> extends Types {
  readonly data: C['data']
  readonly parameters: ModelParameters<C, L>
  readonly fitOptions: OrNone<L, ModelFitOptions<C, L>>
  readonly predictOptions: OrNone<L, ModelPredictOptions>
  readonly fit: ModelFit<C, L>
  readonly tableOptions: never
  readonly tableFit: never
  readonly prediction: ModelPrediction
  readonly rowOptions: OrNone<L, Evidence>
  readonly onRows: ModelOnRows<C, L>
  readonly gibbsOptions: OrNone<L, GibbsOptions<ModelParameters<C, L>>>
  readonly draw: ModelDraw<C, L>
  readonly drawn: Needs<L, 'gibbs'> & NeedsPosteriors<C>
  readonly batch: unknown
  readonly onlineOptions: OnlineOptions<ModelParameters<C, L>>
  readonly onlineFit: ModelOnlineFit<C, L>
  readonly streamed: NeedsPosteriors<C>
}

interface OfHiddenMarkovModel<C extends ComponentTypes> extends Types {
  readonly data: Sequences<C>
  readonly parameters: HiddenMarkovParameters<C>
  readonly fitOptions: [options?: HiddenMarkovFitOptions<C>]
  readonly predictOptions: [options?: HiddenMarkovPredictOptions]
  readonly fit: HiddenMarkovFit<C>
  readonly tableOptions: never
  readonly tableFit: never
  readonly prediction: HiddenMarkovPrediction
  readonly rowOptions: [options?: Evidence]
  readonly onRows: ModelOnRows<C, ChainLabels>
  readonly gibbsOptions: [options?: HiddenMarkovGibbsOptions<C>]
  readonly draw: HiddenMarkovDraw<C>
  readonly drawn: unknown
  readonly batch: Sequences<C>
  readonly onlineOptions: OnlineOptions<HiddenMarkovParameters<C>>
  readonly onlineFit: HiddenMarkovOnlineFit<C>
  readonly streamed: unknown
}

/** A batch of a mixture is its rows. */
interface OfMixture<C extends ComponentTypes, L extends LabelTypes>
  extends Omit<OfModel<C, L>, 'tableOptions' | 'tableFit'> {
  readonly tableOptions: TableFitOptions<C, L>
  readonly tableFit: TableFit<C, L>
  readonly batch: C['data']
}

/** The types of what a model takes and gives, by name. */
export type TypesOf<M> =
  M extends HiddenMarkovModel<infer C>
    ? OfHiddenMarkovModel<C>
    : M extends Mixture<infer C, infer L>
      ? OfMixture<C, L>
      : M extends Model<infer C, infer L>
        ? OfModel<C, L> & { readonly batch: ModelBatch<C, L> }
        : OfNone
