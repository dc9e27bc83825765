import {
  cholesky,
  describeValue,
  inWords,
  isList,
  type Matrix,
  type MatrixError,
  type MatrixLike,
  matrix,
  readNumbers,
  toNumber,
  type Vector,
} from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { finite, fraction, type Requirement } from './requirements.js'

/** A parameter that the family does not have: what, where, and what was expected. */
export interface InvalidParameter {
  readonly _tag: 'InvalidParameter'
  readonly distribution: string
  /** Name of the parameter, with the entry where one is to blame: `mean[2]`. */
  readonly parameter: string
  readonly expected: string
  readonly received: string
}

/** Parameters that have been checked, or the first thing that is wrong with them. */
export type Validated<P> = E.Either<InvalidParameter, P>

/** Describes the error in one line for a person: `Dirichlet: concentration[1] is -2, expected a positive finite number`. */
export const describeInvalidParameter = (e: InvalidParameter): string =>
  `${e.distribution}: ${e.parameter} is ${e.received}, expected ${e.expected}`

/** Probabilities are taken to sum to 1 up to rounding of K float64 additions, or of float32 input. */
const SIMPLEX_TOLERANCE = 1e-6

/** Whether numbers are the probabilities of all of some alternatives. */
export const onSimplex = (x: Vector): boolean => {
  let sum = 0
  for (let i = 0; i < x.length; i++) {
    if (!(x[i]! >= 0)) return false
    sum += x[i]!
  }
  return Math.abs(sum - 1) <= SIMPLEX_TOLERANCE
}

/** Whether x has so many entries, all of them finite. */
export const inSpace = (x: Vector, dimension: number): boolean => {
  for (const v of x) if (!Number.isFinite(v)) return false
  return x.length === dimension
}

/** What errors of `fromExpectedStatistic` call its argument. */
export const EXPECTED_STATISTIC = 'expectedStatistic'

interface PositiveDefinite {
  readonly matrix: Matrix
  readonly cholesky: Matrix
}

/** Checks of the parts of a parameter, whose errors name the distribution. */
export interface Validator {
  readonly fail: (parameter: string, expected: string, received: unknown) => Validated<never>
  readonly scalar: (parameter: string, value: number, requirement: Requirement) => Validated<number>
  /** Copies at least one number. */
  readonly vector: (parameter: string, values: ArrayLike<number>, requirement: Requirement) => Validated<Vector>
  /** Copies the `length` finite numbers of an expected statistic. */
  readonly statistic: (t: Vector, length: number) => Validated<Vector>
  /** Copies probabilities, divided by their sum. */
  readonly simplex: (parameter: string, values: ArrayLike<number>) => Validated<Vector>
  /** A copy of a D x D symmetric positive definite matrix and its Cholesky factor. */
  readonly positiveDefinite: (parameter: string, values: MatrixLike, dimension?: number) => Validated<PositiveDefinite>
  /** The same of numbers that nobody else will write to, without a copy: M-steps make many. */
  readonly ownVector: (parameter: string, values: Float64Array, requirement: Requirement) => Validated<Vector>
  readonly ownPositiveDefinite: (parameter: string, matrix: Matrix, dimension?: number) => Validated<PositiveDefinite>
}

/** What was made of one column of several: an error says which. */
export const inColumn =
  (i: number) =>
  <A>(made: Validated<A>): Validated<A> =>
    E.isLeft(made) ? E.left({ ...made.left, parameter: `columns[${i}].${made.left.parameter}` }) : made

