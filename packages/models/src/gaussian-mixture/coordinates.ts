import { multivariateNormal } from '@conjugate/distributions'
import type { Coordinates } from '@conjugate/em'
import { square, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as RA from 'fp-ts/lib/ReadonlyArray.js'
import type { GaussianMixtureParameters } from './definition.js'

/** The lower triangle of a D x D factor with the logarithms of its diagonal: any numbers stand for a factor. */
const logTriangle = (dimension: number, factor: Vector): number[] => {
  const entries: number[] = []
  for (let i = 0; i < dimension; i++)
    for (let j = 0; j <= i; j++) {
      const entry = factor[i * dimension + j]!
      entries.push(i === j ? Math.log(entry) : entry)
    }
  return entries
}

/** L L' from such a triangle. */
const covarianceOf = (dimension: number, triangle: Float64Array): ReturnType<typeof square> => {
  const entry = (i: number, j: number): number => {
    const value = triangle[(i * (i + 1)) / 2 + j]!
    return i === j ? Math.exp(value) : value
  }
  return square(dimension, (i, j) => {
    let sum = 0
    for (let k = 0; k <= Math.min(i, j); k++) sum += entry(i, k) * entry(j, k)
    return sum
  })
}

/**
 * K log weights, then for each component its mean and log-Cholesky triangle. All of it is unconstrained, so that an
 * extrapolation always stands for a mixture; natural parameters leap about as far, but more often into another optimum.
 */
export const coordinates = (components: number, columns: number): Coordinates<GaussianMixtureParameters> => {
  const each = columns + (columns * (columns + 1)) / 2
  return {
    toVector: ({ weights, components: members }) =>
      Float64Array.from([
        ...Array.from(weights, Math.log),
        ...members.flatMap(({ mean, cholesky }) => [...mean, ...logTriangle(columns, cholesky.data)]),
      ]),
    fromVector: vector => {
      const logWeights = vector.subarray(0, components)
      const highest = Math.max(...logWeights)
      const unnormalised = logWeights.map(v => Math.exp(v - highest))
      const total = unnormalised.reduce((a, b) => a + b, 0)
      return pipe(
        Array.from({ length: components }, (_, k) =>
          vector.subarray(components + k * each, components + (k + 1) * each),
        ),
        RA.traverse(E.Applicative)(part =>
          multivariateNormal.make({
            mean: part.subarray(0, columns),
            covariance: covarianceOf(columns, part.subarray(columns)),
          }),
        ),
        E.map(members => ({ weights: unnormalised.map(v => v / total), components: members })),
      )
    },
  }
}
