// Workers of Node and of browsers differ in how they are made, heard and ended. Node's module is asked for at run time,
// so that bundlers for browsers do not trip over it.
import type { Report, Start } from './messages.js'

/** A worker, from the thread that made it. */
export interface Channel {
  readonly start: (start: Start) => void
  /** Whether the process has to wait for the worker. */
  readonly keepAlive: (wanted: boolean) => void
  readonly end: () => void
}

interface Listeners {
  readonly onReport: (report: Report) => void
  /** The worker is gone, for a reason. */
  readonly onFailure: (reason: string) => void
}

interface NodeWorker {
  readonly on: (event: string, listener: (value: unknown) => void) => void
  readonly postMessage: (message: unknown) => void
  readonly ref: () => void
  readonly unref: () => void
  readonly terminate: () => unknown
}

interface NodePort {
  readonly once: (event: 'message', listener: (value: unknown) => void) => void
  readonly postMessage: (message: unknown, transfer: ReadonlyArray<unknown>) => void
}

interface WorkerThreads {
  readonly Worker: new (entry: URL, options: { readonly execArgv: readonly string[] }) => NodeWorker
  /** In a worker, the way to who made it. */
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

/** Whether there is the module of workers, which takes longer to load than it is told of. */
const hasWorkerThreads = (): boolean =>
  builtin<{ readonly isBuiltin: (name: string) => boolean }>('node:module')?.isBuiltin('node:worker_threads') ?? false

/** Whether this host lets workers have a memory of this thread: Node does, and pages that are cross-origin isolated. */
export const sharesMemory = (): boolean => hasWorkerThreads() || globalThis.crossOriginIsolated === true

/** Milliseconds that a thread stays awake for another; only where others can run meanwhile. */
export const awakeFor = (): number => (processors() > 1 ? 0.5 : 0)

/** The same between the orders of a pass over rows that are read meanwhile: many orders, which take longer than to wake does. */
export const awakeOnLanes = (): number => awakeFor() / 10

/** Why a worker is gone whose file is not where it is looked for, or may not be loaded. */
export const NOT_LOADED = 'its script did not load'

const reasonOf = (error: unknown): string =>
  /MODULE_NOT_FOUND$/.test(String((error as { readonly code?: unknown } | null)?.code)) ? NOT_LOADED : String(error)

const openNode = ({ Worker }: WorkerThreads, entry: URL, { onReport, onFailure }: Listeners): Channel => {
  // Flags of the process are for its own program: `--input-type` or a loader would be refused or run again.
  const worker = new Worker(entry, { execArgv: [] })
  worker.on('message', report => onReport(report as Report))
  worker.on('error', error => onFailure(reasonOf(error)))
  worker.on('exit', code => onFailure(`it ended with code ${code}`))
  worker.unref()
  return {
    start: start => worker.postMessage(start),
    keepAlive: wanted => (wanted ? worker.ref() : worker.unref()),
    end: () => void worker.terminate(),
  }
}

const openWeb = (worker: Worker, { onReport, onFailure }: Listeners): Channel => {
  worker.addEventListener('message', ({ data }) => onReport(data))
  worker.addEventListener('error', ({ message }) => onFailure(message || NOT_LOADED))
  worker.addEventListener('messageerror', () => onFailure('a message could not be read'))
  return {
    start: start => worker.postMessage(start),
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

interface DedicatedWorker {
  readonly addEventListener: (event: 'message', listener: (event: { readonly data: unknown }) => void) => void
  readonly postMessage: (message: unknown, transfer: ReadonlyArray<unknown>) => void
  readonly close: () => void
}

/** Runs a worker, which may report at any time. It ends when `run` returns. */
export const serve = (run: (start: Start, report: (report: Report) => void) => void): void => {
  const transferOf = (report: Report): ArrayBufferLike[] => (report._tag === 'Results' ? [report.values.buffer] : [])
  const port = workerThreads()?.parentPort
  if (port) {
    const report = (report: Report): void => port.postMessage(report, transferOf(report))
    // Nothing else keeps it alive.
    port.once('message', start => run(start as Start, report))
    return
  }
  const scope = globalThis as unknown as DedicatedWorker
  scope.addEventListener('message', ({ data }) => {
    run(data as Start, report => scope.postMessage(report, transferOf(report)))
    scope.close()
  })
}
