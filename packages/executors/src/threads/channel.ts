// Workers of Node and of browsers differ in how they are made, heard and ended. Node's module is asked for at run time,
// so that bundlers for browsers do not trip over it.
import type { Order, Reply } from './messages.js'

/** A worker, from the thread that made it. */
export interface Channel {
  readonly post: (order: Order, transfer: ReadonlyArray<ArrayBufferLike>) => void
  /** Whether the process has to wait for the worker. */
  readonly keepAlive: (wanted: boolean) => void
  readonly end: () => void
}

interface Listeners {
  readonly onReply: (reply: Reply) => void
  /** The worker is gone, for a reason. */
  readonly onFailure: (reason: string) => void
}

interface NodeWorker {
  readonly on: (event: string, listener: (value: unknown) => void) => void
  readonly postMessage: (message: unknown, transfer: ReadonlyArray<unknown>) => void
  readonly ref: () => void
  readonly unref: () => void
  readonly terminate: () => unknown
}

interface NodePort {
  readonly on: (event: 'message', listener: (value: unknown) => void) => void
  readonly postMessage: (message: unknown, transfer: ReadonlyArray<unknown>) => void
}

interface WorkerThreads {
  readonly Worker: new (entry: URL, options: { readonly execArgv: readonly string[] }) => NodeWorker
  readonly parentPort: NodePort | null
}

interface NodeProcess {
  readonly getBuiltinModule?: (name: string) => unknown
}

const builtin = <A>(name: string): A | undefined =>
  (globalThis as { readonly process?: NodeProcess }).process?.getBuiltinModule?.(name) as A | undefined

const workerThreads = (): WorkerThreads | undefined => builtin('node:worker_threads')

/** Processors that threads can run on. */
export const processors = (): number =>
  builtin<{ readonly availableParallelism: () => number }>('node:os')?.availableParallelism() ??
  globalThis.navigator?.hardwareConcurrency ??
  1

const openNode = ({ Worker }: WorkerThreads, entry: URL, { onReply, onFailure }: Listeners): Channel => {
  // Flags of the process are for its own program: `--input-type` or a loader would be refused or run again.
  const worker = new Worker(entry, { execArgv: [] })
  worker.on('message', reply => onReply(reply as Reply))
  worker.on('error', error => onFailure(String(error)))
  worker.on('exit', code => onFailure(`it ended with code ${code}`))
  worker.unref()
  return {
    post: (order, transfer) => worker.postMessage(order, transfer),
    keepAlive: wanted => (wanted ? worker.ref() : worker.unref()),
    end: () => void worker.terminate(),
  }
}

const openWeb = (worker: Worker, { onReply, onFailure }: Listeners): Channel => {
  worker.addEventListener('message', ({ data }) => onReply(data))
  worker.addEventListener('error', ({ message }) => onFailure(message || 'its script did not load'))
  worker.addEventListener('messageerror', () => onFailure('a message could not be read'))
  return {
    post: (order, transfer) => worker.postMessage(order, [...transfer]),
    keepAlive: () => {},
    end: () => worker.terminate(),
  }
}

/** Starts a worker on the entry of this folder. Throws where the host has or allows none. */
export const open = (listeners: Listeners): Channel => {
  const node = workerThreads()
  return node
    ? openNode(node, new URL('./worker.js', import.meta.url), listeners)
    : openWeb(new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }), listeners)
}

/** Hears orders in a worker, and gives what answers them. */
export const serve = (listen: (order: Order, answer: (reply: Reply) => void) => void): void => {
  const port = workerThreads()?.parentPort
  const scope = globalThis as unknown as DedicatedWorker
  const answer = (reply: Reply): void => {
    const transfer = reply._tag === 'Right' && reply.right ? [reply.right.buffer] : []
    if (port) port.postMessage(reply, transfer)
    else scope.postMessage(reply, transfer)
  }
  if (port) port.on('message', order => listen(order as Order, answer))
  else scope.addEventListener('message', ({ data }) => listen(data as Order, answer))
}

interface DedicatedWorker {
  readonly addEventListener: (event: 'message', listener: (event: { readonly data: unknown }) => void) => void
  readonly postMessage: (message: unknown, transfer: ReadonlyArray<unknown>) => void
}
