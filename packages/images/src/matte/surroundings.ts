import type { RgbImage } from '../grid/image.js'

/** The colours of one label near a place: their mean and covariance, with what they count together. */
export interface Surrounding {
  weight: number
  readonly mean: Float64Array
  /** The six different entries of the covariance: rr, rg, rb, gg, gb, bb. */
  readonly covariance: Float64Array
}

export const emptySurrounding = (): Surrounding => ({
  weight: 0,
  mean: new Float64Array(3),
  covariance: new Float64Array(6),
})

/** A spread that no colour of 8 bits is told from, squared. */
const LEAST_VARIANCE = (2 / 255) ** 2

/** What a pixel of a label counts that is within the band, and so may be mixed itself. */
const WITHIN_BAND = 0.02

/** Where pixels are looked at, and which of them are surely of one label alone. */
export interface Near {
  readonly image: RgbImage
  readonly labels: ArrayLike<number>
  readonly depths: Uint8Array
  /** The depth from which on pixels are not mixed. */
  readonly sure: number
  readonly radius: number
  /** Every how many pixels one is looked at. */
  readonly stride: number
  /** The largest value of a channel. */
  readonly white: number
}

const add = (into: Surrounding, weight: number, red: number, green: number, blue: number): void => {
  const { mean, covariance } = into
  into.weight += weight
  mean[0]! += weight * red
  mean[1]! += weight * green
  mean[2]! += weight * blue
  covariance[0]! += weight * red * red
  covariance[1]! += weight * red * green
  covariance[2]! += weight * red * blue
  covariance[3]! += weight * green * green
  covariance[4]! += weight * green * blue
  covariance[5]! += weight * blue * blue
}

const finish = ({ weight, mean, covariance }: Surrounding): void => {
  if (weight === 0) return
  for (let c = 0; c < 3; c++) mean[c]! /= weight
  const [red, green, blue] = [mean[0]!, mean[1]!, mean[2]!]
  const products = [red * red, red * green, red * blue, green * green, green * blue, blue * blue]
  for (let e = 0; e < 6; e++) covariance[e] = covariance[e]! / weight - products[e]!
  for (const e of [0, 3, 5]) covariance[e] = Math.max(0, covariance[e]!) + LEAST_VARIANCE
}

/** Takes in the colours of both labels around a place, from 0 to 1. */
export const lookAround = (near: Near, place: number, labels: readonly [Surrounding, Surrounding]): void => {
  const { image, depths, sure, radius, stride, white } = near
  const { width, height, data, opacity } = image
  const [column, row] = [place % width, Math.floor(place / width)]
  for (const label of labels) {
    label.weight = 0
    label.mean.fill(0)
    label.covariance.fill(0)
  }
  const [top, bottom] = [Math.max(row - radius, row % stride), Math.min(height - 1, row + radius)]
  const [left, right] = [Math.max(column - radius, column % stride), Math.min(width - 1, column + radius)]
  for (let y = top; y <= bottom; y += stride)
    for (let x = left; x <= right; x += stride) {
      const n = y * width + x
      if (opacity !== undefined && opacity[n] === 0) continue
      const weight = depths[n]! >= sure ? 1 : WITHIN_BAND * (depths[n]! / sure)
      const at = 3 * n
      add(labels[near.labels[n] === 1 ? 1 : 0], weight, data[at]! / white, data[at + 1]! / white, data[at + 2]! / white)
    }
  finish(labels[0])
  finish(labels[1])
}
