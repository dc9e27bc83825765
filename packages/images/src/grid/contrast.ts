import { checkOptions, type InvalidOption } from '@conjugate/em'
import { atLeast, exactly, optional } from '@conjugate/em/schema'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkNats, type Field, steps, unitsPerNat } from './field.js'
import { checkImage, type RgbImage } from './image.js'

/** What the weights of neighbours follow from, beside their colours. */
export interface Contrast {
  /** What two neighbours of the same colour side by side lose where their labels differ, in nats. */
  readonly gamma: number
  /** 1 over twice the mean squared distance of the colours of neighbours; 0 in a picture of one colour. */
  readonly beta: number
}

/** Nats at neighbours of one colour in a picture of one pixel; sqrt(N) times that in one of N pixels. */
export const DEFAULT_SMOOTHNESS = 0.05

const squaredDistance = (data: RgbImage['data'], i: number, j: number): number => {
  const red = data[i]! - data[j]!
  const green = data[i + 1]! - data[j + 1]!
  const blue = data[i + 2]! - data[j + 2]!
  return red * red + green * green + blue * blue
}

/** Which columns have a neighbour in a direction. */
const columnsOf = (width: number, x: number): readonly [from: number, to: number] => [
  Math.max(0, -x),
  Math.min(width, width - x),
]

// What is done to each row of an opaque picture is a function of arrays, which is compiled after a few rows.

/** A sum, to which the squared distances of neighbours in a row are added from place to place in the data. */
const addRow = (sum: number, data: RgbImage['data'], from: number, to: number, offset: number): number => {
  let total = sum
  for (let i = from; i < to; i += 3) {
    const red = data[i]! - data[i + offset]!
    const green = data[i + 1]! - data[i + offset + 1]!
    const blue = data[i + 2]! - data[i + offset + 2]!
    total += red * red + green * green + blue * blue
  }
  return total
}

/** Writes the weights of neighbours in a row by a table in which all are that are not 0. */
const writeRow = (
  weights: Int32Array,
  at: number,
  data: RgbImage['data'],
  from: number,
  to: number,
  offset: number,
  table: Int32Array,
): void => {
  for (let i = from, w = at; i < to; i += 3, w++) {
    const red = data[i]! - data[i + offset]!
    const green = data[i + 1]! - data[i + offset + 1]!
    const blue = data[i + 2]! - data[i + offset + 2]!
    const d2 = red * red + green * green + blue * blue
    if (d2 < table.length) weights[w] = table[d2]!
  }
}

/** How much contrast a picture has, by every so many of its rows. */
export const contrastOf = (image: RgbImage, smoothness: number = DEFAULT_SMOOTHNESS, stride = 1): Contrast => {
  const { width, height, data, opacity } = image
  let [sum, count] = [0, 0]
  for (const { x, y } of steps) {
    const [from, to] = columnsOf(width, x)
    const offset = 3 * (y * width + x)
    if (opacity === undefined) {
      for (let row = 0; row + y < height; row += stride) {
        sum = addRow(sum, data, 3 * (row * width + from), 3 * (row * width + to), offset)
        count += Math.max(0, to - from)
      }
      continue
    }
    for (let row = 0; row + y < height; row += stride)
      for (let column = from, i = 3 * (row * width + from); column < to; column++, i += 3) {
        if (opacity[i / 3] === 0 || opacity[(i + offset) / 3] === 0) continue
        sum += squaredDistance(data, i, i + offset)
        count++
      }
  }
  return { gamma: smoothness * Math.sqrt(width * height), beta: sum > 0 ? count / (2 * sum) : 0 }
}

/** Weights by squared distance, up to where they are less than half a unit. */
const tableOf = ({ gamma, beta }: Contrast, nearness: number, most: number): Int32Array => {
  const highest = gamma * nearness * unitsPerNat
  const length = beta === 0 ? 1 : Math.min(most, Math.max(1, Math.ceil(Math.log(2 * highest) / beta) + 1))
  const table = new Int32Array(Number.isFinite(length) ? length : 1)
  for (let d2 = 0; d2 < table.length; d2++) table[d2] = Math.round(highest * Math.exp(-beta * d2))
  return table
}

/** Squared distances of 8 bits; those of 16 bits are too many for a table. */
const MOST_IN_TABLE = 3 * 255 * 255 + 1

/** The weights of the pairs of neighbours of a picture, or of a window of one. */
export const contrastWeights = (image: RgbImage, contrast: Contrast): Int32Array => {
  const { width, height, data, opacity } = image
  const weights = new Int32Array(4 * width * height)
  const { gamma, beta } = contrast
  for (const [d, { x, y, nearness }] of steps.entries()) {
    const table = tableOf(contrast, nearness, MOST_IN_TABLE)
    const isComplete = beta === 0 || data.BYTES_PER_ELEMENT === 1 || table.length < MOST_IN_TABLE
    const highest = gamma * nearness * unitsPerNat
    const [from, to] = columnsOf(width, x)
    const offset = 3 * (y * width + x)
    for (let row = 0; row + y < height; row++) {
      let at = (d * height + row) * width + from
      if (opacity === undefined && isComplete) {
        writeRow(weights, at, data, 3 * (row * width + from), 3 * (row * width + to), offset, table)
        continue
      }
      for (let column = from, i = 3 * (row * width + from); column < to; column++, i += 3, at++) {
        if (opacity !== undefined && (opacity[i / 3] === 0 || opacity[(i + offset) / 3] === 0)) continue
        const d2 = squaredDistance(data, i, i + offset)
        if (d2 < table.length) weights[at] = table[d2]!
        else if (!isComplete) weights[at] = Math.round(highest * Math.exp(-beta * d2))
      }
    }
  }
  return weights
}

/** Checks that what neighbours lose stays within what a cut can count. */
export const checkSmoothness = ({ width, height }: RgbImage, smoothness: number): E.Either<InvalidOption, unknown> =>
  checkNats('smoothness times sqrt(N)', smoothness * Math.sqrt(width * height))

/** Options of `contrastField`. */
export interface ContrastFieldOptions {
  /**
   * gamma over sqrt(N): what neighbours of one colour lose where their labels differ, in nats, in proportion to the side of the
   * picture, so that pictures of any size are labelled alike; 0.05 by default. 0 leaves pixels to themselves.
   */
  readonly smoothness?: number
}

/**
 * The field of a picture: w_mn = gamma exp(-|r_m - r_n|^2 / (2 mean |r_m - r_n|^2)) / dist(m, n) of 8-neighbours with colours r,
 * gamma = smoothness sqrt(N), so that labels change where colours do. Where all colours are the same, w = gamma / dist.
 * Pixels that are transparent are nobody's neighbours.
 * Errors: the picture is none; smoothness is negative, or makes gamma more than 16,384 nats.
 * Source: Boykov and Jolly, Interactive graph cuts (2001); Rother, Kolmogorov and Blake, GrabCut (2004).
 */
export const contrastField = (image: RgbImage, options: ContrastFieldOptions = {}): E.Either<InvalidOption, Field> =>
  pipe(
    checkImage(image),
    E.chain(() => checkOptions(exactly({ smoothness: optional(atLeast(0)) }))(options)),
    E.chainFirst(({ smoothness = DEFAULT_SMOOTHNESS }) => checkSmoothness(image, smoothness)),
    E.let('contrast', ({ smoothness }) => contrastOf(image, smoothness)),
    E.map(({ contrast }) => ({
      width: image.width,
      height: image.height,
      weights: contrastWeights(image, contrast),
    })),
  )
