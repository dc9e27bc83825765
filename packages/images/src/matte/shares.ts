import type { Surrounding } from './surroundings.js'

/** Shares that are told apart: 0, 1/10, ..., 1. */
const STEPS = 10
/** How far the share of a pixel is from that of its place, as a standard deviation. */
const SPREAD = 0.3
/** How much likelier pixels are of one kind alone than mixed in some proportion. */
const PURE = 4
/** What a camera adds to a colour. */
const NOISE = (2 / 255) ** 2
/** Shares this near to 0 or 1 are these. */
const ROUNDED = 0.02

/** The inverse of a symmetric 3 x 3 matrix with the entries rr, rg, rb, gg, gb, bb; gives its determinant. */
const invert = (m: Float64Array, into: Float64Array): number => {
  const [a, b, c, d, e, f] = [m[0]!, m[1]!, m[2]!, m[3]!, m[4]!, m[5]!]
  into[0] = d * f - e * e
  into[1] = c * e - b * f
  into[2] = b * e - c * d
  into[3] = a * f - c * c
  into[4] = b * c - a * e
  into[5] = a * d - b * b
  const determinant = a * into[0]! + b * into[1]! + c * into[2]!
  for (let i = 0; i < 6; i++) into[i]! /= determinant
  return determinant
}

const DIAGONAL = [0, 3, 5]

/**
 * Makes a function that gives the posterior mean of the share of the foreground in a colour, and puts in the colour's place that of
 * its foreground part. `inside` says where the pixel is: from -1 at the outer to 1 at the inner edge of the band.
 */
export const makeShares = (): ((
  colour: Float64Array,
  foreground: Surrounding,
  background: Surrounding,
  inside: number,
) => number) => {
  const [covariance, inverse, logs] = [new Float64Array(6), new Float64Array(6), new Float64Array(STEPS + 1)]
  const [rest, solved] = [new Float64Array(3), new Float64Array(3)]
  /** x - a F - (1 - a) B, and that times the inverse of a^2 S_F + (1 - a)^2 S_B + noise; gives the log determinant. */
  const solve = (colour: Float64Array, foreground: Surrounding, background: Surrounding, share: number): number => {
    const [own, other] = [share * share, (1 - share) * (1 - share)]
    for (let i = 0; i < 6; i++) covariance[i] = own * foreground.covariance[i]! + other * background.covariance[i]!
    for (const i of DIAGONAL) covariance[i]! += NOISE
    for (let c = 0; c < 3; c++) rest[c] = colour[c]! - share * foreground.mean[c]! - (1 - share) * background.mean[c]!
    const determinant = invert(covariance, inverse)
    solved[0] = inverse[0]! * rest[0]! + inverse[1]! * rest[1]! + inverse[2]! * rest[2]!
    solved[1] = inverse[1]! * rest[0]! + inverse[3]! * rest[1]! + inverse[4]! * rest[2]!
    solved[2] = inverse[2]! * rest[0]! + inverse[4]! * rest[1]! + inverse[5]! * rest[2]!
    return Math.log(determinant)
  }
  return (colour, foreground, background, inside) => {
    const expected = Math.max(0, Math.min(1, (1 + inside) / 2))
    let highest = Number.NEGATIVE_INFINITY
    for (let i = 0; i <= STEPS; i++) {
      const share = i / STEPS
      const logDeterminant = solve(colour, foreground, background, share)
      let square = 0
      for (let c = 0; c < 3; c++) square += rest[c]! * solved[c]!
      const prior = -((share - expected) ** 2) / (2 * SPREAD * SPREAD) + (i === 0 || i === STEPS ? Math.log(PURE) : 0)
      logs[i] = prior - (logDeterminant + square) / 2
      highest = Math.max(highest, logs[i]!)
    }
    let [mass, mean] = [0, 0]
    for (let i = 0; i <= STEPS; i++) {
      const p = Math.exp(logs[i]! - highest)
      mass += p
      mean += (p * i) / STEPS
    }
    const share = mean / mass
    if (share < ROUNDED) return 0
    if (share > 1 - ROUNDED) return 1
    // The mean of f given x and the share.
    solve(colour, foreground, background, share)
    const s = foreground.covariance
    colour[0] = foreground.mean[0]! + share * (s[0]! * solved[0]! + s[1]! * solved[1]! + s[2]! * solved[2]!)
    colour[1] = foreground.mean[1]! + share * (s[1]! * solved[0]! + s[3]! * solved[1]! + s[4]! * solved[2]!)
    colour[2] = foreground.mean[2]! + share * (s[2]! * solved[0]! + s[4]! * solved[1]! + s[5]! * solved[2]!)
    return share
  }
}
