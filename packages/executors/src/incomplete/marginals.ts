import {
  cholesky,
  invertLower,
  LOG_2PI,
  logDeterminant,
  type Matrix,
  matrixProduct,
  square,
  transpose,
  writeInverseOfLower,
} from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { ExecutorError, QuadraticDensities } from '../contract/executor.js'
import type { Pattern } from './patterns.js'

/** What is expected of missing cells where those that are there deviate by r: they deviate by `slopes` r, and vary by `spread`. */
export interface Filling {
  /** Missing x there. */
  readonly slopes: Matrix
  /** Missing x missing, and its lower Cholesky factor. */
  readonly spread: Matrix
  readonly root: Matrix
}

/** Densities of the cells that are there, and for each component what they say of the others; `undefined` where it says nothing. */
export interface Marginal {
  readonly densities: QuadraticDensities
  readonly fillings: ReadonlyArray<Filling | undefined>
}

const EMPTY: Matrix = { rows: 0, columns: 0, data: new Float64Array(0) }
const NOTHING: Filling = { slopes: EMPTY, spread: EMPTY, root: EMPTY }

/** The K covariances of densities; `undefined` of a component whose whitening is 0, or whose weight is. */
export const covariancesOf = ({
  components,
  columns,
  whitening,
  logConstant,
}: QuadraticDensities): ReadonlyArray<Matrix | undefined> =>
  Array.from({ length: components }, (_, k) => {
    const own: Matrix = {
      rows: columns,
      columns,
      data: whitening.subarray(k * columns ** 2, (k + 1) * columns ** 2),
    }
    if (logConstant[k] === Number.NEGATIVE_INFINITY || own.data[0] === 0) return undefined
    const factor = invertLower(own)
    return matrixProduct(factor, transpose(factor))
  })

/**
 * The densities of some columns, and the regression of the others on them, by the Cholesky factor of each covariance with the former
 * first: L_oo and, next to each other, L_mo and L_mm. Missing columns are integrated out, which adds |m|/2 log(2 pi) + log|L_mm| to
 * the constant, whatever the constant is of. Errors: a covariance that is not positive definite to the last digit.
 * Source: Little and Rubin, Statistical Analysis with Missing Data, 3rd ed. (2019), section 11.2.
 */
export const marginalOf = (
  densities: QuadraticDensities,
  covariances: ReadonlyArray<Matrix | undefined>,
  { there, missing }: Pattern,
): E.Either<ExecutorError, Marginal> => {
  const { components, columns } = densities
  const [o, m] = [there.length, missing.length]
  // Rows that lack nothing have the bits that they have by themselves.
  if (m === 0) return E.right({ densities, fillings: covariances.map(covariance => covariance && NOTHING) })
  const order = [...there, ...missing]
  const found: QuadraticDensities = {
    _tag: 'Quadratic',
    components,
    columns: o,
    mean: new Float64Array(components * o),
    whitening: new Float64Array(components * o * o),
    logConstant: densities.logConstant.slice(),
  }
  const fillings: Array<Filling | undefined> = []
  for (let k = 0; k < components; k++) {
    for (let i = 0; i < o; i++) found.mean[k * o + i] = densities.mean[k * columns + there[i]!]!
    const covariance = covariances[k]
    if (covariance === undefined) {
      fillings.push(undefined)
      continue
    }
    const factor = cholesky(square(columns, (i, j) => covariance.data[order[i]! * columns + order[j]!]!))
    if (E.isLeft(factor))
      return E.left({
        _tag: 'NonFiniteParameter',
        parameter: 'pivot of the covariance',
        component: k,
        value: factor.left._tag === 'NotPositiveDefinite' ? factor.left.value : Number.NaN,
      })
    const { data } = factor.right
    const ofThere = square(o, (i, j) => data[i * columns + j]!)
    writeInverseOfLower(ofThere, found.whitening, k * o * o, 1)
    const inverse: Matrix = { rows: o, columns: o, data: found.whitening.subarray(k * o * o, (k + 1) * o * o) }
    const across: Matrix = {
      rows: m,
      columns: o,
      data: Float64Array.from({ length: m * o }, (_, at) => data[(o + Math.floor(at / o)) * columns + (at % o)]!),
    }
    const rest = square(m, (i, j) => data[(o + i) * columns + o + j]!)
    found.logConstant[k]! += 0.5 * (m * LOG_2PI + logDeterminant(rest))
    fillings.push({ slopes: matrixProduct(across, inverse), spread: matrixProduct(rest, transpose(rest)), root: rest })
  }
  return E.right({ densities: found, fillings })
}
