import type { RgbImage } from '../grid/image.js'
import { shrink } from '../grid/shrink.js'

/** A picture at a smaller size, and how many times smaller its sides are. */
export interface Shrunk {
  readonly image: RgbImage
  readonly factor: number
}

/** A picture of at most so many pixels, of means of whole squares of pixels; never less than one pixel. */
export const shrinkTo = (image: RgbImage, most: number): Shrunk => {
  const { width, height } = image
  const needed = Math.max(1, Math.ceil(Math.sqrt((width * height) / most)))
  const factor = Math.min(needed, width, height)
  const small = shrink(image, factor)
  // What is left over at the sides may be all that can be seen.
  const isSeen = small.opacity === undefined || small.opacity.some(v => v > 0)
  return isSeen ? { image: small, factor } : { image, factor: 1 }
}

/**
 * Labels of a smaller picture at the size of another one of the same, whose sides are `scale` times smaller than those that the
 * factor is of.
 */
export const enlarge = (labels: Uint8Array, small: Shrunk, { width, height }: RgbImage, scale: number): Uint8Array => {
  const { image, factor } = small
  const large = new Uint8Array(width * height)
  for (let row = 0, n = 0; row < height; row++) {
    const from = Math.min(image.height - 1, Math.floor((row * scale) / factor)) * image.width
    for (let column = 0; column < width; column++, n++)
      large[n] = labels[from + Math.min(image.width - 1, Math.floor((column * scale) / factor))]!
  }
  return large
}
