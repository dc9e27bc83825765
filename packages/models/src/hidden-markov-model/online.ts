import { checkOptions } from '@conjugate/em'
import { exactly, optional } from '@conjugate/em/schema'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitError } from '../errors.js'
import type { ChainLabels } from '../labels/chain.js'
import type { ComponentTypes } from '../model/component-model.js'
import { type OnlineEnd, type OnlineOptions, onlineChecked, onlineFields } from '../model/online.js'
import { checkStreamed } from '../model/online-model.js'
import type { HiddenMarkovModel } from './definition.js'
import {
  byEmission,
  type HiddenMarkovParameters,
  hiddenMarkovParameters,
  isParameters,
  modelParameters,
  type Sequences,
} from './fit.js'
import { readSequences } from './read-sequences.js'

/** The result of a fit of a hidden Markov model over a stream: the parameters after its last batch. */
export interface HiddenMarkovOnlineFit<C extends ComponentTypes>
  extends HiddenMarkovParameters<C>,
    Omit<OnlineEnd<unknown>, 'parameters'> {}

/** Fits a hidden Markov model over a stream of batches of whole sequences. Errors: see `onlineFit`. */
export const onlineHiddenMarkovModel = <C extends ComponentTypes>(
  given: HiddenMarkovModel<C>,
  batches: AsyncIterable<Sequences<C>> | Iterable<Sequences<C>>,
  options: OnlineOptions<HiddenMarkovParameters<C>>,
): TE.TaskEither<FitError, HiddenMarkovOnlineFit<C>> =>
  pipe(
    checkStreamed<C, ChainLabels>(given, batches),
    E.chainFirstW(() => checkOptions(exactly({ ...onlineFields, start: optional(isParameters) }))(options)),
    TE.fromEither,
    TE.chain(model => () => {
      const read = (sequences: unknown) =>
        pipe(
          readSequences(sequences as Sequences<C>, given.support),
          E.map(({ data, lengths }) => ({ data, structure: { lengths } })),
        )
      const start = options.start && modelParameters(options.start as HiddenMarkovParameters<C>)
      return onlineChecked(model, batches, options, read, hiddenMarkovParameters, start)
    }),
    TE.bimap(byEmission, ({ parameters, ...end }) => ({ ...hiddenMarkovParameters(parameters), ...end })),
  )
