import {
  anyNumber,
  anyOf,
  atLeast,
  atLeastOrInfinity,
  callable,
  exactly,
  type Fields,
  is,
  numbers,
  object,
  oneOf,
  optional,
  type Schema,
  text,
  truth,
  whole,
} from '@conjugate/em/schema'

/** What every option of an interface has to be. */
export type FieldsOf<O> = { readonly [K in keyof Required<O>]: Schema } & Fields

/** The most restarts that may be asked for. */
const MOST_RESTARTS = 2 ** 20
/** The most sweeps of Gibbs sampling that may pass without a draw: more than that would look like a program that hangs. */
const MOST_SWEEPS = 2 ** 20

export const seed: Schema = optional(is('a whole number', Number.isSafeInteger))
export const iterations: Schema = optional(whole(0))
export const tolerance: Schema = optional(atLeast(0))
export const restarts: Schema = optional(whole(1, MOST_RESTARTS))
export const sweeps = (least: number): Schema => optional(whole(least, MOST_SWEEPS))
export const parallel: Schema = optional(whole(1))
export const timeLimit: Schema = optional(atLeastOrInfinity(0))
export const flag: Schema = optional(truth)
export const listener: Schema = optional(callable)
export const acceleration: Schema = optional(oneOf('none', 'squarem'))
/** Whether there is a backend of the name is told by who selects it. */
export const backend: Schema = optional(text)
export const threads: Schema = optional(anyOf("a whole number of at least 1, or 'auto'", oneOf('auto'), whole(1)))
export const signal: Schema = optional(object({ aborted: truth }, 'an AbortSignal'))
/** How many there are is told by who has the rows. */
export const oneForEachRow: Schema = optional(numbers(anyNumber))
export const order: Schema = optional(
  anyOf("'expected-count' or a function that compares", oneOf('expected-count'), callable),
)
export const checkpoint: Schema = optional(
  exactly({
    storage: object({ name: text, read: callable, write: callable }, 'a storage, such as fileStorage'),
    everyIterations: optional(whole(1)),
    everySeconds: optional(atLeastOrInfinity(0)),
  }),
)
