import * as E from 'fp-ts/lib/Either.js'
import { invalidSource, type SqlError } from './errors.js'
import { isLost } from './lines.js'
import { pause, type Waiting, waitingFor } from './waiting.js'

/** How long is waited for what does not answer. */
export interface Patience {
  /** For how many seconds a statement that reads is asked again where its connection breaks; 30 by default. */
  readonly patience?: number | undefined
}

const SECONDS = 30

/** The same for what asks again. */
export const waitingWith = ({ patience = SECONDS }: Patience): Waiting => waitingFor(1000 * patience)

/** What can be told to stop what runs on it, as a connection of DuckDB. */
export interface Interruptible {
  readonly interrupt?: () => void
}

/** How often a connection is told to stop: what it has not begun by then would run nevertheless. */
const OFTEN = 100

/** Questions to a connection, one at a time, of which the one that is under way can be stopped. */
export interface Asking {
  readonly ask: <A>(work: () => Promise<A>) => Promise<A>
  /** Nothing more is asked, and what runs is told to stop until it has. */
  readonly stop: () => void
  readonly isOver: () => boolean
}

/** Asks a connection until the signal says so, or nobody wants to know more. */
export const askingOn = (connection: Interruptible, signal?: AbortSignal): Asking => {
  let [isAsked, isOver] = [false, false]
  let telling: ReturnType<typeof setInterval> | undefined
  const tell = (): void => {
    if (isAsked) connection.interrupt?.()
  }
  const stop = (): void => {
    isOver = true
    tell()
    if (isAsked) telling ??= setInterval(tell, OFTEN)
  }
  return {
    ask: async work => {
      if (isOver || signal?.aborted) throw new Error('it was stopped')
      isAsked = true
      signal?.addEventListener('abort', stop)
      try {
        return await work()
      } finally {
        isAsked = false
        clearInterval(telling)
        signal?.removeEventListener('abort', stop)
      }
    },
    stop,
    isOver: () => isOver || signal?.aborted === true,
  }
}

/** Asks what only reads, and again where the connection breaks, for as long as there is patience. Rejects with what failed last. */
export const again = async <A>(work: () => Promise<A>, patience: Patience, signal: AbortSignal): Promise<A> => {
  const waiting = waitingWith(patience)
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (signal.aborted || !isLost(error)) throw error
      await pause(waiting, error, signal)
    }
  }
}

/** Errors: a number of seconds that is none. */
export const checkPatience = ({ patience }: Patience): E.Either<SqlError, unknown> =>
  patience === undefined || (typeof patience === 'number' && patience >= 0)
    ? E.right(patience)
    : invalidSource('patience', 'a number of seconds', patience)
