import { type CallbackFailed, callbackFailed } from '@conjugate/em'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitError } from '../errors.js'

/** What a function of a model threw, and which, on its way to where the library was called. */
class Thrown {
  readonly name: string
  readonly value: unknown
  constructor(name: string, value: unknown) {
    this.name = name
    this.value = value
  }
}

// biome-ignore lint/suspicious/noExplicitAny: whatever functions a model has
type AnyFunction = (...args: any[]) => unknown

const named =
  (name: string, f: AnyFunction): AnyFunction =>
  (...args) => {
    try {
      return f(...args)
    } catch (thrown) {
      throw thrown instanceof Thrown ? thrown : new Thrown(name, thrown)
    }
  }

/** The same object, whose functions say their names where they throw. */
const withNames = <A extends object>(given: A, path: string): A => {
  const copy = Object.assign(Object.create(Object.getPrototypeOf(given)) as A, given)
  for (const [key, value] of Object.entries(given))
    if (typeof value === 'function') Object.assign(copy, { [key]: named(`${path}.${key}`, value as AnyFunction) })
  return copy
}

interface Parts {
  readonly encode: (...args: never[]) => E.Either<FitError, Parts>
  readonly steps: object
  readonly weights: object
  readonly sample: AnyFunction
}

const known = new WeakMap<object, unknown>()

/** A mixture whose functions say their names where they throw: those of anybody may. It is the same one for the same mixture. */
export const telling = <M>(mixture: M): M => {
  if (typeof mixture !== 'object' || mixture === null || !('encode' in mixture)) return mixture
  const before = known.get(mixture)
  if (before !== undefined) return before as M
  const { encode, steps, weights, sample } = mixture as unknown as Parts
  const told = withNames(mixture, 'model') as M & object
  Object.assign(told, {
    steps: withNames(steps, 'model.steps'),
    weights: withNames(weights, 'model.weights'),
    encode: named('model.encode', (...args: never[]) => {
      const encoded = encode(...args)
      if (E.isLeft(encoded)) return encoded
      const inside = withNames(encoded.right, 'model.encode')
      return E.right(Object.assign(inside, { steps: withNames(encoded.right.steps, 'model.steps') }))
    }),
    ...(typeof sample === 'function' && {
      sample: named('model.sample', component => named('model.sample', sample(component) as AnyFunction)),
    }),
  })
  known.set(mixture, told)
  known.set(told, told)
  return told
}

const failed = (thrown: unknown): E.Left<CallbackFailed> =>
  thrown instanceof Thrown ? callbackFailed(thrown.name, thrown.value) : callbackFailed('model', thrown)

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
