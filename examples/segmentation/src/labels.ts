import type { Colours } from './colours.js'

/** The components of the pixels of a photo, found by their colours. */
export interface PixelLabels {
  /** Fills in the components of a row of pixels; K for those that are transparent. */
  readonly read: (row: number, into: Uint16Array) => void
  /** K: how many pixels fell to each component. */
  readonly counts: readonly number[]
}

/** The labels of pixels from those of their colours. */
export const pixelLabels = (
  { rowOf }: Pick<Colours, 'rowOf'>,
  labels: ArrayLike<number>,
  { width, height, components }: { readonly width: number; readonly height: number; readonly components: number },
): PixelLabels => {
  const read = (row: number, into: Uint16Array): void => {
    for (let x = 0, pixel = row * width; x < width; x++, pixel++) {
      const colour = rowOf(pixel)
      into[x] = colour < 0 ? components : labels[colour]!
    }
  }
  const counts = new Float64Array(components + 1)
  const line = new Uint16Array(width)
  for (let row = 0; row < height; row++) {
    read(row, line)
    for (let x = 0; x < width; x++) counts[line[x]!]!++
  }
  return { read, counts: Array.from(counts.subarray(0, components)) }
}
