import type { Matrix } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { ExecutorError, LoadOptions, QuadraticDensities } from './executor.js'

/** Rows that passed every check, in an array of their own: nothing the caller writes later can change them. */
export interface PreparedRows {
  readonly rows: number
  readonly columns: number
  /** N x D, row-major: the rows less the origin. */
  readonly values: Float64Array
  /** N, or `undefined` where every row counts once. */
  readonly rowWeights: Float64Array | undefined
}

const mismatch = (what: string, expected: number, received: number): ExecutorError => ({
  _tag: 'ShapeMismatch',
  what,
  expected,
  received,
})

/** The first pair whose lengths differ. */
const firstMismatch = (
  lengths: ReadonlyArray<readonly [what: string, expected: number, received: number]>,
): ExecutorError | undefined => {
  const wrong = lengths.find(([, expected, received]) => expected !== received)
  return wrong && mismatch(...wrong)
}

/** Checks N x D rows (N may be 0, D may not) and their weights, and subtracts the origin in float64. */
export const prepareRows = (rows: Matrix, options: LoadOptions = {}): E.Either<ExecutorError, PreparedRows> => {
  const { rows: count, columns, data } = rows
  const { origin, rowWeights } = options
  if (!Number.isSafeInteger(columns) || columns < 1) return E.left(mismatch('columns', 1, columns))
  const wrongShape = firstMismatch([
    ['data', count * columns, data.length],
    ['origin', columns, origin?.length ?? columns],
    ['rowWeights', count, rowWeights?.length ?? count],
  ])
  if (wrongShape) return E.left(wrongShape)

  const values = new Float64Array(data)
  const shift = origin ? new Float64Array(origin) : new Float64Array(columns)
  for (let row = 0, i = 0; row < count; row++)
    for (let column = 0; column < columns; column++, i++) {
      const value = values[i]!
      const centred = value - shift[column]!
      // A finite value can still leave the range here, or meet an origin that is not finite.
      if (!Number.isFinite(centred))
        return E.left({ _tag: 'NonFiniteData', row, column, value: Number.isFinite(value) ? centred : value })
      values[i] = centred
    }

  const weights = rowWeights && new Float64Array(rowWeights)
  // Written so that NaN fails it too.
  const invalid = weights ? weights.findIndex(weight => !(weight >= 0 && weight < Number.POSITIVE_INFINITY)) : -1
  if (weights && invalid >= 0) return E.left({ _tag: 'InvalidRowWeight', row: invalid, value: weights[invalid]! })
  return E.right({ rows: count, columns, values, rowWeights: weights })
}

/** Nothing about a component of weight zero may count: zeros in place of its parameters keep NaN out of the sums. */
const silenceDead = (densities: QuadraticDensities): QuadraticDensities => {
  const { columns, logConstant } = densities
  if (!logConstant.includes(Number.NEGATIVE_INFINITY)) return densities
  const mean = densities.mean.slice()
  const whitening = densities.whitening.slice()
  logConstant.forEach((constant, k) => {
    if (constant === Number.NEGATIVE_INFINITY) {
      mean.fill(0, k * columns, (k + 1) * columns)
      whitening.fill(0, k * columns * columns, (k + 1) * columns * columns)
    }
  })
  return { ...densities, mean, whitening }
}

/**
 * Checks that the densities are of rows of `columns` columns and that their arrays are as long as they say. In the
 * result the parameters of components of weight zero are zeros.
 */
export const checkDensities = (
  columns: number,
  densities: QuadraticDensities,
): E.Either<ExecutorError, QuadraticDensities> => {
  const { components, mean, whitening, logConstant } = densities
  if (!Number.isSafeInteger(components) || components < 1) return E.left(mismatch('components', 1, components))
  const wrong = firstMismatch([
    ['columns of the densities', columns, densities.columns],
    ['mean', components * columns, mean.length],
    ['whitening', components * columns * columns, whitening.length],
    ['logConstant', components, logConstant.length],
  ])
  return wrong ? E.left(wrong) : E.right(silenceDead(densities))
}
