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

/** Gathers equal colours, since they share all that is computed of a colour. */
export const distinctColours = (image: RgbImage): DistinctColours => {
  const { width, height, data } = image
  const places = width * height
  let size = 1 << 12
  let keys = new Float64Array(size).fill(-1)
  let numbers = new Int32Array(size)
  const index = new Int32Array(places)
  const first: number[] = []
  const slotOf = (red: number, green: number, blue: number): number => {
    const key = keyOf(red, green, blue)
    let slot = hashOf(red, green, blue) & (size - 1)
    while (keys[slot] !== -1 && keys[slot] !== key) slot = (slot + 1) & (size - 1)
    return slot
  }
  const enlarge = (): void => {
    size *= 4
    keys = new Float64Array(size).fill(-1)
    numbers = new Int32Array(size)
    for (const [u, at] of first.entries()) {
      const slot = slotOf(data[at]!, data[at + 1]!, data[at + 2]!)
      keys[slot] = keyOf(data[at]!, data[at + 1]!, data[at + 2]!)
      numbers[slot] = u
    }
  }
  for (let n = 0, at = 0; n < places; n++, at += 3) {
    const [red, green, blue] = [data[at]!, data[at + 1]!, data[at + 2]!]
    const slot = slotOf(red, green, blue)
    if (keys[slot] === -1) {
      keys[slot] = keyOf(red, green, blue)
      numbers[slot] = first.length
      index[n] = first.length
      first.push(at)
      if (2 * first.length > size) enlarge()
    } else index[n] = numbers[slot]!
  }
  const light = lightsUpTo(whiteOf(image))
  const lab = new Float64Array(3 * first.length)
  for (const [u, at] of first.entries()) writeLab(light, data[at]!, data[at + 1]!, data[at + 2]!, lab, 3 * u)
  const counts = new Float64Array(first.length)
  for (let n = 0; n < places; n++) counts[index[n]!]!++
  return { lab, index, counts }
}
