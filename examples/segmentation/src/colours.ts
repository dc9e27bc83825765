import type { Matrix } from '@conjugate/linalg'
import type { Picture } from './image.js'

/** The distinct colours of a picture. */
export interface Colours {
  /** U x 3: red, green and blue from 0 to 1; those that occur as often lie together. */
  readonly rows: Matrix
  /** U: how many pixels have each colour. A pixel that is partly transparent counts as much as it is opaque. */
  readonly weights: Float64Array
  /** U: how many pixels have each colour, whole ones. */
  readonly pixels: ArrayLike<number>
  /** Pixels that are wholly transparent: they have no colour. */
  readonly transparent: number
  /** The row of the colour of a pixel; -1 where it has none. */
  readonly rowOf: (pixel: number) => number
  /**
   * Makes values of rows those of pixels: what it gives fills in a row of the picture, with `blank` for pixels that have no
   * colour. It holds on to nothing but the picture and the values.
   */
  readonly onPixels: (values: ArrayLike<number>, blank: number) => (line: number, into: Uint16Array) => void
}

// A table of all 2^24 colours in pages of 16 neighbours, of which there are those that the picture needs.
const PAGE = 16
const PAGES = 2 ** 24 / PAGE
const OPAQUE = 255

interface Table {
  /** Where the page of a colour begins among the cells; -1 where there is none. */
  readonly pages: Int32Array
  /** For each colour its pixels. */
  readonly counts: Uint32Array
  /** For each colour what its pixels lack in opacity, summed, where any does. */
  readonly lacks: Float64Array | undefined
  readonly transparent: number
}

/** Gives each colour of a picture its page; how many cells they are. */
const pagesOf = ({ data, channels }: Picture): { readonly pages: Int32Array; readonly cells: number } => {
  const pages = new Int32Array(PAGES).fill(-1)
  for (let at = 0; at < data.length; at += channels) {
    if (channels === 4 && data[at + 3] === 0) continue
    pages[(data[at]! << 12) | (data[at + 1]! << 4) | (data[at + 2]! >> 4)] = 0
  }
  let cells = 0
  for (let page = 0; page < PAGES; page++) {
    if (pages[page]! < 0) continue
    pages[page] = cells
    cells += PAGE
  }
  return { pages, cells }
}

const tableOf = (picture: Picture): Table => {
  const { data, channels } = picture
  const { pages, cells } = pagesOf(picture)
  const counts = new Uint32Array(cells)
  let lacks: Float64Array | undefined
  let transparent = 0
  for (let at = 0; at < data.length; at += channels) {
    const opacity = channels === 4 ? data[at + 3]! : OPAQUE
    if (opacity === 0) {
      transparent++
      continue
    }
    const blue = data[at + 2]!
    const cell = pages[(data[at]! << 12) | (data[at + 1]! << 4) | (blue >> 4)]! + (blue & 15)
    counts[cell]!++
    if (opacity < OPAQUE) {
      lacks ??= new Float64Array(cells)
      lacks[cell]! += OPAQUE - opacity
    }
  }
  return { pages, counts, lacks, transparent }
}

/** Colours that occur as often are computed faster together; of those that occur more often than this there are few. */
const MOST_SORTED = 255

const orderOf = (weight: number): number =>
  weight <= MOST_SORTED && Number.isInteger(weight) ? weight : MOST_SORTED + 1

/** The place of the first colour of each weight in the order of weights, and how many colours there are. */
const placesOf = (cells: number, weightOf: (cell: number) => number) => {
  const next = new Int32Array(MOST_SORTED + 2)
  for (let cell = 0; cell < cells; cell++) {
    const weight = weightOf(cell)
    if (weight > 0) next[orderOf(weight)]!++
  }
  let distinct = 0
  for (let i = 0; i < next.length; i++) {
    const count = next[i]!
    next[i] = distinct
    distinct += count
  }
  return { next, distinct }
}

/** Writes the values of rows where their colours are in the table, and reads them from there. */
const spread =
  ({ data, channels, width }: Picture, pages: Int32Array, rowOfCell: Uint32Array): Colours['onPixels'] =>
  (values, blank) => {
    // A loop, since `from` would make a list of all cells first.
    const cells = new Uint16Array(rowOfCell.length)
    for (let cell = 0; cell < cells.length; cell++) cells[cell] = values[rowOfCell[cell]!]!
    return (line, into) => {
      for (let x = 0, at = line * width * channels; x < width; x++, at += channels) {
        const blue = data[at + 2]!
        into[x] =
          channels === 4 && data[at + 3] === 0
            ? blank
            : cells[pages[(data[at]! << 12) | (data[at + 1]! << 4) | (blue >> 4)]! + (blue & 15)]!
      }
    }
  }

/** Gathers the pixels of a picture by colour, since a mixture of colours needs no more than their numbers. */
export const coloursOf = (picture: Picture): Colours => {
  const { pages, counts, lacks, transparent } = tableOf(picture)
  const { data, channels } = picture
  const weightOf = (cell: number): number =>
    lacks === undefined ? counts[cell]! : (OPAQUE * counts[cell]! - lacks[cell]!) / OPAQUE
  const { next, distinct } = placesOf(counts.length, weightOf)
  const values = new Float64Array(distinct * 3)
  const weights = new Float64Array(distinct)
  const pixels = lacks === undefined ? weights : new Float64Array(distinct)
  for (let page = 0; page < PAGES; page++) {
    const first = pages[page]!
    if (first < 0) continue
    for (let cell = first; cell < first + PAGE; cell++) {
      const count = counts[cell]!
      if (count === 0) continue
      const weight = weightOf(cell)
      const row = next[orderOf(weight)]!++
      // From here on the cell tells the row.
      counts[cell] = row
      weights[row] = weight
      pixels[row] = count
      values[row * 3] = (page >> 12) / OPAQUE
      values[row * 3 + 1] = ((page >> 4) & 255) / OPAQUE
      values[row * 3 + 2] = ((page & 15) * PAGE + cell - first) / OPAQUE
    }
  }
  return {
    rows: { rows: distinct, columns: 3, data: values },
    weights,
    pixels,
    transparent,
    rowOf: pixel => {
      const at = pixel * channels
      if (channels === 4 && data[at + 3] === 0) return -1
      const blue = data[at + 2]!
      return counts[pages[(data[at]! << 12) | (data[at + 1]! << 4) | (blue >> 4)]! + (blue & 15)]!
    },
    onPixels: spread(picture, pages, counts),
  }
}
