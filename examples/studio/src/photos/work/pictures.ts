import { componentColour } from '@conjugate/figures/drawing'
import type { Picture } from '@conjugate/segmentation/regions'

/** The labels of a picture, of the photo's size or smaller. */
export interface Labelled {
  readonly width: number
  readonly height: number
  readonly components: number
  readonly labels: ArrayLike<number>
  /** N: 0 where nothing can be seen. */
  readonly opacity?: ArrayLike<number>
}

/** The longest side of what is shown; screens have no more, and memory is short. */
const LONGEST_SHOWN = 2400
const LONGEST_PANEL = 240
const MOST_PANELS = 8

const bitmapOf = (data: Uint8ClampedArray<ArrayBuffer>, width: number, height: number): ImageBitmap => {
  const canvas = new OffscreenCanvas(width, height)
  canvas.getContext('2d')!.putImageData(new ImageData(data, width, height), 0, 0)
  return canvas.transferToImageBitmap()
}

/** A bitmap with sides that a screen has. */
const scaled = (bitmap: ImageBitmap, longest: number): ImageBitmap => {
  const factor = longest / Math.max(bitmap.width, bitmap.height)
  if (factor >= 1) return bitmap
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(bitmap.width * factor)),
    Math.max(1, Math.round(bitmap.height * factor)),
  )
  const context = canvas.getContext('2d')!
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  return canvas.transferToImageBitmap()
}

/** Red, green, blue and opacity as a picture for the screen. */
export const shownRgba = (rgba: Uint8Array | Uint8ClampedArray, width: number, height: number): ImageBitmap =>
  scaled(bitmapOf(Uint8ClampedArray.from(rgba), width, height), LONGEST_SHOWN)

/** The channels of a photo, with its opacity. */
const rgbaOf = ({ data, channels, width, height }: Picture): Uint8ClampedArray<ArrayBuffer> => {
  if (channels === 4) return Uint8ClampedArray.from(data)
  const rgba = new Uint8ClampedArray(4 * width * height)
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    rgba[to] = data[from]!
    rgba[to + 1] = data[from + 1]!
    rgba[to + 2] = data[from + 2]!
    rgba[to + 3] = 255
  }
  return rgba
}

/** A small picture of a photo, of which panels are made. */
export interface Small {
  readonly width: number
  readonly height: number
  readonly data: Uint8ClampedArray
}

/** A photo for the screen, and as small as panels are. */
export const shownPhoto = (picture: Picture): { readonly photo: ImageBitmap; readonly small: Small } => {
  const photo = shownRgba(rgbaOf(picture), picture.width, picture.height)
  const factor = Math.min(1, LONGEST_PANEL / Math.max(photo.width, photo.height))
  const [width, height] = [photo.width, photo.height].map(side => Math.max(1, Math.round(side * factor))) as [
    number,
    number,
  ]
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!
  context.imageSmoothingQuality = 'high'
  context.drawImage(photo, 0, 0, width, height)
  return { photo, small: { width, height, data: context.getImageData(0, 0, width, height).data } }
}

/** The label of a place of another picture of the same; -1 where nothing is seen. */
const labelAt =
  ({ width, height, labels, opacity }: Labelled, to: { readonly width: number; readonly height: number }) =>
  (x: number, y: number): number => {
    const n =
      Math.min(height - 1, Math.floor(((y + 0.5) * height) / to.height)) * width +
      Math.min(width - 1, Math.floor(((x + 0.5) * width) / to.width))
    return opacity?.[n] === 0 ? -1 : labels[n]!
  }

/** The small photo, and of each component the pixels that are its own. */
export const panelsOf = (small: Small, found: Labelled): ReadonlyArray<ImageBitmap> => {
  const { width, height, data } = small
  const at = labelAt(found, small)
  const count = Math.min(found.components, MOST_PANELS)
  const panels = Array.from({ length: count }, () => new Uint8ClampedArray(data.length))
  for (let y = 0, n = 0; y < height; y++)
    for (let x = 0; x < width; x++, n += 4) panels[at(x, y)]?.set(data.subarray(n, n + 4), n)
  return [Uint8ClampedArray.from(data), ...panels].map(panel => bitmapOf(panel, width, height))
}

/** What dims the background: a darkroom's black. */
const DIM = [8, 14, 12, 190] as const
const CONTOUR = [18, 184, 134, 255] as const

/** The background dimmed, and a line where the foreground begins. */
export const maskOf = (found: Labelled): ImageBitmap => {
  const { width, height, labels, opacity } = found
  const rgba = new Uint8ClampedArray(4 * width * height)
  const words = new Uint32Array(rgba.buffer)
  const word = (colour: readonly number[]): number => new Uint32Array(Uint8Array.from(colour).buffer)[0]!
  const [dim, contour] = [word(DIM), word(CONTOUR)]
  for (let y = 0, n = 0; y < height; y++)
    for (let x = 0; x < width; x++, n++) {
      if (opacity?.[n] === 0) continue
      const label = labels[n]
      const differs = (is: boolean, m: number): boolean => is && labels[m] !== label
      if (
        differs(x > 0, n - 1) ||
        differs(x < width - 1, n + 1) ||
        differs(y > 0, n - width) ||
        differs(y < height - 1, n + width)
      )
        words[n] = contour
      else if (label === 0) words[n] = dim
    }
  return scaled(bitmapOf(rgba, width, height), LONGEST_SHOWN)
}

/** Each component in its colour, through which the photo can be seen. */
export const coloursOf = (found: Labelled): ImageBitmap => {
  const { width, height, components, labels, opacity } = found
  const palette = new Uint8ClampedArray(4 * components)
  for (let k = 0; k < components; k++) palette.set([...componentColour(k), 205], 4 * k)
  const colours = new Uint32Array(palette.buffer)
  const rgba = new Uint8ClampedArray(4 * width * height)
  const words = new Uint32Array(rgba.buffer)
  for (let n = 0; n < words.length; n++) if (opacity?.[n] !== 0) words[n] = colours[labels[n]!]!
  return scaled(bitmapOf(rgba, width, height), LONGEST_SHOWN)
}
