import { crc32 } from 'node:zlib'
import { pause, waitingFor } from '@conjugate/sql/engine'
import * as E from 'fp-ts/lib/Either.js'
import { type Column, stackedColumns } from '../protocol/arrow.js'
import {
  artifactRequest,
  isChange,
  methodOf,
  type Plan,
  readArtifacts,
  releaseSessionRequest,
} from '../protocol/messages.js'
import { remedyOf, type SparkError, statementFailed, statementLost, unavailable } from './errors.js'
import { type CallFailed, type GrpcClient, STATUS, unary, upload } from './grpc.js'
import { operate, type Session } from './operation.js'

/** How statements are sent. */
export interface ConnectionOptions {
  /** Whose sessions they are, as Spark tells sessions apart; it says nothing of rights. 'conjugate' by default. */
  readonly user?: string
  /** How many seconds a server that does not answer is waited for; 300 by default. */
  readonly patience?: number
  /** How many seconds a statement may take before it is interrupted; as many as it likes by default. */
  readonly timeout?: number
}

/** A file that every session has to have before anything is asked of it. */
export interface SessionFile {
  readonly name: string
  readonly data: Uint8Array
}

/** Statements that have an answer, whatever happens to sessions and servers meanwhile. */
export interface Statements {
  /**
   * Has a plan done, and gives the columns of its result. What only reads is a function of its text, and is sent again where its session
   * is lost; what changes something is not. Errors: those of {@link SparkError}.
   */
  readonly run: (plan: Plan, signal?: AbortSignal) => Promise<E.Either<SparkError, ReadonlyArray<Column>>>
  /** Interrupts what runs, and ends the session. Every later statement is an error. */
  readonly dispose: () => Promise<void>
}

/** How often a statement is sent at the most. A server that ends by it would otherwise end for ever. */
const ATTEMPTS = 6

/** How often, where tasks of it failed as often as Spark tries them. */
const FAILED_TASKS = 3

const [SHORT, UPLOAD] = [5000, 60_000]

const stopped: E.Either<SparkError, never> = E.left({ _tag: 'StatementStopped' })

/** Opens sessions on a server as they are needed. */
export const statementsOn = (
  client: GrpcClient,
  { user = 'conjugate', patience = 300, timeout }: ConnectionOptions = {},
  files: ReadonlyArray<SessionFile> = [],
): Statements => {
  let current: Promise<Session> | undefined
  const over = new AbortController()
  const running = new Set<Promise<unknown>>()

  /** A session with its files. Rejects with `CallFailed`. */
  const open = async (): Promise<Session> => {
    const session: Session = { client, context: { session: crypto.randomUUID(), user } }
    for (const { name, data } of files) {
      const request = artifactRequest(session.context, name, data, crc32(data))
      const answer = await upload(client, methodOf('AddArtifacts'), request, UPLOAD)
      if (!readArtifacts(answer))
        throw { code: STATUS.unavailable, details: 'a file came damaged' } satisfies CallFailed
    }
    return session
  }

  const sent = async (plan: Plan, signal: AbortSignal): Promise<E.Either<SparkError, ReadonlyArray<Column>>> => {
    const waiting = waitingFor(patience * 1000)
    for (let attempt = 1, failedTasks = 0; ; attempt++) {
      current ??= open()
      const session = current
      let hasBegun = false
      try {
        const opened = await session
        hasBegun = true
        return E.right(stackedColumns(await operate(opened, plan, signal, waiting)))
      } catch (thrown) {
        const failure = thrown as CallFailed
        if (signal.aborted) return stopped
        const remedy = remedyOf(failure)
        if (remedy === 'none') return E.left(statementFailed(failure))
        if (isChange(plan) && hasBegun) return E.left(statementLost(failure))
        if (remedy === 'task' && ++failedTasks >= FAILED_TASKS) return E.left(statementFailed(failure))
        if (attempt >= ATTEMPTS && remedy !== 'reattach') return E.left(statementFailed(failure))
        if (current === session) current = undefined
        try {
          await pause(waiting, failure, signal)
        } catch {
          return signal.aborted ? stopped : E.left(unavailable(patience * 1000, failure))
        }
      }
    }
  }

  const run = async (plan: Plan, given?: AbortSignal): Promise<E.Either<SparkError, ReadonlyArray<Column>>> => {
    if (over.signal.aborted || given?.aborted) return stopped
    const time = timeout === undefined ? undefined : AbortSignal.timeout(timeout * 1000)
    const signals = [over.signal, given, time].filter(signal => signal !== undefined)
    const found = await sent(plan, AbortSignal.any(signals))
    const isLate = time?.aborted && !given?.aborted && !over.signal.aborted
    return isLate && E.isLeft(found) && found.left._tag === 'StatementStopped'
      ? E.left({ _tag: 'StatementTimedOut', seconds: timeout! })
      : found
  }

  return {
    run: async (plan, signal) => {
      const answer = run(plan, signal)
      running.add(answer)
      try {
        return await answer
      } finally {
        running.delete(answer)
      }
    },
    dispose: async () => {
      over.abort()
      await Promise.allSettled(running)
      const session = await current?.catch(() => undefined)
      current = undefined
      if (session)
        await unary(client, methodOf('ReleaseSession'), releaseSessionRequest(session.context), SHORT).catch(() => {})
    },
  }
}
