import type { Colours } from './colours.js'

/** The label map stores a component in eight bits; transparent pixels take one of its numbers. */
export const MOST_COMPONENTS = 256

/** The components of the pixels of a photo, found by their colours. */
export interface PixelLabels {
  /** Fills in the components of a row of pixels; K for those that are transparent. */
  readonly read: (row: number, into: Uint16Array) => void
  /** K: how many pixels fell to each component. */
  readonly counts: readonly number[]
}

/** The labels of pixels from those of their colours. */
export const pixelLabels = (
  { pixels, onPixels }: Pick<Colours, 'pixels' | 'onPixels'>,
  labels: ArrayLike<number>,
  components: number,
): PixelLabels => {
  const counts = new Array<number>(components).fill(0)
  for (let row = 0; row < labels.length; row++) counts[labels[row]!]! += pixels[row]!
  return { read: onPixels(labels, components), counts }
}
