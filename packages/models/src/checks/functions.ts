import { type CallbackFailed, callbackFailed, Thrown } from '@conjugate/em'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'

// biome-ignore lint/suspicious/noExplicitAny: whatever functions a model has
type AnyFunction = (...args: any[]) => unknown

const again = (name: string, thrown: unknown): Thrown => (thrown instanceof Thrown ? thrown : new Thrown(name, thrown))

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

/** What has a place of its own: it is told when it is made. */
const APART = 'fromData'

/** Whether an object, or one of its parts, has functions; what M-steps make has none, and is looked at in each of them. */
const hasFunctions = (given: object, depth: number): boolean => {
  for (const key of Object.getOwnPropertyNames(given)) {
    const value: unknown = Object.getOwnPropertyDescriptor(given, key)?.value
    if (typeof value === 'function' || (depth > 0 && isPlain(value) && hasFunctions(value, depth - 1))) return true
  }
  return false
}

/** The same object, whose functions, and those of its parts, say their names where they throw. */
const withNames = <A extends object>(given: A, path: string, depth: number): A => {
  if (!hasFunctions(given, depth)) return given
  const properties = Object.getOwnPropertyDescriptors(given) as Record<string, PropertyDescriptor>
  let isChanged = false
  for (const [key, property] of Object.entries(properties)) {
    const value: unknown = key === APART ? undefined : property.value
    if (typeof value === 'function') property.value = named(`${path}.${key}`, value as AnyFunction)
    else if (depth > 0 && isPlain(value)) property.value = withNames(value, `${path}.${key}`, depth - 1)
    isChanged ||= property.value !== undefined && property.value !== (given as Record<string, unknown>)[key]
  }
  return isChanged ? Object.create(Object.prototype, properties as PropertyDescriptorMap) : given
}

/** What a function gave: its own functions throw as it does, and those of what it has made as parts of the model. */
const toldResult = (name: string, result: unknown): unknown => {
  if (typeof result === 'function') return named(name, result as AnyFunction)
  if (result instanceof Promise)
    return result.then(
      found => toldResult(name, found),
      thrown => {
        throw again(name, thrown)
      },
    )
  if (!isPlain(result) || !('right' in result) || !isPlain(result.right)) return result
  const right = withNames(result.right, name.slice(0, name.lastIndexOf('.')), 1)
  return right === result.right ? result : E.right(right)
}

const named =
  (name: string, f: AnyFunction): AnyFunction =>
  (...args) => {
    try {
      return toldResult(name, f(...args))
    } catch (thrown) {
      throw again(name, thrown)
    }
  }

const known = new WeakMap<object, unknown>()

/** How deep a model has functions: those of its parts, and of their parts, such as the family of a pair. */
const DEPTH = 3

/** A model whose functions say their names where they throw: those of anybody may. It is the same one for the same model. */
export const telling = <M>(model: M, name = 'model'): M => {
  if (!isPlain(model)) return model
  const before = known.get(model)
  if (before !== undefined) return before as M
  const told = withNames(model, name, name === 'model' ? DEPTH : DEPTH - 1) as M & object
  known.set(model, told)
  known.set(told, told)
  return told
}

const failed = (thrown: unknown): E.Left<CallbackFailed> => callbackFailed('model', thrown)

/** A computation with a model of anybody. Errors: its own; a function that throws, by name. */
export const tried = <X, A>(compute: () => E.Either<X, A>): E.Either<X | CallbackFailed, A> => {
  try {
    return compute()
  } catch (thrown) {
    return failed(thrown)
  }
}

/** A task with a model of anybody. Errors: its own; a function that throws, by name. */
export const triedTask =
  <X, A>(task: () => TE.TaskEither<X, A>): TE.TaskEither<X | CallbackFailed, A> =>
  async () => {
    try {
      return await task()()
    } catch (thrown) {
      return failed(thrown)
    }
  }

/** Results one after the other with a model of anybody. The last is an error where a function throws. */
export async function* triedEach<X, A>(
  results: AsyncGenerator<E.Either<X, A>, void>,
): AsyncGenerator<E.Either<X | CallbackFailed, A>, void> {
  try {
    yield* results
  } catch (thrown) {
    yield failed(thrown)
  }
}
