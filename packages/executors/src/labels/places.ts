// What is loaded when it is asked for.
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { BackendName, ChainsOf } from '../contract/executor.js'
import { chainsInJavaScript } from '../javascript/chains.js'
import { chainsOnKernel } from '../wasm/labels/chains.js'

const plain: ChainsOf = (states, lengths) => TE.fromIO(() => chainsInJavaScript(states, lengths))

const wherever: ChainsOf = (states, lengths) =>
  pipe(
    chainsOnKernel(states, lengths),
    TE.orElse(error => (error._tag === 'BackendUnavailable' ? plain(states, lengths) : TE.left(error))),
  )

/** Chains beside an executor that has none. */
export const chainsBeside = (backend: BackendName | undefined): ChainsOf =>
  backend === 'javascript' ? plain : backend === undefined ? wherever : chainsOnKernel
