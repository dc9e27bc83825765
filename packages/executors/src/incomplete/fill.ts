import type { Matrix } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { ExecutorError, QuadraticDensities } from '../contract/executor.js'
import { covariancesOf, marginalOf } from './marginals.js'
import { patternsOf } from './patterns.js'

/**
 * What a row's missing cells are filled with: means over the components, or a draw from one of them, by N x D standard normal numbers, one
 * for each cell, so that no row's depend on what others lack.
 */
export type Fill =
  | { readonly _tag: 'Means'; readonly responsibilities: Matrix }
  | { readonly _tag: 'Draws'; readonly labels: ArrayLike<number>; readonly normals: Float64Array }

/**
 * A copy of rows (N x D) with numbers in place of missing cells, NaN: what is expected of them given the cells that are there, or draws
 * given those and a label. Errors: a covariance that is not positive definite to the last digit.
 */
export const filled = (rows: Matrix, densities: QuadraticDensities, fill: Fill): E.Either<ExecutorError, Matrix> => {
  const { components, columns, mean } = densities
  const data = Float64Array.from(rows.data)
  const covariances = covariancesOf(densities)
  for (const pattern of patternsOf(rows, columns)) {
    const { there, missing, indices } = pattern
    if (missing.length === 0) continue
    const marginal = marginalOf(densities, covariances, pattern)
    if (E.isLeft(marginal)) return marginal
    const { fillings } = marginal.right
    /** What is expected of a missing cell of a row under a component. */
    const expected = (n: number, k: number, a: number): number => {
      let value = mean[k * columns + missing[a]!]!
      const { slopes } = fillings[k]!
      for (let i = 0; i < there.length; i++)
        value +=
          slopes.data[a * there.length + i]! * (rows.data[n * columns + there[i]!]! - mean[k * columns + there[i]!]!)
      return value
    }
    for (const n of indices) {
      for (let a = 0; a < missing.length; a++) {
        let value = 0
        if (fill._tag === 'Means') {
          for (let k = 0; k < components; k++) {
            const q = fill.responsibilities.data[n * components + k]!
            if (q > 0) value += q * expected(n, k, a)
          }
        } else {
          const k = fill.labels[n]!
          value = expected(n, k, a)
          for (let b = 0; b <= a; b++)
            value += fillings[k]!.root.data[a * missing.length + b]! * fill.normals[n * columns + missing[b]!]!
        }
        data[n * columns + missing[a]!] = value
      }
    }
  }
  return E.right({ ...rows, data })
}
