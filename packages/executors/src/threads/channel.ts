// Workers of Node and of browsers differ in how they are made, heard and ended. Node's module is asked for at run time,
// so that bundlers for browsers do not trip over it.
import type { Order, Reply } from './messages.js'

/** A worker, from the thread that made it. */
export interface Channel {
  /** Whether the worker looks at shared memory. */
  readonly sharesMemory: boolean
  readonly post: (order: Order, transfer: ReadonlyArray<ArrayBufferLike>) => void
  /**
   * Stays awake for a moment to hear the next reply, or until something else is there, which saves the time that waking
   * takes.
   */
  readonly stayAwake: (isThere: () => boolean) => void
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

/** Milliseconds that a thread of Node stays awake for the other; only where others can run meanwhile. */
const AWAKE = processors() > 1 ? 0.5 : 0

/** How often memory is looked at between two looks for a message, which take longer. */
const LOOKS = 16

const looks = (isThere: () => boolean): boolean => {
  for (let i = 0; i < LOOKS; i++) if (isThere()) return true
  return false
}

/**
 * Looks for a message until there is one, or until something else is there, but not for long: a sleeping thread takes a
 * good part of a millisecond to wake.
 */
const listenAwake = (
  { receiveMessageOnPort }: WorkerThreads,
  port: NodePort,
  hear: (message: unknown) => void,
  isThere: () => boolean,
): void => {
  const end = performance.now() + AWAKE
  do {
    if (looks(isThere)) return
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
    sharesMemory: true,
    post: (order, transfer) => port.postMessage(order, transfer),
    stayAwake: isThere => listenAwake(threads, port, reply => onReply(reply as Reply), isThere),
    keepAlive: wanted => (wanted ? port.ref() : port.unref()),
    end: () => void worker.terminate(),
  }
}

const openWeb = (worker: Worker, { onReply, onFailure }: Listeners): Channel => {
  worker.addEventListener('message', ({ data }) => onReply(data))
  worker.addEventListener('error', ({ message }) => onFailure(message || 'its script did not load'))
  worker.addEventListener('messageerror', () => onFailure('a message could not be read'))
  return {
    sharesMemory: false,
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

/** What a worker does. */
export interface Service {
  readonly hear: (order: Order, answer: (reply: Reply) => void) => void
  /** Does what shared memory says is to be done, and tells whether there was something. */
  readonly attend: (answer: (reply: Reply) => void) => boolean
  /** Whether somebody looks at the shared memory from now on. */
  readonly isAwake: (awake: boolean) => void
}

/** Runs the service of a worker. */
export const serve = ({ hear, attend, isAwake }: Service): void => {
  const transferOf = (reply: Reply): ArrayBufferLike[] =>
    reply._tag === 'Right' && reply.right ? [reply.right.buffer] : []
  const threads = workerThreads()
  const port = threads?.workerData
  if (threads && port) {
    const post = (reply: Reply): void => port.postMessage(reply, transferOf(reply))
    const hearOrder = (message: unknown): void => {
      const order = message as Order
      if (order._tag === 'Look') stayAwake()
      else hear(order, answer)
    }
    const stayAwake = (): void => {
      isAwake(true)
      let attended: boolean
      do {
        attended = false
        listenAwake(threads, port, hearOrder, () => {
          attended = attend(post)
          return attended
        })
      } while (attended)
      isAwake(false)
      // What came before that was said was said to nobody.
      if (attend(post)) stayAwake()
    }
    const answer = (reply: Reply): void => {
      post(reply)
      stayAwake()
    }
    port.on('message', hearOrder)
    return
  }
  const scope = globalThis as unknown as DedicatedWorker
  scope.addEventListener('message', ({ data }) =>
    hear(data as Order, reply => scope.postMessage(reply, transferOf(reply))),
  )
}

interface DedicatedWorker {
  readonly addEventListener: (event: 'message', listener: (event: { readonly data: unknown }) => void) => void
  readonly postMessage: (message: unknown, transfer: ReadonlyArray<unknown>) => void
}
