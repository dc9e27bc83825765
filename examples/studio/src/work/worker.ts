// The worker of any part: its code is loaded when the part opens, so that what parts share is on the site once.
import * as E from 'fp-ts/lib/Either.js'
import type { Handler } from './handlers.js'
import { cancelled, type FromWorker, failed, type Part, type Task, type ToWorker } from './messages.js'

const host = globalThis as unknown as {
  postMessage: (message: FromWorker, transfer: ReadonlyArray<Transferable>) => void
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null
}

type AnyHandlers = Readonly<Record<string, Handler<Task>>>

const parts: Readonly<Record<Part, () => Promise<{ readonly handlers: unknown }>>> = {
  photos: () => import('../photos/work/handlers.js'),
  tables: () => import('../tables/work/handlers.js'),
}

let opened: Promise<AnyHandlers> | undefined
const running = new Map<number, AbortController>()

const reasonOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))

const run = async (id: number, name: string, input: unknown): Promise<void> => {
  const controller = new AbortController()
  running.set(id, controller)
  const { signal } = controller
  const report = (progress: unknown, transfer: ReadonlyArray<Transferable> = []): void => {
    if (!signal.aborted) host.postMessage({ _tag: 'Progress', id, progress }, transfer)
  }
  try {
    const handler = (await opened)?.[name]
    const done =
      handler === undefined ? E.left(failed(`there is no ${name}`)) : await handler(input, { report, signal })
    if (signal.aborted) host.postMessage({ _tag: 'Failure', id, failure: cancelled }, [])
    else if (E.isLeft(done)) host.postMessage({ _tag: 'Failure', id, failure: done.left }, [])
    else host.postMessage({ _tag: 'Done', id, output: done.right.output }, done.right.transfer ?? [])
  } catch (thrown) {
    // Memory that is not to be had, for example.
    host.postMessage({ _tag: 'Failure', id, failure: failed(reasonOf(thrown)) }, [])
  } finally {
    running.delete(id)
  }
}

host.onmessage = ({ data }) => {
  if (data._tag === 'Open') opened = parts[data.part]().then(({ handlers }) => handlers as AnyHandlers)
  else if (data._tag === 'Cancel') running.get(data.id)?.abort()
  else void run(data.id, data.name, data.input)
}
