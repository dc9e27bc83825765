import { atLeastOrInfinity, type Fields, optional, whole } from './schema/schema.js'

/** How often something is done: after so many iterations or seconds, whichever comes first. */
export interface Intervals {
  readonly everyIterations?: number
  readonly everySeconds?: number
}

export const intervalFields: Fields = {
  everyIterations: optional(whole(1)),
  everySeconds: optional(atLeastOrInfinity(0)),
}

/** How long the loop may keep the thread to itself, in milliseconds. */
const TURN = 30

interface Host {
  readonly setImmediate?: (then: () => void) => unknown
  readonly MessageChannel?: new () => {
    readonly port1: { onmessage: (() => void) | null; readonly close: () => void }
    readonly port2: { readonly postMessage: (message: null) => void }
  }
}

/**
 * Ends when all who wait for a turn have had one: timers, messages, input. A timer of 0 ms takes at least one in Node, and four in pages, which is a
 * tenth of the time.
 */
const turnOfOthers = (): Promise<void> => {
  const { setImmediate, MessageChannel } = globalThis as Host
  if (setImmediate) return new Promise(resolve => void setImmediate(resolve))
  if (!MessageChannel) return new Promise(resolve => setTimeout(resolve, 0))
  return new Promise(resolve => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}

/** Lets others have a turn between iterations (a progress bar, an abort), but not so often that it costs time. */
export const breather = (): (() => Promise<void>) => {
  let last = performance.now()
  return async () => {
    if (performance.now() - last < TURN) return
    await turnOfOthers()
    last = performance.now()
  }
}

/** Whether progress is due to be saved. */
export const schedule = ({ everyIterations, everySeconds }: Intervals) => {
  let [iterations, last] = [0, performance.now()]
  return (): boolean => {
    iterations++
    const due =
      iterations >= (everyIterations ?? Number.POSITIVE_INFINITY) ||
      performance.now() - last >= 1000 * (everySeconds ?? Number.POSITIVE_INFINITY)
    if (due) [iterations, last] = [0, performance.now()]
    return due
  }
}
