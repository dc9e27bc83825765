import type { Vector } from '@conjugate/linalg'
import type { Random } from '../random.js'

/** The number of float64 nearest to a positive draw: none is 0 or infinite. */
export const heldPositive = (x: number): number => Math.min(Math.max(x, Number.MIN_VALUE), Number.MAX_VALUE)

/** The finite number nearest to a draw. */
export const heldFinite = (x: number): number => Math.min(Math.max(x, -Number.MAX_VALUE), Number.MAX_VALUE)

/**
 * A gamma of a shape and rate 1 as log g + log u / shape, where g is a gamma of a shape of at least 1 and u uniform: those of
 * small shapes are beyond float64 while their logarithms are not. Source: Marsaglia and Tsang (2000), section 6.
 */
const gammaParts = (shape: number, random: Random): { readonly logGamma: number; readonly logUniform: number } =>
  shape < 1
    ? { logGamma: Math.log(random.gamma(shape + 1)), logUniform: Math.log(1 - random.uniform()) }
    : { logGamma: Math.log(random.gamma(shape)), logUniform: 0 }

/** The logarithm of a gamma of rate 1; -Infinity where even that is beyond float64. */
export const logGammaDraw =
  (shape: number) =>
  (random: Random): number => {
    const { logGamma, logUniform } = gammaParts(shape, random)
    return logGamma + logUniform / shape
  }

/**
 * Independent gammas of rate 1 divided by their sum, which is a draw of a Dirichlet. They are compared by their logarithms
 * times the greatest shape below 1, so that one of them is the greatest however small all shapes are.
 */
export const sharesOfGammas =
  (shapes: Vector) =>
  (random: Random): Float64Array => {
    let unit = 0
    for (const shape of shapes) unit = Math.max(unit, Math.min(shape, 1))
    const shares = new Float64Array(shapes.length)
    let top = Number.NEGATIVE_INFINITY
    for (let k = 0; k < shares.length; k++) {
      const { logGamma, logUniform } = gammaParts(shapes[k]!, random)
      shares[k] = unit * logGamma + logUniform * (unit / shapes[k]!)
      top = Math.max(top, shares[k]!)
    }
    let sum = 0
    for (let k = 0; k < shares.length; k++) {
      shares[k] = Math.exp((shares[k]! - top) / unit)
      sum += shares[k]!
    }
    for (let k = 0; k < shares.length; k++) shares[k]! /= sum
    return shares
  }
