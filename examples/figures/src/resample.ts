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

/** The bytes of RGBA lie in a word from its lowest on, as almost everywhere. */
const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1

/** Pixels as words of RGBA, where they lie as such. */
const wordsOf = ({ channels, data }: RasterImage): Uint32Array | undefined =>
  channels === 4 && isLittleEndian && data.byteOffset % 4 === 0
    ? new Uint32Array(data.buffer, data.byteOffset, data.length >> 2)
    : undefined

// Each loop is a function of arrays, which is compiled after a few rows.

/** Takes a row from words; what is transparent has no colour. */
const copyWords = (words: Uint32Array, from: number, row: Uint32Array): void => {
  for (let x = 0; x < row.length; x++) {
    const word = words[from + x]!
    row[x] = word >>> 24 === 0 ? 0 : word
  }
}

/** Takes a row from bytes. */
const copyBytes = (data: Uint8Array, from: number, channels: 3 | 4, row: Uint8Array): void => {
  for (let to = 0, at = from; to < row.length; to += 4, at += channels) {
    const opacity = channels === 4 ? data[at + 3]! : 255
    row[to] = opacity === 0 ? 0 : data[at]!
    row[to + 1] = opacity === 0 ? 0 : data[at + 1]!
    row[to + 2] = opacity === 0 ? 0 : data[at + 2]!
    row[to + 3] = opacity
  }
}

/** The pixels of a row that have a label, and nothing of the others. */
const keepLabel = (row: Uint32Array, labels: Uint16Array, label: number, part: Uint32Array): void => {
  for (let x = 0; x < row.length; x++) part[x] = labels[x] === label ? row[x]! : 0
}

/** The panels of an image at its own size. */
const splitPanels = (image: RasterImage, { components, read }: LabelRows, take: Take): void => {
  const { width, height, channels, data } = image
  const labels = new Uint16Array(width)
  const row = new Uint32Array(width)
  const part = new Uint32Array(width)
  const rowBytes = new Uint8Array(row.buffer)
  const partBytes = new Uint8Array(part.buffer)
  const words = wordsOf(image)
  for (let y = 0; y < height; y++) {
    if (words === undefined) copyBytes(data, y * width * channels, channels, rowBytes)
    else copyWords(words, y * width, row)
    take(0, y, rowBytes)
    read(y, labels)
    for (let k = 0; k < components; k++) {
      keepLabel(row, labels, k, part)
      take(k + 1, y, partBytes)
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
