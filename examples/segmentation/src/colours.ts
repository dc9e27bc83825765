import type { Matrix } from '@conjugate/linalg'
import type { Picture } from './image.js'

/** The distinct colours of a picture. */
export interface Colours {
  /** U x 3: red, green and blue from 0 to 1; those that occur as often lie together. */
  readonly rows: Matrix
  /** U: how many pixels have each colour. A pixel that is partly transparent counts as much as it is opaque. */
  readonly weights: Float64Array
  /** Pixels that are wholly transparent: they have no colour. */
  readonly transparent: number
  /** The row of the colour of a pixel; -1 where it has none. */
  readonly rowOf: (pixel: number) => number
}

// A table of all 2^24 colours in pages of 16 neighbours, of which there are those that the picture needs.
const PAGE = 16
const PAGES = 2 ** 24 / PAGE
const OPAQUE = 255

interface Table {
  /** Where the page of a colour begins among the cells; -1 where there is none. */
  readonly pages: Int32Array
  /** For each colour its pixels' opacities, summed. */
  readonly cells: Float64Array
  readonly distinct: number
  readonly transparent: number
}

const tableOf = ({ data, channels }: Picture): Table => {
  const pages = new Int32Array(PAGES).fill(-1)
  let cells = new Float64Array(1024 * PAGE)
  let [used, distinct, transparent] = [0, 0, 0]
  for (let at = 0; at < data.length; at += channels) {
    const opacity = channels === 4 ? data[at + 3]! : OPAQUE
    if (opacity === 0) {
      transparent++
      continue
    }
    const colour = (data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!
    let page = pages[colour >> 4]!
    if (page < 0) {
      page = used
      pages[colour >> 4] = page
      used += PAGE
      if (used > cells.length) {
        const more = new Float64Array(Math.min(2 * cells.length, PAGES * PAGE))
        more.set(cells)
        cells = more
      }
    }
    const cell = page + (colour & 15)
    if (cells[cell] === 0) distinct++
    cells[cell]! += opacity
  }
  return { pages, cells, distinct, transparent }
}

/** Colours that occur as often are computed faster together; of more pixels than this there are few. */
const MOST_SORTED = 255

const orderOf = (weight: number): number =>
  weight <= MOST_SORTED && Number.isInteger(weight) ? weight : MOST_SORTED + 1

/** The place of the first colour of each weight in the order of weights. */
const firstPlaces = (cells: Float64Array): Int32Array => {
  const next = new Int32Array(MOST_SORTED + 2)
  for (let cell = 0; cell < cells.length; cell++) if (cells[cell] !== 0) next[orderOf(cells[cell]! / OPAQUE)]!++
  let sum = 0
  for (let i = 0; i < next.length; i++) {
    const count = next[i]!
    next[i] = sum
    sum += count
  }
  return next
}

/** Gathers the pixels of a picture by colour, since a mixture of colours needs no more than their numbers. */
export const coloursOf = (picture: Picture): Colours => {
  const { pages, cells, distinct, transparent } = tableOf(picture)
  const { data, channels } = picture
  const values = new Float64Array(distinct * 3)
  const weights = new Float64Array(distinct)
  const rowOfCell = new Int32Array(cells.length)
  const next = firstPlaces(cells)
  for (let page = 0; page < PAGES; page++) {
    const first = pages[page]!
    if (first < 0) continue
    for (let i = 0; i < PAGE; i++) {
      const sum = cells[first + i]!
      if (sum === 0) continue
      const weight = sum / OPAQUE
      const row = next[orderOf(weight)]!++
      const colour = page * PAGE + i
      rowOfCell[first + i] = row
      weights[row] = weight
      values[row * 3] = (colour >> 16) / OPAQUE
      values[row * 3 + 1] = ((colour >> 8) & 255) / OPAQUE
      values[row * 3 + 2] = (colour & 255) / OPAQUE
    }
  }
  return {
    rows: { rows: distinct, columns: 3, data: values },
    weights,
    transparent,
    rowOf: pixel => {
      const at = pixel * channels
      if (channels === 4 && data[at + 3] === 0) return -1
      const colour = (data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!
      return rowOfCell[pages[colour >> 4]! + (colour & 15)]!
    },
  }
}
