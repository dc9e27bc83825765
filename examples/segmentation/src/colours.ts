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

const OPAQUE = 255

/** Which of all 2^24 colours a picture has: a bit for each, in words of 32. Their ranks are places in the order of colours. */
interface Presence {
  readonly bits: Uint32Array
  /** The words that are not zero, which are few, in their order. */
  readonly words: Uint32Array
  /** For each of those how many colours come before its own. */
  readonly before: Uint32Array
  readonly distinct: number
}

const WORDS = 2 ** 24 / 32

/** How many bits are set. */
const bitCount = (word: number): number => {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

// Each loop over pixels or words is a function of arrays, which is compiled while it runs.

/** Sets the bits of colours, and in the same way those of words that are not zero; gives how many these are. */
const mark = (bits: Uint32Array, marked: Uint32Array, data: Uint8Array, channels: number): number => {
  let words = 0
  for (let at = 0; at < data.length; at += channels) {
    if (channels === 4 && data[at + 3] === 0) continue
    const blue = data[at + 2]!
    const word = (data[at]! << 11) | (data[at + 1]! << 3) | (blue >> 5)
    if (bits[word] === 0) {
      words++
      marked[word >> 5]! |= 1 << (word & 31)
    }
    bits[word]! |= 1 << (blue & 31)
  }
  return words
}

/** The place of the lowest bit that is set. */
const lowestBit = (word: number): number => 31 - Math.clz32(word & -word)

/** Lists the bits that are set. */
const list = (bits: Uint32Array, into: Uint32Array): void => {
  let count = 0
  for (let word = 0; word < bits.length; word++)
    for (let left = bits[word]!; left !== 0; left &= left - 1) into[count++] = word * 32 + lowestBit(left)
}

/** Counts the colours before each word, and in all. */
const countBefore = (bits: Uint32Array, words: Uint32Array, before: Uint32Array): number => {
  let distinct = 0
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    before[word] = distinct
    distinct += bitCount(bits[word]!)
  }
  return distinct
}

const presenceOf = ({ data, channels }: Picture): Presence => {
  const bits = new Uint32Array(WORDS)
  const marked = new Uint32Array(WORDS / 32)
  const words = new Uint32Array(mark(bits, marked, data, channels))
  list(marked, words)
  const before = new Uint32Array(WORDS)
  return { bits, words, before, distinct: countBefore(bits, words, before) }
}

/** How many different colours can be seen in a picture. */
export const distinctColoursOf = (picture: Picture): number => presenceOf(picture).distinct

/** The rank of the colour at a place in the data, which is there. */
const rankAt = (bits: Uint32Array, before: Uint32Array, data: Uint8Array, at: number): number => {
  const blue = data[at + 2]!
  const word = (data[at]! << 11) | (data[at + 1]! << 3) | (blue >> 5)
  return before[word]! + bitCount(bits[word]! & ((1 << (blue & 31)) - 1))
}

interface Counts {
  /** U: the pixels of each colour, by rank. */
  readonly counts: Uint32Array
  /** U: what they lack in opacity, summed, where any does. */
  readonly lacks: Float64Array | undefined
  readonly transparent: number
}

/** Counts pixels by rank; true where some are not wholly opaque. */
const countPixels = (counts: Uint32Array, { bits, before }: Presence, data: Uint8Array, channels: number): boolean => {
  let isOpaque = true
  for (let at = 0; at < data.length; at += channels) {
    if (channels === 4 && data[at + 3]! < OPAQUE) {
      isOpaque = false
      if (data[at + 3] === 0) continue
    }
    counts[rankAt(bits, before, data, at)]!++
  }
  return !isOpaque
}

