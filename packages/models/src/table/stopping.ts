/** Says when what runs somewhere else has to stop: options of a fit. */
export interface Stops {
  readonly signal?: Pick<AbortSignal, 'aborted'> | undefined
  /** In milliseconds from now. */
  readonly timeLimit?: number | undefined
}

/** How often a signal is looked at, in milliseconds. */
const OFTEN = 50

const CANCELLED = 'it was cancelled'

/**
 * Runs something with a signal of its own, which is aborted as soon as that of the caller is, or when time is over while it runs:
 * what begins later is not stopped by time.
 */
export const stopping = ({ signal, timeLimit = Number.POSITIVE_INFINITY }: Stops) => {
  const end = performance.now() + timeLimit
  const running = new Set<AbortController>()
  return {
    during: async <A>(run: (signal: AbortSignal) => Promise<A>): Promise<A> => {
      const controller = new AbortController()
      if (signal?.aborted) controller.abort(CANCELLED)
      running.add(controller)
      const began = performance.now()
      const timer = setInterval(() => {
        // Later than for who looks at the clock itself, and makes a result of what is there.
        const isOver = began < end && performance.now() >= end + OFTEN
        if (isOver || signal?.aborted) controller.abort(isOver ? 'the time limit has passed' : CANCELLED)
      }, OFTEN)
      try {
        return await run(controller.signal)
      } finally {
        clearInterval(timer)
        running.delete(controller)
      }
    },
    /** Stops all that runs. */
    stop: (): void => {
      for (const controller of running) controller.abort(CANCELLED)
    },
  }
}

export type Stopping = ReturnType<typeof stopping>
