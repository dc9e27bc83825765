import type * as E from 'fp-ts/lib/Either.js'
import type { FitError } from '../errors.js'

/** What a model is, under a key that no data has: neither rows nor tables, whatever the names of their columns. */
export const kind: unique symbol = Symbol.for('@conjugate/models/kind')

/** The kinds of models that one door serves. */
export type Kind = 'mixture' | 'model' | 'hidden Markov model'

/** A model, or the Either that made it. */
export type Given<M> = M | E.Either<FitError, M>

/** Which kind of model this is; `undefined` where it is none. */
export const kindOf = (value: unknown): Kind | undefined => {
  try {
    return typeof value === 'object' && value !== null && kind in value ? (value[kind] as Kind) : undefined
  } catch {
    // A proxy may throw at any look.
    return undefined
  }
}

/** Whether it can only be what stands in place of a model. */
export const isGiven = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false
  try {
    if (!('_tag' in value)) return kindOf(value) !== undefined
    return value._tag === 'Left' || (value._tag === 'Right' && 'right' in value && kindOf(value.right) !== undefined)
  } catch {
    return false
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the types of each function say what it takes
type Body = (...args: any[]) => unknown

/** What runs without arguments, as a task does. */
const started = (result: unknown): unknown => (typeof result === 'function' ? result() : result)

/**
 * A function of a model and what comes after it that can also be called with the latter alone, in which case it waits for the
 * model: `fit(model, rows)`, and `pipe(model, fit(rows))`. Called with a model alone it waits for the rest.
 */
export const dual =
  (body: Body, isFirst: (value: unknown) => boolean = isGiven): Body =>
  (...args) => {
    if (isFirst(args[0])) return args.length === 1 ? (...rest: unknown[]) => body(args[0], ...rest) : body(...args)
    return (...models: unknown[]) => {
      // Where no model follows, the first argument was meant to be one; the body says that it is none.
      if (models.length === 0) return started(body(...args))
      // No data are a Promise, but a model may be one that has not been waited for.
      const isLate = args.length === 1 && args[0] instanceof Promise && !isFirst(models[0])
      return isLate ? body(args[0], ...models) : body(models[0], ...args)
    }
  }