/** Makes the checks of the parameters of one distribution, which errors call by its name. */
export const validator = (distribution: string): Validator => {
  const fail = (parameter: string, expected: string, received: unknown): Validated<never> =>
    E.left({
      _tag: 'InvalidParameter',
      distribution,
      parameter,
      expected,
      received: inWords(received),
    })

  const checkCholesky = (parameter: string, m: Matrix): Validated<PositiveDefinite> => {
    const factor = cholesky(m)
    if (E.isRight(factor)) return E.right({ matrix: m, cholesky: factor.right })
    const e = factor.left
    switch (e._tag) {
      case 'NotSquare':
        return fail(parameter, 'a square matrix', `${e.rows} x ${e.columns}`)
      case 'NotSymmetric':
        return fail(`${parameter}[${e.row}][${e.column}]`, 'a symmetric matrix', `off its mirror by ${e.difference}`)
      case 'UnreadableData':
        return fail(parameter, e.expected, e.received)
      case 'NotPositiveDefinite':
        return fail(parameter, 'a positive definite matrix', `not (pivot ${e.pivot} is ${e.value})`)
    }
  }

  const ownVector = (
    parameter: string,
    values: Float64Array,
    { expected, holds }: Requirement,
  ): Validated<Float64Array> => {
    if (values.length === 0) return fail(parameter, 'at least one number', 'empty')
    for (let i = 0; i < values.length; i++)
      if (!(Number.isFinite(values[i]) && holds(values[i]!))) return fail(`${parameter}[${i}]`, expected, values[i])
    return E.right(values)
  }

  const vector = (parameter: string, values: ArrayLike<number>, requirement: Requirement): Validated<Float64Array> => {
    const read = readNumbers(values)
    if (E.isRight(read)) return ownVector(parameter, read.right, requirement)
    const { row, expected, received } = read.left
    return row === undefined
      ? fail(parameter, expected, received)
      : fail(`${parameter}[${row}]`, requirement.expected, received)
  }

  const ownPositiveDefinite = (parameter: string, m: Matrix, dimension?: number): Validated<PositiveDefinite> => {
    const { rows, columns, data } = m
    if (rows === 0) return fail(parameter, 'at least one row', 'empty')
    for (let i = 0; i < data.length; i++)
      if (!Number.isFinite(data[i]))
        return fail(`${parameter}[${Math.floor(i / columns)}][${i % columns}]`, finite.expected, data[i])
    return dimension !== undefined && (rows !== dimension || columns !== dimension)
      ? fail(parameter, `a ${dimension} x ${dimension} matrix`, `${rows} x ${columns}`)
      : checkCholesky(parameter, m)
  }

  const notAMatrix = (parameter: string, e: MatrixError): Validated<never> => {
    const row = e.row === undefined ? '' : `[${e.row}]`
    if (e._tag === 'RaggedRows') return fail(`${parameter}${row}`, `${e.expected} numbers`, `${e.received} numbers`)
    const place = `${parameter}${row}${e.column === undefined ? '' : `[${e.column}]`}`
    return fail(e.what === undefined ? place : `${e.what} ${parameter}`, e.expected, e.received)
  }

  return {
    fail,
    scalar: (parameter, value, { expected, holds }) => {
      const number = toNumber(value)
      return number !== undefined && Number.isFinite(number) && holds(number)
        ? E.right(number)
        : fail(parameter, expected, describeValue(value))
    },
    vector,
    ownVector,
    ownPositiveDefinite,
    statistic: (t, length) =>
      isList(t) && t.length === length
        ? vector(EXPECTED_STATISTIC, t, finite)
        : fail(EXPECTED_STATISTIC, `${length} numbers`, isList(t) ? `${t.length} numbers` : describeValue(t)),
    simplex: (parameter, values) => {
      const checked = vector(parameter, values, fraction)
      if (E.isLeft(checked)) return checked
      const sum = checked.right.reduce((a, b) => a + b, 0)
      return onSimplex(checked.right)
        ? E.right(checked.right.map(v => v / sum))
        : fail(parameter, 'probabilities that sum to 1', `a sum of ${sum}`)
    },
    positiveDefinite: (parameter, values, dimension) => {
      const m = matrix(values)
      if (E.isLeft(m)) return notAMatrix(parameter, m.left)
      return ownPositiveDefinite(parameter, { ...m.right, data: new Float64Array(m.right.data) }, dimension)
    },
  }
}
