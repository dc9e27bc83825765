import * as E from 'fp-ts/lib/Either.js'
import { cancelled, type Failure, type FromWorker, failed, type Part, type Tasks, type ToWorker } from './messages.js'

export interface RunOptions<Progress> {
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
  readonly transfer?: ReadonlyArray<Transferable>
}

/** The worker of a part, seen from the page. */
export interface Client<All extends Tasks> {
  /** Has a task done. What is cancelled gives `Cancelled` at once, and the worker ends it when it can. */
  readonly run: <Name extends keyof All & string>(
    name: Name,
    input: All[Name]['input'],
    options?: RunOptions<All[Name]['progress']>,
  ) => Promise<E.Either<Failure, All[Name]['output']>>
  /** Ends the worker with all that it does and holds. The next task starts another. */
  readonly end: () => void
}

interface Waiting {
  readonly settle: (result: E.Either<Failure, unknown>) => void
  readonly onProgress: ((progress: unknown) => void) | undefined
}

/** Starts the worker of a part. Its code is loaded at once, so that the first task need not wait for it. */
export const openClient = <All extends Tasks>(part: Part): Client<All> => {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let last = 0

  const settleAll = (failure: Failure): void => {
    for (const { settle } of [...waiting.values()]) settle(E.left(failure))
  }
  const end = (failure: Failure): void => {
    worker?.terminate()
    worker = undefined
    settleAll(failure)
  }
  const receive = ({ data }: MessageEvent<FromWorker>): void => {
    const one = waiting.get(data.id)
    if (one === undefined) return
    if (data._tag === 'Progress') one.onProgress?.(data.progress)
    else one.settle(data._tag === 'Done' ? E.right(data.output) : E.left(data.failure))
  }
  const start = (): Worker => {
    const started = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    started.onmessage = receive
    started.onerror = event => {
      event.preventDefault()
      end(failed(`the worker stopped${event.message ? `: ${event.message}` : ''}; try again, or load the page anew`))
    }
    const open: ToWorker = { _tag: 'Open', part }
    started.postMessage(open)
    worker = started
    return started
  }
  start()

  return {
    run: (name, input, { onProgress, signal, transfer = [] } = {}) =>
      new Promise(resolve => {
        if (signal?.aborted) return resolve(E.left(cancelled))
        const id = ++last
        const current = worker ?? start()
        const cancel = (): void => {
          current.postMessage({ _tag: 'Cancel', id } satisfies ToWorker)
          waiting.get(id)?.settle(E.left(cancelled))
        }
        waiting.set(id, {
          settle: result => {
            waiting.delete(id)
            signal?.removeEventListener('abort', cancel)
            resolve(result as never)
          },
          onProgress: onProgress as Waiting['onProgress'],
        })
        signal?.addEventListener('abort', cancel)
        current.postMessage({ _tag: 'Run', id, name, input } satisfies ToWorker, [...transfer])
      }),
    end: () => end(cancelled),
  }
}