const countsOf = ({ data, channels }: Picture, presence: Presence): Counts => {
  const counts = new Uint32Array(presence.distinct)
  if (!countPixels(counts, presence, data, channels)) return { counts, lacks: undefined, transparent: 0 }
  const { bits, before } = presence
  let lacks: Float64Array | undefined
  let transparent = 0
  for (let at = 0; at < data.length; at += 4) {
    const opacity = data[at + 3]!
    if (opacity === 0) transparent++
    else if (opacity < OPAQUE) {
      lacks ??= new Float64Array(presence.distinct)
      lacks[rankAt(bits, before, data, at)]! += OPAQUE - opacity
    }
  }
  return { counts, lacks, transparent }
}

/** Colours that occur as often are computed faster together; of those that occur more often than this there are few. */
const MOST_SORTED = 255

const orderOf = (weight: number): number =>
  weight <= MOST_SORTED && Number.isInteger(weight) ? weight : MOST_SORTED + 1

/** The place of the first colour of each weight in the order of weights. */
const placesOf = (weights: ArrayLike<number>): Int32Array => {
  const next = new Int32Array(MOST_SORTED + 2)
  for (let rank = 0; rank < weights.length; rank++) next[orderOf(weights[rank]!)]!++
  let sum = 0
  for (let i = 0; i < next.length; i++) {
    const count = next[i]!
    next[i] = sum
    sum += count
  }
  return next
}

/** Writes the values of rows by rank, and reads them from there. */
const spread =
  ({ data, channels, width }: Picture, { bits, before }: Presence, rowOfRank: Uint32Array): Colours['onPixels'] =>
  (values, blank) => {
    // A loop, since `from` would make a list of all first.
    const byRank = new Uint16Array(rowOfRank.length)
    for (let rank = 0; rank < byRank.length; rank++) byRank[rank] = values[rowOfRank[rank]!]!
    return (line, into) => {
      for (let x = 0, at = line * width * channels; x < width; x++, at += channels) {
        into[x] = channels === 4 && data[at + 3] === 0 ? blank : byRank[rankAt(bits, before, data, at)]!
      }
    }
  }

/** Writes the colours whose bits are set, in their order, in the rows of their ranks. */
const writeColours = (values: Float64Array, { bits, words }: Presence, rowOfRank: Uint32Array): void => {
  let rank = 0
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    for (let left = bits[word]!; left !== 0; left &= left - 1) {
      const row = rowOfRank[rank++]!
      values[row * 3] = (word >> 11) / OPAQUE
      values[row * 3 + 1] = ((word >> 3) & 255) / OPAQUE
      values[row * 3 + 2] = ((word & 7) * 32 + lowestBit(left)) / OPAQUE
    }
  }
}

/** Gathers the pixels of a picture by colour, since a mixture of colours needs no more than their numbers. */
export const coloursOf = (picture: Picture): Colours => {
  const { data, channels } = picture
  const presence = presenceOf(picture)
  const { bits, before, distinct } = presence
  const { counts, lacks, transparent } = countsOf(picture, presence)
  const ofRank = lacks === undefined ? counts : lacks.map((lack, rank) => (OPAQUE * counts[rank]! - lack) / OPAQUE)
  const next = placesOf(ofRank)
  const rowOfRank = new Uint32Array(distinct)
  const weights = new Float64Array(distinct)
  const pixels = lacks === undefined ? weights : new Float64Array(distinct)
  for (let rank = 0; rank < distinct; rank++) {
    const weight = ofRank[rank]!
    const row = next[orderOf(weight)]!++
    weights[row] = weight
    pixels[row] = counts[rank]!
    rowOfRank[rank] = row
  }
  const values = new Float64Array(distinct * 3)
  writeColours(values, presence, rowOfRank)
  return {
    rows: { rows: distinct, columns: 3, data: values },
    weights,
    pixels,
    transparent,
    rowOf: pixel =>
      channels === 4 && data[pixel * 4 + 3] === 0 ? -1 : rowOfRank[rankAt(bits, before, data, pixel * channels)]!,
    onPixels: spread(picture, presence, rowOfRank),
  }
}
