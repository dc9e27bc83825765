import { type InvalidParameter, validator } from '@conjugate/distributions'
import { checkArgument, invalidOption } from '@conjugate/em'
import { anyNumber, numbers } from '@conjugate/em/schema'
import { inWords } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { FitError } from '../errors.js'

/** An error in the definition of a label model. */
export const invalidLabels: ReturnType<typeof validator>['fail'] = validator('LabelModel').fail

/** An error in what rows are said to be to each other. */
export const invalidStructure = (option: string, expected: string, received: unknown): E.Either<FitError, never> =>
  invalidOption(option, expected, inWords(received))

const isConcentration = (a: unknown): boolean => typeof a === 'number' && a >= 0 && a < Number.POSITIVE_INFINITY

/** Reads concentrations of rows of K probabilities. Errors: one is negative or not finite, or a row has none but zeros. */
export const concentrationsOf = (
  parameter: string,
  values: ArrayLike<number>,
  columns: number,
): E.Either<InvalidParameter, Float64Array> => {
  for (let i = 0; i < values.length; i++)
    if (!isConcentration(values[i]))
      return invalidLabels(`${parameter}[${i}]`, 'a nonnegative finite number', values[i])
  const all = Float64Array.from(values)
  for (let first = 0; first < all.length; first += columns)
    if (!all.subarray(first, first + columns).some(a => a > 0))
      return invalidLabels(parameter, 'something possible in every row', 'a row of zeros')
  return E.right(all)
}

/** What has to be a list of numbers, of any kind. */
export const checkNumbers = (
  parameter: string,
  values: ArrayLike<number>,
): E.Either<InvalidParameter, ArrayLike<number>> => {
  const checked = checkArgument(parameter, numbers(anyNumber))(values)
  return E.isLeft(checked) ? invalidLabels(checked.left.option, checked.left.expected, checked.left.received) : checked
}

/** A whole number of at least 1. */
export const checkCount = (parameter: string, value: number): E.Either<InvalidParameter, number> =>
  Number.isSafeInteger(value) && value >= 1
    ? E.right(value)
    : invalidLabels(parameter, 'a whole number of at least 1', value)
