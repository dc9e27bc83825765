/** How long a server that does not answer is waited for, and for how long it has been. */
export interface Waiting {
  /** The server has answered. */
  readonly heard: () => void
  /** How long to wait before asking again, in milliseconds; `undefined` where it has been long enough. */
  readonly next: () => number | undefined
  /** How long is waited at the most. */
  readonly patience: number
}

const [FIRST, LONGEST] = [50, 5000]

/** Waits twice as long each time, up to five seconds, and some of it by chance, so that many do not ask at once. */
export const waitingFor = (patience: number): Waiting => {
  let [since, tries]: [number | undefined, number] = [undefined, 0]
  return {
    patience,
    heard: () => {
      since = undefined
      tries = 0
    },
    next: () => {
      const now = Date.now()
      since ??= now
      const left = since + patience - now
      if (left <= 0) return undefined
      return Math.min(left, LONGEST, FIRST * 2 ** tries++) * (0.5 + 0.5 * Math.random())
    },
  }
}

/** Waits; rejects with the same failure where it has been long enough, or at once where the signal says so. */
export const pause = async (waiting: Waiting, failure: unknown, signal?: AbortSignal): Promise<void> => {
  const milliseconds = waiting.next()
  if (milliseconds === undefined) throw failure
  await new Promise<void>(resolve => {
    const timer = setTimeout(done, milliseconds)
    function done(): void {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    signal?.addEventListener('abort', done)
    if (signal?.aborted) done()
  })
  if (signal?.aborted) throw failure
}
