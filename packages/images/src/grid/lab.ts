import type { RgbImage } from './image.js'
import { whiteOf } from './image.js'

/** The light that a channel of sRGB stands for, from 0 to 1. */
const lightOf = (channel: number): number => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4)

const tables = new Map<number, Float64Array>()

/** The light of every value of a channel. */
const lightsUpTo = (white: number): Float64Array => {
  const known = tables.get(white)
  if (known) return known
  const table = Float64Array.from({ length: white + 1 }, (_, i) => lightOf(i / white))
  tables.set(white, table)
  return table
}

const DELTA = 6 / 29

const cubeRoot = (t: number): number => (t > DELTA ** 3 ? Math.cbrt(t) : t / (3 * DELTA * DELTA) + 4 / 29)

/** The white of daylight, D65. */
const WHITE = { x: 0.950456, z: 1.088754 }

/**
 * Writes the Lab colour of one pixel: L/100, (a + 128)/255, (b + 128)/255, which are all about 0 to 1.
 * Source: CIE 15:2004; the primaries of sRGB are those of IEC 61966-2-1.
 */
export const writeLab = (
  light: Float64Array,
  red: number,
  green: number,
  blue: number,
  into: Float64Array,
  at: number,
): void => {
  const [r, g, b] = [light[red]!, light[green]!, light[blue]!]
  const x = cubeRoot((0.412453 * r + 0.35758 * g + 0.180423 * b) / WHITE.x)
  const y = cubeRoot(0.212671 * r + 0.71516 * g + 0.072169 * b)
  const z = cubeRoot((0.019334 * r + 0.119193 * g + 0.950227 * b) / WHITE.z)
  into[at] = (116 * y - 16) / 100
  into[at + 1] = (500 * (x - y) + 128) / 255
  into[at + 2] = (200 * (y - z) + 128) / 255
}

/** The colours of a picture in Lab, N x 3, row-major: L/100, (a + 128)/255 and (b + 128)/255, from about 0 to 1. */
export const labOf = (image: RgbImage): Float64Array => {
  const { data } = image
  const light = lightsUpTo(whiteOf(image))
  const lab = new Float64Array(data.length)
  for (let i = 0; i < data.length; i += 3) writeLab(light, data[i]!, data[i + 1]!, data[i + 2]!, lab, i)
  return lab
}

/** The distinct colours of a picture. */
export interface DistinctColours {
  /** U x 3: the colours in Lab, as `labOf` gives them, in the order of their first pixels. */
  readonly lab: Float64Array
  /** N: which of them each pixel has. */
  readonly index: Int32Array
  /** U: how many pixels have each. */
  readonly counts: Float64Array
}

/** A number that tells a colour of up to 16 bits a channel from others: exact in float64. */
const keyOf = (red: number, green: number, blue: number): number => (red * 65536 + green) * 65536 + blue

/** Spreads keys over a table. */
const hashOf = (red: number, green: number, blue: number): number =>
  Math.imul(Math.imul(red, 0x9e3779b1) ^ Math.imul(green, 0x85ebca6b) ^ Math.imul(blue, 0xc2b2ae35), 0x27d4eb2f) >>> 0

/** A table by open addressing: the key of each place, or -1, and the number of the colour that it is of. */
interface ColourTable {
  readonly keys: Float64Array
  readonly numbers: Int32Array
}

const tableOf = (size: number): ColourTable => ({
  keys: new Float64Array(size).fill(-1),
  numbers: new Int32Array(size),
})

/** Where a colour is in a table, or would be. */
const slotOf = (keys: Float64Array, key: number, red: number, green: number, blue: number): number => {
  const mask = keys.length - 1
  let slot = hashOf(red, green, blue) & mask
  while (keys[slot] !== -1 && keys[slot] !== key) slot = (slot + 1) & mask
  return slot
}

/** A larger table of the same colours, whose first pixels begin there in the data. */
const enlarged = ({ keys }: ColourTable, data: RgbImage['data'], first: Int32Array, count: number): ColourTable => {
  const table = tableOf(4 * keys.length)
  for (let u = 0; u < count; u++) {
    const at = first[u]!
    const [red, green, blue] = [data[at]!, data[at + 1]!, data[at + 2]!]
    const key = keyOf(red, green, blue)
    const slot = slotOf(table.keys, key, red, green, blue)
    table.keys[slot] = key
    table.numbers[slot] = u
  }
  return table
}

/** Takes pixels from `from` on until all are known or half of the table is full, which gives the next pixel and the colours known. */
const gather = (
  { keys, numbers }: ColourTable,
  data: RgbImage['data'],
  index: Int32Array,
  first: Int32Array,
  from: number,
  known: number,
): readonly [next: number, known: number] => {
  let [n, count] = [from, known]
  for (let at = 3 * n; n < index.length && 2 * count <= keys.length; n++, at += 3) {
    const [red, green, blue] = [data[at]!, data[at + 1]!, data[at + 2]!]
    const key = keyOf(red, green, blue)
    const slot = slotOf(keys, key, red, green, blue)
    if (keys[slot] === -1) {
      keys[slot] = key
      numbers[slot] = count
      first[count++] = at
    }
    index[n] = numbers[slot]!
  }
  return [n, count]
}

/** Gathers equal colours, since they share all that is computed of a colour. */
export const distinctColours = (image: RgbImage): DistinctColours => {
  const { width, height, data } = image
  const index = new Int32Array(width * height)
  let [table, room, n, count] = [tableOf(1 << 12), new Int32Array(1 << 12), 0, 0]
  while (n < index.length) {
    const [next, known] = gather(table, data, index, room, n, count)
    n = next
    count = known
    if (n === index.length) break
    table = enlarged(table, data, room, count)
    const more = new Int32Array(table.keys.length)
    more.set(room)
    room = more
  }
  const first = room.subarray(0, count)
  const light = lightsUpTo(whiteOf(image))
  const lab = new Float64Array(3 * count)
  for (let u = 0; u < count; u++) {
    const at = first[u]!
    writeLab(light, data[at]!, data[at + 1]!, data[at + 2]!, lab, 3 * u)
  }
  const counts = new Float64Array(count)
  for (let i = 0; i < index.length; i++) counts[index[i]!]!++
  return { lab, index, counts }
}
