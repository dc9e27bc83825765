import type { RgbImage } from './image.js'

type Channels = RgbImage['data']

const room = (like: Channels, length: number): Uint8Array | Uint16Array =>
  like.BYTES_PER_ELEMENT === 1 ? new Uint8Array(length) : new Uint16Array(length)

/** Means of squares of pixels that are all opaque. */
const shrinkOpaque = ({ width, data }: RgbImage, w: number, h: number, factor: number): Channels => {
  const shrunk = room(data, 3 * w * h)
  const sums = new Float64Array(3 * w)
  const count = factor * factor
  for (let row = 0; row < h; row++) {
    sums.fill(0)
    for (let y = row * factor; y < (row + 1) * factor; y++)
      for (let column = 0, from = 3 * y * width; column < w; column++)
        for (let x = 0; x < factor; x++, from += 3) {
          sums[3 * column]! += data[from]!
          sums[3 * column + 1]! += data[from + 1]!
          sums[3 * column + 2]! += data[from + 2]!
        }
    for (let i = 0; i < sums.length; i++) shrunk[3 * row * w + i] = Math.round(sums[i]! / count)
  }
  return shrunk
}

/** Means of squares of pixels, each of which counts as much as it is opaque. */
const shrinkVisible = (
  { width, data }: RgbImage,
  opacity: Channels,
  w: number,
  h: number,
  factor: number,
): Pick<RgbImage, 'data' | 'opacity'> => {
  const [shrunk, opacities] = [room(data, 3 * w * h), room(data, w * h)]
  for (let row = 0, n = 0; row < h; row++)
    for (let column = 0; column < w; column++, n++) {
      let [red, green, blue, total] = [0, 0, 0, 0]
      for (let y = row * factor; y < (row + 1) * factor; y++)
        for (let at = y * width + column * factor, end = at + factor; at < end; at++) {
          const weight = opacity[at]!
          total += weight
          red += weight * data[3 * at]!
          green += weight * data[3 * at + 1]!
          blue += weight * data[3 * at + 2]!
        }
      if (total === 0) continue
      shrunk[3 * n] = Math.round(red / total)
      shrunk[3 * n + 1] = Math.round(green / total)
      shrunk[3 * n + 2] = Math.round(blue / total)
      // What can be seen a little stays so.
      opacities[n] = Math.max(1, Math.round(total / (factor * factor)))
    }
  return { data: shrunk, opacity: opacities }
}

/** A picture whose pixels are means of squares of pixels; what is left over at the east and the south is left out. */
export const shrink = (image: RgbImage, factor: number): RgbImage => {
  if (factor === 1) return image
  const [width, height] = [Math.floor(image.width / factor), Math.floor(image.height / factor)]
  if (image.opacity === undefined) return { width, height, data: shrinkOpaque(image, width, height, factor) }
  return { width, height, ...shrinkVisible(image, image.opacity, width, height, factor) }
}
