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

/** Lets others have a turn between iterations (a progress bar, an abort), but not so often that it costs time. */
export const breather = (): (() => Promise<void>) => {
  let last = performance.now()
  return async () => {
    if (performance.now() - last < TURN) return
    await new Promise(resolve => setTimeout(resolve, 0))
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
