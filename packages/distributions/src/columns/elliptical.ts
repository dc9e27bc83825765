import {
  dot,
  logDeterminant,
  type Matrix,
  matrixProduct,
  solveLower,
  square,
  transpose,
  type Vector,
} from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Validated, Validator } from '../validation.js'
import type { Given } from './columns.js'

/** A location and a scale of D columns, as of a normal. */
export interface Elliptical {
  readonly location: Vector
  readonly scale: Matrix
}

const entriesAt = ({ columns, data }: Matrix, at: ReadonlyArray<number>): Matrix =>
  square(at.length, (i, j) => data[at[i]! * columns + at[j]!]!)

/** Those of some of the columns. */
export const ofColumns = ({ location, scale }: Elliptical, at: ReadonlyArray<number>): Elliptical => ({
  location: Float64Array.from(at, column => location[column]!),
  scale: entriesAt(scale, at),
})

/** What is known of the other columns. */
export interface Conditioned extends Elliptical {
  /** The squared distance of the values from their location, in units of their scale. */
  readonly distance: number
  /** The log determinant of the scale of the columns whose values are given. */
  readonly logDeterminant: number
}

/**
 * The regression of the other columns on the values of some, by the Cholesky factor of the scale with those first: its rows
 * are L_bb, and L_ab next to L_aa, so that the location is m_a + L_ab L_bb^-1 (x_b - m_b) and the scale L_aa L_aa'. Errors: the
 * scale is not positive definite in this order. Source: Bishop, Pattern Recognition and Machine Learning (2006), section 2.3.1.
 */
export const conditioned =
  (check: Validator) =>
  ({ location, scale }: Elliptical, { columns, values, others }: Given): Validated<Conditioned> =>
    pipe(
      check.ownPositiveDefinite('scale', entriesAt(scale, [...columns, ...others])),
      E.map(({ cholesky: { data } }) => {
        const [b, d] = [columns.length, location.length]
        const factor = square(b, (i, j) => data[i * d + j]!)
        const whitened = solveLower(Float64Array.from(values, (x, i) => x - location[columns[i]!]!))(factor)
        const ofOthers = square(others.length, (i, j) => data[(b + i) * d + b + j]!)
        return {
          location: Float64Array.from(others, (column, i) => {
            let sum = location[column]!
            for (let j = 0; j < b; j++) sum += data[(b + i) * d + j]! * whitened[j]!
            return sum
          }),
          scale: matrixProduct(ofOthers, transpose(ofOthers)),
          distance: dot(whitened)(whitened),
          logDeterminant: logDeterminant(factor),
        }
      }),
    )
