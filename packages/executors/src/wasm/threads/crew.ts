import type { ExecutorError } from '../../contract/executor.js'
import { failed } from '../kernel/resident.js'
import { type Channel, NOT_LOADED, open } from './channel.js'
import type { Report, Start } from './messages.js'
import { countNeeds, type Need } from './needs.js'

/** Workers of a team, from the calling thread. */
export interface Crew {
  /** Why nothing can be computed any more. */
  readonly failure: () => ExecutorError | undefined
  /** How many workers are there. */
  readonly ready: () => number
  /** Why a worker that may be missing is. */
  readonly missing: () => string | undefined
  /** The process waits for the workers as long as somebody needs them: while this thread sleeps nothing else keeps it. */
  readonly need: Need
}

interface Listeners {
  readonly onReport: (report: Report) => void
  readonly onFailure: (failure: ExecutorError) => void
  /** All are ready or gone; later, since nothing is heard of a worker at once. */
  readonly onReady: () => void
  /** No worker touches the memory any more. */
  readonly onEnded: () => void
}

/** Bundlers that follow `new URL('./worker.js', import.meta.url)` put it there by themselves. */
const HINT =
  'where a bundler does not put it beside the bundle, such as esbuild, @conjugate/executors/worker has to be built with it, ' +
  'as an entry named worker and in the format of ES modules'

const explained = (reason: string): string =>
  reason === NOT_LOADED || /\bInvalid URL\b/.test(reason) ? `${NOT_LOADED}: ${HINT}` : reason

type State = 'starting' | 'ready' | 'ended'

interface Member {
  channel: Channel | undefined
  state: State
}

/**
 * Starts workers, which end by themselves once they are told by shared memory. One that fails after it was ready is a
 * failure of all, and so is one that does not start unless `optional`.
 */
export const startCrew = (
  starts: ReadonlyArray<Start>,
  { onReport, onFailure, onReady, onEnded }: Listeners,
  optional: boolean,
): Crew => {
  const members: Member[] = starts.map(() => ({ channel: undefined, state: 'starting' }))
  let failure: ExecutorError | undefined
  let missing: string | undefined
  let [saidReady, saidEnded] = [false, false]
  const move = (member: Member, state: State): void => {
    member.state = state
    if (!saidReady && members.every(m => m.state !== 'starting')) {
      saidReady = true
      onReady()
    }
    if (!saidEnded && members.every(m => m.state === 'ended')) {
      saidEnded = true
      onEnded()
    }
  }
  const lose = (member: Member, reason: string): void => {
    if (member.state === 'ended') return
    if (optional && member.state === 'starting') missing ??= explained(reason)
    else {
      failure ??= failed(`a worker thread failed: ${explained(reason)}`)
      onFailure(failure)
    }
    member.channel?.end()
    move(member, 'ended')
  }
  const hear = (member: Member, report: Report): void => {
    if (report._tag === 'Ready') move(member, 'ready')
    else if (report._tag === 'Ended') move(member, 'ended')
    else onReport(report)
  }
  for (const [i, member] of members.entries())
    try {
      member.channel = open({
        onReport: report => hear(member, report),
        onFailure: reason => lose(member, reason),
      })
      member.channel.start(starts[i]!)
    } catch (error) {
      queueMicrotask(() => lose(member, String(error)))
    }
  return {
    failure: () => failure,
    ready: () => members.filter(({ state }) => state === 'ready').length,
    missing: () => missing,
    need: countNeeds(needed => {
      for (const { channel, state } of members) if (state !== 'ended') channel?.keepAlive(needed)
    }),
  }
}
