const iteratorOf = <A>(items: AsyncIterable<A> | Iterable<A>): AsyncIterator<A> | Iterator<A> =>
  Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()

/** Lets a source close what it has open. */
const close = async (iterator: AsyncIterator<unknown> | Iterator<unknown>): Promise<void> => {
  await iterator.return?.()
}

/**
 * Goes through an iterable until a signal says so, or nobody wants more of it, and closes it then. What it was asked for last may
 * never come: where the signal says so, nobody waits for that, nor for the closing.
 */
export async function* untilStopped<A>(
  items: AsyncIterable<A> | Iterable<A>,
  signal: AbortSignal | undefined,
): AsyncGenerator<A, void> {
  const iterator = iteratorOf(items)
  let stop = (): void => {}
  const stopped = (): void => stop()
  signal?.addEventListener('abort', stopped)
  /** A promise of its own each time: one that all of them raced with would hold all that has come. */
  const nextOrStop = (): Promise<IteratorResult<A, unknown> | undefined> =>
    new Promise((resolve, reject) => {
      stop = () => resolve(undefined)
      Promise.resolve(iterator.next()).then(resolve, reject)
    })
  let isOpen = true
  try {
    while (signal?.aborted !== true) {
      // One that throws is closed.
      isOpen = false
      const next = await nextOrStop()
      isOpen = next?.done !== true
      if (next === undefined || next.done) return
      yield next.value
    }
  } finally {
    signal?.removeEventListener('abort', stopped)
    if (isOpen) {
      const closed = close(iterator)
      if (signal?.aborted) closed.catch(() => {})
      else await closed
    }
  }
}

/** What a promise brings; `undefined` where the signal says so before. */
export const unlessStopped = <A>(
  promise: PromiseLike<A> | A,
  signal: AbortSignal | undefined,
): Promise<A | undefined> =>
  new Promise((resolve, reject) => {
    const stopped = (): void => resolve(undefined)
    if (signal?.aborted) stopped()
    signal?.addEventListener('abort', stopped)
    Promise.resolve(promise)
      .then(resolve, reject)
      .finally(() => signal?.removeEventListener('abort', stopped))
  })
