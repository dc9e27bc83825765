import { checkOptions } from '@conjugate/em'
import { exactly, optional } from '@conjugate/em/schema'
import * as E from 'fp-ts/lib/Either.js'
import type { FitError } from '../errors.js'
import type { ChainLabels } from '../labels/chain.js'
import type { ComponentTypes } from '../model/component-model.js'
import { type GibbsOptions, gibbsFields, modelDraws } from '../model/gibbs.js'
import type { HiddenMarkovModel } from './definition.js'
import {
  byEmission,
  cut,
  type HiddenMarkovParameters,
  hiddenMarkovParameters,
  isParameters,
  modelParameters,
  type Sequences,
} from './fit.js'
import { inItsSequence, readSequences } from './read-sequences.js'

/** Options of `gibbs` for a hidden Markov model. */
export type HiddenMarkovGibbsOptions<C extends ComponentTypes> = GibbsOptions<HiddenMarkovParameters<C>>

/** One draw from the posterior of parameters and states. */
export interface HiddenMarkovDraw<C extends ComponentTypes> extends HiddenMarkovParameters<C> {
  /** The states of each sequence, given which the parameters were drawn. */
  readonly paths: ReadonlyArray<Int32Array>
  /** log p(X, theta) of these parameters, with the states summed out. */
  readonly logJoint: number
}

/** Draws of a hidden Markov model. Errors, as the last element: those of `fit`. */
export async function* hiddenMarkovDraws<C extends ComponentTypes>(
  model: HiddenMarkovModel<C>,
  sequences: Sequences<C>,
  given: HiddenMarkovGibbsOptions<C>,
): AsyncGenerator<E.Either<FitError, HiddenMarkovDraw<C>>, void> {
  const checked = checkOptions(exactly({ ...gibbsFields, start: optional(isParameters) }))(given)
  if (E.isLeft(checked)) return yield checked
  const read = readSequences(sequences, model.support)
  if (E.isLeft(read)) return yield read
  const { data, lengths } = read.right
  const { start, ...options } = given
  const all = {
    ...options,
    lengths,
    ...(start !== undefined && { start: modelParameters(start as HiddenMarkovParameters<C>) }),
  }
  for await (const step of modelDraws<C, ChainLabels>(model, data as C['data'], all)) {
    if (E.isLeft(step)) return yield E.left(byEmission(inItsSequence(read.right)(step.left)))
    const { assignments, logJoint, ...parameters } = step.right
    yield E.right({ ...hiddenMarkovParameters<C>(parameters), paths: cut(assignments, lengths), logJoint })
  }
}
