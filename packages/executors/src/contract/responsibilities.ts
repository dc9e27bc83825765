import { type Matrix, reading, readNumbers } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { mismatch } from './errors.js'
import type { Densities, ExecutorError } from './executor.js'

/** The place of a number that is none, negative or not finite. A loop of its own, since it is asked in every iteration. */
const firstWrong = (values: Float64Array): number | undefined => {
  // Written so that NaN is wrong too.
  for (let i = 0; i < values.length; i++) if (!(values[i]! >= 0 && values[i]! < Number.POSITIVE_INFINITY)) return i
  return undefined
}

const check = (
  { rows, columns, data }: Matrix,
  expected: number,
  components: number,
): E.Either<ExecutorError, Float64Array> => {
  if (rows !== expected) return E.left(mismatch('rows of the responsibilities', expected, rows))
  if (columns !== components) return E.left(mismatch('columns of the responsibilities', components, columns))
  if (data.length !== rows * columns) return E.left(mismatch('responsibilities', rows * columns, data.length))
  const read = data instanceof Float64Array ? E.right(data as Float64Array) : readNumbers(data, 'responsibilities')
  if (E.isLeft(read)) return read
  const values = read.right
  const wrong = firstWrong(values)
  return wrong === undefined
    ? E.right(values)
    : E.left({
        _tag: 'NonFiniteParameter',
        parameter: 'responsibilities',
        component: wrong % columns,
        value: values[wrong]!,
      })
}

/** Given responsibilities as float64. Errors: other than N x K of them; one that is no number, negative or not finite. */
export const checkResponsibilities = (
  responsibilities: Matrix,
  expected: number,
  densities: Densities,
): E.Either<ExecutorError, Float64Array> =>
  reading<ExecutorError, Float64Array>('responsibilities', 'a matrix { rows, columns, data }', () =>
    check(responsibilities, expected, densities.components),
  )
