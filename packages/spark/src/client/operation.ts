import { pause, type Waiting } from '@conjugate/sql/engine'
import { batchesOf, type Column } from '../protocol/arrow.js'
import {
  type Context,
  executeRequest,
  interruptRequest,
  methodOf,
  type Plan,
  readInterrupted,
  readResult,
  reattachRequest,
  releaseRequest,
} from '../protocol/messages.js'
import { remedyOf } from './errors.js'
import { type CallFailed, type GrpcClient, STATUS, stream, unary } from './grpc.js'

/** A stream ends by itself after some two minutes; one that has not is of a server that is gone. */
const LONGEST_STREAM = 300_000

/** How long an answer to a short call may take. */
const SHORT = 5000

/** How long a server is asked to stop, one that answers that it knows of nothing, and one that does not answer. */
const [ASKED, UNANSWERED, ASKED_EVERY] = [2000, 10_000, 200]

/**
 * How long an operation that is to be stopped is waited for until a job of it is there. Threads of Spark that prepare a job lose an
 * interrupt, or have the job submitted by others behind it, and it would run on without anybody.
 */
const PREPARING = 20_000

/** A session on a server, as it is used by operations. */
export interface Session {
  readonly client: GrpcClient
  readonly context: Context
}

/**
 * Stops an operation on the server, which the end of a call does not: asked again until it says that it did, or that there is none. It
 * may be asked before it has heard of the operation.
 */
const interrupt = async ({ client, context }: Session, operation: string): Promise<void> => {
  const begun = Date.now()
  for (let until = begun + UNANSWERED; Date.now() < until; ) {
    try {
      const answer = await unary(client, methodOf('Interrupt'), interruptRequest(context, operation), SHORT)
      if (readInterrupted(answer) > 0) return
      until = begun + ASKED
    } catch (error) {
      if (remedyOf(error as CallFailed) !== 'reattach') return
    }
    await new Promise(resolve => setTimeout(resolve, ASKED_EVERY))
  }
}

/** Waits for something as long as this. */
const withinTime = (what: Promise<void>, milliseconds: number): Promise<void> =>
  new Promise(resolve => {
    const timer = setTimeout(resolve, milliseconds)
    void what.then(() => {
      clearTimeout(timer)
      resolve()
    })
  })

/** Lets the server forget the results, which it would keep for some minutes. It does not matter whether it hears of it. */
const release = ({ client, context }: Session, operation: string): Promise<unknown> =>
  unary(client, methodOf('ReleaseExecute'), releaseRequest(context, operation), SHORT).catch(() => {})

/**
 * Has an operation done, and gives the batches of its result. A stream that ends without the result being complete, or breaks, is taken
 * up again behind what it brought. Rejects with `CallFailed` where the operation is lost, has failed, or was stopped by the signal: it
 * has been interrupted on the server then.
 */
export const operate = async (
  session: Session,
  plan: Plan,
  signal: AbortSignal,
  waiting: Waiting,
): Promise<ReadonlyArray<ReadonlyArray<Column>>> => {
  const { client, context } = session
  const operation = crypto.randomUUID()
  const batches: ReadonlyArray<Column>[] = []
  let last: string | undefined
  let isComplete = false
  let hasJob = (): void => {}
  const calls = new AbortController()
  const stop = async (): Promise<void> => {
    await withinTime(job, PREPARING)
    calls.abort()
  }
  const job = new Promise<void>(resolve => {
    hasJob = resolve
  })
  const visit = (response: Uint8Array): void => {
    const { id, batch, isLast, hasStage } = readResult(response)
    if (batch) batches.push(...batchesOf(batch))
    if (hasStage) hasJob()
    last = id ?? last
    isComplete ||= isLast
    waiting.heard()
  }
  if (signal.aborted) throw { code: STATUS.cancelled, details: 'it was stopped before it began' } satisfies CallFailed
  signal.addEventListener('abort', stop)
  try {
    for (let request = executeRequest(context, operation, plan), method = 'ExecutePlan'; ; ) {
      try {
        await stream(client, methodOf(method), request, { milliseconds: LONGEST_STREAM, signal: calls.signal, visit })
        if (isComplete) break
        waiting.heard()
      } catch (error) {
        if (signal.aborted || remedyOf(error as CallFailed) !== 'reattach') throw error
        await pause(waiting, error as CallFailed, signal)
      }
      method = 'ReattachExecute'
      request = reattachRequest(context, operation, last)
    }
    return batches
  } finally {
    signal.removeEventListener('abort', stop)
    hasJob()
    if (signal.aborted && !isComplete) await interrupt(session, operation)
    void release(session, operation)
  }
}
