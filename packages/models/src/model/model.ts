import type { InvalidParameter } from '@conjugate/distributions'
import type { Schema } from '@conjugate/em/schema'
import * as E from 'fp-ts/lib/Either.js'
import { type Kind, kind } from '../door/dual.js'
import type { FitError } from '../errors.js'
import type { LabelModel, LabelTypes } from '../labels/label-model.js'
import type { ReadBatch } from './batches.js'
import type { ComponentModel, ComponentTypes } from './component-model.js'

/**
 * A model says two things that have nothing to do with each other: what a component is, and how the hidden labels of the
 * observations are distributed.
 */
export interface Model<C extends ComponentTypes, L extends LabelTypes> {
  readonly [kind]: Kind
  readonly components: ComponentModel<C>
  readonly labels: LabelModel<L>
  /** How it is spoken to where that is not in rows, components and labels. */
  readonly dialect?: Dialect
}

type Found = Readonly<Record<string, unknown>>
type Structure = ReadBatch['structure']
type Parameters = ModelParameters<ComponentTypes, LabelTypes>

/** How a model is spoken to whose data are not rows, or whose parameters have names of their own. */
export interface Dialect {
  /** Its data as rows, and what those are to each other as options by name. Errors: the data are none of its. */
  readonly read: (data: unknown) => E.Either<FitError, ReadBatch>
  /** What its parameters have to be, apart from what the halves of the model check. */
  readonly parameters: Schema
  readonly toModel: (parameters: Found) => Parameters
  readonly fromModel: (parameters: Parameters) => object
  /** A fit, a prediction or a draw in its words. */
  readonly shown: (structure: Structure) => (found: Found) => Found
  /** The parts of a fit that is told in its words. */
  readonly unshown: (found: Found) => Found
  /** An error in its words. */
  readonly told: (structure: Structure) => (error: FitError) => FitError
}

/** Both halves of a model. */
export type Halves<C extends ComponentTypes, L extends LabelTypes> = Pick<Model<C, L>, 'components' | 'labels'>

/** What is learnt of both halves, side by side: `{ initial, transitions, components }` of a hidden Markov model. */
export type ModelParameters<C extends ComponentTypes, L extends LabelTypes> = L['labels'] & {
  readonly components: ReadonlyArray<C['component']>
}

/** Parameters, and where the next E-step starts in inferences that approach their answer in steps. */
export type CarriedParameters<C extends ComponentTypes, L extends LabelTypes> = ModelParameters<C, L> & {
  readonly carry?: Float64Array
}

/** What an E-step of components and labels gathers. */
export interface ModelStatistics<C extends ComponentTypes, L extends LabelTypes> {
  readonly components: ReadonlyArray<C['statistics']>
  /** N_k: how many observations each component is expected to have. */
  readonly counts: Float64Array
  /** The sums of the labels, such as how often a state follows another. */
  readonly labels: L['counts']
  /** The parameters at which all this was gathered: what nothing was observed of may stay as it is. */
  readonly parameters: ModelParameters<C, L>
  /** The log-likelihood of each unit (row, sequence or image), in nats; absent where an E-step is one pass over the rows. */
  readonly logLikelihoods?: Float64Array
  readonly carry?: Float64Array
}

/** Puts the two halves of a model together. Errors: there is another number of components than the labels have states. */
export const modelOf = <C extends ComponentTypes, L extends LabelTypes>(
  components: ComponentModel<C>,
  labels: LabelModel<L>,
): E.Either<InvalidParameter, Model<C, L>> =>
  components.states === labels.states
    ? E.right({ [kind]: 'model', components, labels })
    : E.left({
        _tag: 'InvalidParameter',
        distribution: 'Model',
        parameter: 'labels.states',
        expected: `${components.states}, as there are components`,
        received: String(labels.states),
      })
