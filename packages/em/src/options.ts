import * as E from 'fp-ts/lib/Either.js'
import { Thrown } from './callback.js'
import type { Mismatch, Schema } from './schema/schema.js'

/** An option or an argument that is unknown, or that is not what it has to be. */
export interface InvalidOption {
  readonly _tag: 'InvalidOption'
  /** As a program would write it: `fixed.components[1]`. */
  readonly option: string
  readonly expected: string
  readonly received: string
}

/** Describes the error in one line: which option, what it is and what it has to be. */
export const describeInvalidOption = (e: InvalidOption): string =>
  `${e.option} is ${e.received}, expected ${e.expected}`

/** The error of an option or an argument. */
export const invalidOption = (option: string, expected: string, received: string): E.Either<InvalidOption, never> =>
  E.left({ _tag: 'InvalidOption', option, expected, received })

const unreadable: Mismatch = {
  path: '',
  expected: 'values that can be read',
  received: 'an object that throws when it is looked at',
}

const check =
  (schema: Schema, nameOf: (path: string) => string) =>
  <A>(value: A): E.Either<InvalidOption, A> => {
    let found: Mismatch | undefined
    try {
      found = schema(value)
    } catch (thrown) {
      // A check of the caller's, whose name it knows.
      if (thrown instanceof Thrown) throw thrown
      found = unreadable
    }
    if (found === undefined) return E.right(value)
    const { path, expected, received } = found
    return invalidOption(nameOf(path), expected, received)
  }

/** An argument, checked as a whole before anything is done with it. Errors call its parts `name.part`. */
export const checkArgument = (name: string, schema: Schema): (<A>(value: A) => E.Either<InvalidOption, A>) =>
  check(schema, path => name + path)

/** An object of options, checked as a whole. Errors call its parts by their own names. */
export const checkOptions = (schema: Schema): (<A>(options: A) => E.Either<InvalidOption, A>) =>
  check(schema, path => path.replace(/^\./, '') || 'options')
