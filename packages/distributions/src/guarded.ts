import { describeValue, isList, isWrapped, toNumber } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { Support } from './support.js'
import type { InvalidParameter, Validated } from './validation.js'

/** What a function gives, or something else where it throws. */
export const attempt = <A>(f: () => A, otherwise: () => A): A => {
  try {
    return f()
  } catch {
    return otherwise()
  }
}

/** Whether something only holds a value, as far as it lets itself be looked at. */
const isHolder = (argument: unknown): boolean =>
  attempt(
    () => isWrapped(argument),
    () => false,
  )

/**
 * The same check, which does not throw, whatever it is given: getters and proxies may do so, and so do symbols where numbers
 * belong. What only holds a value says so.
 */
export const total =
  <A, B>(
    distribution: string,
    parameter: string,
    expected: string,
    check: (argument: A) => Validated<B>,
  ): ((argument: A) => Validated<B>) =>
  argument => {
    const wrong = (): Validated<never> =>
      E.left({ _tag: 'InvalidParameter', distribution, parameter, expected, received: describeValue(argument) })
    // M-steps ask for it for each component, and each column.
    try {
      const result = check(argument)
      return E.isLeft(result) && isHolder(argument) ? wrong() : result
    } catch {
      return wrong()
    }
  }

/** What is no list of numbers, or the first entry that is none. */
const firstOther = (numbers: unknown): Pick<InvalidParameter, 'parameter' | 'expected' | 'received'> | undefined => {
  if (!isList(numbers)) return { parameter: '', expected: 'a list of numbers', received: describeValue(numbers) }
  if (ArrayBuffer.isView(numbers) && typeof numbers[0] === 'number') return undefined
  for (let i = 0; i < numbers.length; i++)
    if (typeof numbers[i] !== 'number')
      return { parameter: `[${i}]`, expected: 'a number', received: describeValue(numbers[i]) }
  return undefined
}

/** The same of a list of numbers. */
const totalOfNumbers = <A, B>(
  distribution: string,
  parameter: string,
  check: (numbers: A) => Validated<B>,
): ((numbers: A) => Validated<B>) =>
  total(distribution, parameter, 'a list of numbers', numbers => {
    const wrong = firstOther(numbers)
    return wrong === undefined
      ? check(numbers)
      : E.left({ _tag: 'InvalidParameter', distribution, ...wrong, parameter: parameter + wrong.parameter })
  })

/** Log densities, which are those of the impossible where something is no value at all. */
const ofValues = (support: Support | undefined, log: (x: never) => number): ((x: never) => number) =>
  support?._tag === 'Number'
    ? x => {
        const number = toNumber(x)
        return number === undefined ? Number.NEGATIVE_INFINITY : log(number as never)
      }
    : x => {
        try {
          return support?._tag === 'Vector' && firstOther(x) ? Number.NEGATIVE_INFINITY : log(x)
        } catch {
          return Number.NEGATIVE_INFINITY
        }
      }

interface Checks {
  readonly name: string
  readonly support?: Support | undefined
  readonly logProb?: (p: never) => (x: never) => number
  readonly logBaseMeasure?: (x: never) => number
  readonly make?: (parameters: never) => Validated<unknown>
  readonly member?: ((value: unknown) => Validated<unknown>) | undefined
  readonly fromNatural?: (eta: never) => Validated<unknown>
  readonly fromExpectedStatistic?: (t: never) => Validated<unknown>
}

/**
 * The same distribution, whose checks and log densities never throw: no part of a parameter, nor a value, that is `null`, a
 * text or anything else passes for a number.
 */
export const guarded = <F extends Checks>(distribution: F): F => {
  const { name, support, logProb, logBaseMeasure, make, member, fromNatural, fromExpectedStatistic } = distribution
  return {
    ...distribution,
    ...(logProb && { logProb: (p: never) => ofValues(support, logProb(p)) }),
    ...(logBaseMeasure && { logBaseMeasure: ofValues(support, logBaseMeasure) }),
    ...(make && { make: total(name, 'parameters', 'an object with all of them', make) }),
    ...(member && { member: total(name, 'parameters', 'an object with all of them', member) }),
    ...(fromNatural && { fromNatural: totalOfNumbers(name, 'natural', fromNatural) }),
    ...(fromExpectedStatistic && {
      fromExpectedStatistic: totalOfNumbers(name, 'expectedStatistic', fromExpectedStatistic),
    }),
  }
}
