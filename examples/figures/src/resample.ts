import type { LabelRows } from './label-rows.js'

/** An image of eight bits a channel: red, green and blue of each pixel row by row, with its opacity where there are four. */
export interface RasterImage {
  readonly width: number
  readonly height: number
  readonly channels: 3 | 4
  readonly data: Uint8Array
}

/** Sums of a panel's row, for each pixel: of opacity times area, and of that times red, green and blue. */
const SUMS = 4

/** How much of [a, a + n) lies in [b, b + m). */
const overlap = (a: number, n: number, b: number, m: number): number => Math.min(a + n, b + m) - Math.max(a, b)

type Take = (panel: number, row: number, rgba: Uint8Array) => void

/** The panels of an image at its own size. */
const splitPanels = (
  { width, height, channels, data }: RasterImage,
  { components, read }: LabelRows,
  take: Take,
): void => {
  const labels = new Uint16Array(width)
  const row = new Uint32Array(width)
  const part = new Uint32Array(width)
  const [rowBytes, partBytes] = [row, part].map(({ buffer }) => new Uint8Array(buffer))
  for (let y = 0; y < height; y++) {
    for (let x = 0, from = y * width * channels, to = 0; x < width; x++, from += channels, to += 4) {
      const opacity = channels === 4 ? data[from + 3]! : 255
      for (let c = 0; c < 3; c++) rowBytes![to + c] = opacity === 0 ? 0 : data[from + c]!
      rowBytes![to + 3] = opacity
    }
    take(0, y, rowBytes!)
    read(y, labels)
    for (let k = 0; k < components; k++) {
      for (let x = 0; x < width; x++) part[x] = labels[x] === k ? row[x]! : 0
      take(k + 1, y, partBytes!)
    }
  }
}

/**
 * An image at another size, once whole and once for each component with its pixels alone, read row by row. Each pixel of a
 * panel is the mean of the area that it covers, colours counting by their opacity; what has no colour is transparent.
 * `take` gets panel 0, the whole, and k + 1 for component k, with the RGBA of one of their rows, which is used again.
 */
export const resamplePanels = (
  image: RasterImage,
  labelRows: LabelRows,
  to: { readonly width: number; readonly height: number },
  take: Take,
): void => {
  const { width, height, channels, data } = image
  const { components, read } = labelRows
  if (to.width === width && to.height === height) {
    splitPanels(image, labelRows, take)
    return
  }
  const panels = components + 1
  const stride = to.width * SUMS
  // The last is of pixels without a component, which nobody sees.
  const sums = new Float64Array((panels + 1) * stride)
  const labels = new Uint16Array(width)
  const rgba = new Uint8Array(to.width * 4)

  /** Adds a row of pixels, of which `share` counts. */
  const addRow = (row: number, share: number): void => {
    read(row, labels)
    for (let column = 0; column < to.width; column++) {
      const from = column * width
      const whole = column * SUMS
      for (let x = Math.floor(from / to.width); x * to.width < from + width; x++) {
        const at = (row * width + x) * channels
        const opacity = channels === 4 ? data[at + 3]! : 255
        const area = share * opacity * overlap(from, width, x * to.width, to.width)
        const red = area * data[at]!
        const green = area * data[at + 1]!
        const blue = area * data[at + 2]!
        const part = (labels[x]! + 1) * stride + whole
        sums[whole]! += area
        sums[whole + 1]! += red
        sums[whole + 2]! += green
        sums[whole + 3]! += blue
        sums[part]! += area
        sums[part + 1]! += red
        sums[part + 2]! += green
        sums[part + 3]! += blue
      }
    }
  }

  const emit = (panel: number, row: number): void => {
    for (let column = 0; column < to.width; column++) {
      const at = panel * stride + column * SUMS
      const opacity = Math.round(sums[at]! / (width * height))
      for (let c = 0; c < 3; c++) rgba[column * 4 + c] = opacity === 0 ? 0 : Math.round(sums[at + 1 + c]! / sums[at]!)
      rgba[column * 4 + 3] = opacity
    }
    take(panel, row, rgba)
  }

  for (let row = 0; row < to.height; row++) {
    const from = row * height
    sums.fill(0)
    for (let y = Math.floor(from / to.height); y * to.height < from + height; y++)
      addRow(y, overlap(from, height, y * to.height, to.height))
    for (let panel = 0; panel < panels; panel++) emit(panel, row)
  }
}
