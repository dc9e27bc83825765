// Workers of Node and of browsers differ in how they are made, heard and ended. Node's module is asked for at run time,
// so that bundlers for browsers do not trip over it.
import type { Order, Reply } from './messages.js'

/** A worker, from the thread that made it. */
export interface Channel {
  readonly post: (order: Order, transfer: ReadonlyArray<ArrayBufferLike>) => void
  /** Stays awake for a moment to hear the next reply, which saves the time that waking takes. */
  readonly stayAwake: () => void
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
  readonly unref: () => void
  readonly terminate: () => unknown
}

interface NodePort {
  readonly on: (event: 'message', listener: (value: unknown) => void) => void
  readonly postMessage: (message: unknown, transfer: ReadonlyArray<unknown>) => void
  readonly ref: () => void
  readonly unref: () => void
}

interface WorkerOptions {
  readonly execArgv: readonly string[]
  readonly workerData: NodePort
  readonly transferList: readonly NodePort[]
}

interface WorkerThreads {
  readonly Worker: new (entry: URL, options: WorkerOptions) => NodeWorker
  readonly MessageChannel: new () => { readonly port1: NodePort; readonly port2: NodePort }
  readonly receiveMessageOnPort: (port: NodePort) => { readonly message: unknown } | undefined
  /** In a worker, what it was given. */
  readonly workerData: NodePort | null
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

/** Milliseconds that a thread of Node stays awake for a message; only where others can run meanwhile. */
const AWAKE = processors() > 1 ? 1 : 0

/** Looks for a message until there is one, but not for long: a sleeping thread takes a good part of a millisecond to wake. */
const listenAwake = (
  { receiveMessageOnPort }: WorkerThreads,
  port: NodePort,
  hear: (message: unknown) => void,
): void => {
  const end = performance.now() + AWAKE
  do {
    const received = receiveMessageOnPort(port)
    if (received) {
      hear(received.message)
      return
    }
  } while (performance.now() < end)
}

const openNode = (threads: WorkerThreads, entry: URL, { onReply, onFailure }: Listeners): Channel => {
  const { port1: port, port2 } = new threads.MessageChannel()
  // Flags of the process are for its own program: `--input-type` or a loader would be refused or run again.
  const worker = new threads.Worker(entry, { execArgv: [], workerData: port2, transferList: [port2] })
  worker.on('error', error => onFailure(String(error)))
  worker.on('exit', code => onFailure(`it ended with code ${code}`))
  worker.unref()
  port.on('message', reply => onReply(reply as Reply))
  port.unref()
  return {
    post: (order, transfer) => port.postMessage(order, transfer),
    stayAwake: () => listenAwake(threads, port, reply => onReply(reply as Reply)),
    keepAlive: wanted => (wanted ? port.ref() : port.unref()),
    end: () => void worker.terminate(),
  }
}

const openWeb = (worker: Worker, { onReply, onFailure }: Listeners): Channel => {
  worker.addEventListener('message', ({ data }) => onReply(data))
  worker.addEventListener('error', ({ message }) => onFailure(message || 'its script did not load'))
  worker.addEventListener('messageerror', () => onFailure('a message could not be read'))
  return {
    post: (order, transfer) => worker.postMessage(order, [...transfer]),
    stayAwake: () => {},
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
  const transferOf = (reply: Reply): ArrayBufferLike[] =>
    reply._tag === 'Right' && reply.right ? [reply.right.buffer] : []
  const threads = workerThreads()
  const port = threads?.workerData
  if (threads && port) {
    const hear = (order: unknown): void => listen(order as Order, answer)
    const answer = (reply: Reply): void => {
      port.postMessage(reply, transferOf(reply))
      listenAwake(threads, port, hear)
    }
    port.on('message', hear)
    return
  }
  const scope = globalThis as unknown as DedicatedWorker
  scope.addEventListener('message', ({ data }) =>
    listen(data as Order, reply => scope.postMessage(reply, transferOf(reply))),
  )
}

interface DedicatedWorker {
  readonly addEventListener: (event: 'message', listener: (event: { readonly data: unknown }) => void) => void
  readonly postMessage: (message: unknown, transfer: ReadonlyArray<unknown>) => void
}
