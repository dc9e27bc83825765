/** The components of the pixels of an image, read row by row, so that they need not be in memory. */
export interface LabelRows {
  readonly width: number
  readonly height: number
  /** K. */
  readonly components: number
  /** Fills in the components of a row of pixels, from 0; K for a pixel that has none. */
  readonly read: (row: number, into: Uint16Array) => void
}

/** Labels that are in memory, row by row. */
export const labelRows = (
  labels: ArrayLike<number>,
  size: { readonly width: number; readonly height: number; readonly components: number },
): LabelRows => ({
  ...size,
  read: (row, into) => {
    const first = row * size.width
    for (let x = 0; x < size.width; x++) into[x] = labels[first + x] ?? size.components
  },
})
