import { type Matrix, reading, readNumbers } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { mismatch } from './errors.js'
import type { Densities, ExecutorError } from './executor.js'

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
  for (let i = 0; i < values.length; i++)
    // Written so that NaN fails it too.
    if (!(values[i]! >= 0 && values[i]! < Number.POSITIVE_INFINITY))
      return E.left({
        _tag: 'NonFiniteParameter',
        parameter: 'responsibilities',
        component: i % columns,
        value: values[i]!,
      })
  return E.right(values)
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
