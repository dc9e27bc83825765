import type { ExponentialFamily, InvalidParameter, Validated } from '@conjugate/distributions'
import {
  allOf,
  anyNumber,
  atLeast,
  type Mismatch,
  numbers,
  object,
  type Schema,
  whole,
  within,
} from '@conjugate/em/schema'
import { describeValue, type Matrix, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'

/** How far a sum of probabilities may be off 1: rounding of many additions. */
const SUM_TOLERANCE = 1e-9

const sumIs = (values: ArrayLike<number>, from: number, to: number): Mismatch | undefined => {
  let sum = 0
  for (let i = from; i < to; i++) sum += values[i]!
  return Math.abs(sum - 1) <= SUM_TOLERANCE
    ? undefined
    : { path: '', expected: 'numbers that sum to 1', received: `numbers with a sum of ${sum}` }
}

/** K nonnegative numbers that sum to 1. */
export const probabilities = (count: number): Schema =>
  allOf(numbers(atLeast(0), count), value => sumIs(value as ArrayLike<number>, 0, count))

/** A matrix of numbers, of so many rows and columns where that is known. */
export const matrixOf = (element: Schema = anyNumber, rows?: number, columns?: number): Schema =>
  allOf(
    object(
      {
        rows: rows === undefined ? whole(0) : whole(rows, rows),
        columns: columns === undefined ? whole(0) : whole(columns, columns),
      },
      'a matrix { rows, columns, data }',
    ),
    value =>
      within('data', numbers(element, (value as Matrix).rows * (value as Matrix).columns)((value as Matrix).data)),
  )

const ofInvalid = ({ parameter, expected, received }: InvalidParameter): Mismatch => ({
  path: parameter === 'parameters' ? '' : `.${parameter}`,
  expected,
  received,
})

/** What checks need of a family. */
export type Members<P> = Pick<ExponentialFamily<P, never, unknown, unknown>, 'natural' | 'logNormaliser' | 'member'>

const looksRight =
  <P>({ natural, logNormaliser }: Members<P>) =>
  (value: unknown): boolean => {
    try {
      return (
        typeof value === 'object' &&
        Array.from(natural(value as P)).every(v => !Number.isNaN(v)) &&
        Number.isFinite(logNormaliser(value as P))
      )
    } catch {
      return false
    }
  }

/** A member of a family; of one that does not tell its members, whatever has natural parameters and a normaliser. */
export const memberOf = <P>(family: Members<P>): Schema => {
  const { member } = family
  if (member === undefined) {
    const holds = looksRight(family)
    return value =>
      holds(value) ? undefined : { path: '', expected: 'parameters of the family', received: describeValue(value) }
  }
  return value => {
    const checked: Validated<P> = member(value)
    return E.isLeft(checked) ? ofInvalid(checked.left) : undefined
  }
}

/** The same schema for values that have as many numbers as another value. */
export const ofSize = (schema: Schema, sizeOf: (value: never) => number, size: number): Schema =>
  allOf(schema, value => {
    const received = sizeOf(value as never)
    return received === size
      ? undefined
      : {
          path: '',
          expected: 'parameters of as many columns as the model has',
          received: 'one of other columns',
        }
  })

/** A member that has a mean of so many columns. */
export const memberOfColumns = <P extends { readonly mean: Vector }>(family: Members<P>, columns: number): Schema =>
  ofSize(memberOf(family), (p: P) => p.mean.length, columns)

const HINT = '; a fit is saved by fitToText and read by fitFromText'

/** The same, with what to do where typed arrays went through JSON.stringify, which makes objects of them. */
export const ofFit =
  (schema: Schema): Schema =>
  value => {
    const found = schema(value)
    return found && /^(an object|\{)/.test(found.received) ? { ...found, expected: found.expected + HINT } : found
  }
