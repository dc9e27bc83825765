import { checkOptions, type InvalidOption } from '@conjugate/em'
import { above, exactly, optional } from '@conjugate/em/schema'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkLength } from '../grid/field.js'
import { checkImage, type RgbImage, whiteOf } from '../grid/image.js'
import { depthsOf, depthsPerPixel } from './depth.js'
import { makeShares } from './shares.js'
import { emptySurrounding, lookAround, type Near } from './surroundings.js'

/** Pixels at a boundary that may be partly foreground and partly background. */
export interface MixedPixels {
  /** M pixels, in the order of the picture. */
  readonly pixels: Int32Array
  /** M: how much of each is foreground, from 0 to 1: the mean of the posterior. */
  readonly shares: Float64Array
  /** M x 3: the colour of the part that is foreground, with as many bits as the picture has. */
  readonly colours: Uint8Array | Uint16Array
}

/** Options of `mixedPixels`. */
export interface MixedPixelsOptions {
  /** How far from the boundary pixels may be mixed, in pixels; by default 1.5, and up to 4 in large pictures. */
  readonly distance?: number
}

const DISTANCE = { least: 1.5, most: 4, perSide: 1 / 500 }

const found = (image: RgbImage, labels: ArrayLike<number>, distance: number): MixedPixels => {
  const { width, height, data, opacity } = image
  const white = whiteOf(image)
  const depths = depthsOf(image, labels)
  // The boundary is half a pixel from the places beside it.
  const sure = Math.min(255, Math.ceil((distance + 0.5) * depthsPerPixel))
  const isMixed = (n: number): boolean => depths[n]! < sure && (opacity === undefined || opacity[n]! > 0)
  let count = 0
  for (let n = 0; n < depths.length; n++) if (isMixed(n)) count++
  const pixels = new Int32Array(count)
  const shares = new Float64Array(count)
  const colours = data.BYTES_PER_ELEMENT === 1 ? new Uint8Array(3 * count) : new Uint16Array(3 * count)
  const near: Near = {
    image,
    labels,
    depths,
    sure,
    radius: Math.ceil(3 * distance) + 2,
    stride: Math.max(1, Math.round(0.7 * distance)),
    white,
  }
  const around = [emptySurrounding(), emptySurrounding()] as const
  const shareOf = makeShares()
  const colour = new Float64Array(3)
  for (let n = 0, i = 0; n < width * height; n++) {
    if (!isMixed(n)) continue
    pixels[i] = n
    const label = labels[n] === 1 ? 1 : 0
    for (let c = 0; c < 3; c++) colour[c] = data[3 * n + c]! / white
    lookAround(near, n, around)
    const inside = (label === 1 ? 1 : -1) * (depths[n]! / depthsPerPixel - 0.5)
    const isKnown = around[0].weight === 0 || around[1].weight === 0
    shares[i] = isKnown ? label : shareOf(colour, around[1], around[0], inside / distance)
    for (let c = 0; c < 3; c++) colours[3 * i + c] = Math.round(white * Math.max(0, Math.min(1, colour[c]!)))
    i++
  }
  return { pixels, shares, colours }
}

/**
 * Which pixels at the boundary of labels 0 and 1 are mixed, and how: a pixel there has the colour a f + (1 - a) b, where f and b
 * are Gaussian as the surely foreground and background pixels around it are, and a is likely to be near 1 inside and 0 outside.
 * `mixedPixels(image, labels, options)`. Errors: the picture is none; there is not one label for each pixel.
 * Source: Chuang, Curless, Salesin and Szeliski, A Bayesian approach to digital matting (2001); here a is averaged, not maximised.
 */
export const mixedPixels = (
  image: RgbImage,
  labels: ArrayLike<number>,
  options: MixedPixelsOptions = {},
): E.Either<InvalidOption, MixedPixels> =>
  pipe(
    checkImage(image),
    E.chain(() => checkLength('labels', labels, image.width * image.height)),
    E.chain(() => checkOptions(exactly({ distance: optional(above(0)) }))(options)),
    E.map(({ distance }) => {
      const usual = Math.sqrt(image.width * image.height) * DISTANCE.perSide
      return found(image, labels, distance ?? Math.max(DISTANCE.least, Math.min(DISTANCE.most, usual)))
    }),
  )
