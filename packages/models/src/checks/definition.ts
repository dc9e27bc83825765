import { type InvalidParameter, validator } from '@conjugate/distributions'
import { checkOptions } from '@conjugate/em'
import {
  allOf,
  anyNumber,
  anyOf,
  exactly,
  type Fields,
  finite,
  list,
  numbers,
  object,
  optional,
  type Schema,
} from '@conjugate/em/schema'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { matrixOf } from './parameters.js'
import { howMany } from './size.js'

/** One number for all components, or one for each. */
export const oneOrMany: Schema = anyOf('a number, or an array of numbers', anyNumber, numbers(anyNumber))

export const anyMatrix: Schema = anyOf('a matrix, such as [[1, 0], [0, 1]]', matrixOf(), list(numbers(anyNumber)))

/** Options of a normal-inverse-Wishart. */
export const priorFields: Schema = exactly(
  { mean: numbers(anyNumber), meanPrecision: anyNumber, degreesOfFreedom: anyNumber, scale: anyMatrix },
  'an object of mean, meanPrecision, degreesOfFreedom and scale',
)

/** Options that all mixtures share. How many components there may be depends on how many numbers one has. */
export const mixtureFields = (numbersOfEach?: number): Fields => ({
  components: howMany(numbersOfEach),
  concentration: oneOrMany,
  noise: optional(finite),
})

/** The number of columns of a prior that has a mean, before it is checked; 1 where it has none. */
export const columnsOf = (options: unknown): number => {
  try {
    const { mean } = (options as { readonly prior: { readonly mean: { readonly length: unknown } } }).prior
    return typeof mean.length === 'number' ? mean.length : 1
  } catch {
    return 1
  }
}

/**
 * Options that define a model, checked as a whole. Errors: what is missing, of another type or not known; whether a prior
 * exists is told by who makes it.
 */
export const checkDefinition =
  (distribution: string, fields: Fields) =>
  <A>(options: A): E.Either<InvalidParameter, A> =>
    pipe(
      checkOptions(allOf(object({}, 'an object of options'), exactly(fields)))(options),
      E.orElseW(({ option, expected, received }) => validator(distribution).fail(option, expected, received)),
    )
