import * as E from 'fp-ts/lib/Either.js'

/** A function of the caller threw, or its promise was rejected. */
export interface CallbackFailed {
  readonly _tag: 'CallbackFailed'
  /** The name of the option that the function was. */
  readonly callback: string
  readonly reason: string
}

/** Describes the error in one line. */
export const describeCallbackFailed = ({ callback, reason }: CallbackFailed): string => `${callback} failed: ${reason}`

/** Why something failed, from what was thrown, in one line. */
export const reasonOf = (thrown: unknown): string => {
  const text = E.tryCatch(
    () => (thrown instanceof Error ? thrown.message || thrown.name : String(thrown)),
    () => 'what it threw has no text',
  )
  return E.toUnion(text).split('\n', 1)[0]!
}

/** What a function of the caller threw, on its way to where the library was called, and which function that was. */
export class Thrown {
  readonly callback: string
  readonly value: unknown
  constructor(callback: string, value: unknown) {
    this.callback = callback
    this.value = value
  }
}

/** The error of a function of the caller, from what it threw. What was thrown may know better which function it was. */
export const callbackFailed = (callback: string, thrown: unknown): E.Left<CallbackFailed> =>
  thrown instanceof Thrown
    ? callbackFailed(thrown.callback, thrown.value)
    : { _tag: 'Left', left: { _tag: 'CallbackFailed', callback, reason: reasonOf(thrown) } }

/** Calls a function of the caller, which is called by the name of its option in messages. Errors: the function throws. */
export const tryCall = <A>(callback: string, f: () => A): E.Either<CallbackFailed, A> => {
  try {
    return E.right(f())
  } catch (thrown) {
    return callbackFailed(callback, thrown)
  }
}

/** Calls a function of the caller and waits for its promise, if it gives one. Errors: it throws, or the promise is rejected. */
export const tryCallAsync = async (
  callback: string,
  f: () => unknown,
): Promise<E.Either<CallbackFailed, undefined>> => {
  try {
    await f()
    return E.right(undefined)
  } catch (thrown) {
    return callbackFailed(callback, thrown)
  }
}

/** Goes through an iterable of the caller. The last element is an error where the iterable throws. */
export async function* tryEach<A>(
  callback: string,
  items: AsyncIterable<A> | Iterable<A>,
): AsyncGenerator<E.Either<CallbackFailed, A>, void> {
  try {
    for await (const item of items) yield E.right(item)
  } catch (thrown) {
    yield callbackFailed(callback, thrown)
  }
}
