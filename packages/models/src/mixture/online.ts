import { checkOptions } from '@conjugate/em'
import { exactly, optional } from '@conjugate/em/schema'
import type { Densities } from '@conjugate/executors'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { checkConjugate } from '../checks/model.js'
import { startOf } from '../checks/start.js'
import type { FitError } from '../errors.js'
import { checkBatches, type OnlineEnd, type OnlineOptions, onlineChecked, onlineFields } from '../model/online.js'
import type { ConjugateMixture } from './conjugate.js'
import { conjugateHalvesOf } from './conjugate-components.js'
import { forFit } from './from-data.js'
import type { MixtureParameters, MixtureStatistics } from './mixture.js'

/** The result of a fit of a mixture over a stream: the parameters after its last batch. */
export interface OnlineFit<P, S> extends MixtureParameters<P>, Omit<OnlineEnd<unknown>, 'parameters' | 'statistics'> {
  /** The running statistics, for as many observations as were seen. */
  readonly statistics: MixtureStatistics<S>
}

/** Fits a mixture over a stream of batches of rows. Errors: see `onlineFit`. */
export const onlineMixture = <Source, Q, P, X, S, D extends Densities>(
  given: ConjugateMixture<Source, Q, P, X, S, D>,
  batches: AsyncIterable<Source> | Iterable<Source>,
  options: OnlineOptions<MixtureParameters<P>>,
): TE.TaskEither<FitError, OnlineFit<P, S>> =>
  pipe(
    checkConjugate(given),
    E.chainFirstW(() => checkBatches(batches)),
    E.chainFirstW(model =>
      pipe(
        forFit(model, (options?.start as { readonly parameters?: unknown } | undefined)?.parameters ?? options?.start),
        E.chainW(mixture => checkOptions(exactly({ ...onlineFields, start: optional(startOf(mixture)) }))(options)),
      ),
    ),
    TE.fromEither,
    TE.chain(mixture => () => {
      const read = (data: unknown) => E.right({ data, structure: {} })
      return onlineChecked(conjugateHalvesOf(mixture), batches, options as never, read, p => p, options.start as never)
    }),
    TE.map(({ parameters, statistics: { counts, components }, ...end }) => ({
      ...(parameters as unknown as MixtureParameters<P>),
      ...end,
      statistics: { counts, components: components as ReadonlyArray<S> },
    })),
  )
