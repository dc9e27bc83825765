import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ChainsOf, Executor } from '../contract/executor.js'
import { onDemand } from '../contract/on-demand.js'
import { failureOf, residentRows } from '../contract/resident-rows.js'
import { prepareRows } from '../contract/rows.js'
import { packRows } from './blocks.js'
import * as passes from './passes.js'

const failed = failureOf('javascript')

/** Float64 in plain JavaScript, in the calling thread: runs everywhere and is the reference for the others. */
export const javascript: Executor = {
  backend: 'javascript',
  description: 'plain JavaScript (float64)',
  load: (rows, options) => async () =>
    pipe(
      prepareRows(rows, options),
      E.map(prepared => residentRows({ ...prepared, data: packRows(prepared), passes, failed })),
    ),
}

/** Chains of hidden states on an executor, or in plain JavaScript where it has none of its own. Errors: no memory. */
export const chainsOn =
  (executor?: Pick<Executor, 'chains'>): ChainsOf =>
  (states, lengths) =>
    executor?.chains?.(states, lengths) ??
    onDemand(
      'javascript',
      () => import('./chains.js'),
      ({ chainsInJavaScript }) => TE.fromIO(() => chainsInJavaScript(states, lengths)),
    )
