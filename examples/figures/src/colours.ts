/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number]

/** The eight colours of Okabe and Ito (2008), which readers with any common colour blindness tell apart. */
const OKABE_ITO: readonly Rgb[] = [
  [0, 114, 178],
  [230, 159, 0],
  [0, 158, 115],
  [213, 94, 0],
  [86, 180, 233],
  [204, 121, 167],
  [240, 228, 66],
  [0, 0, 0],
]

const hslToRgb = (hue: number, saturation: number, lightness: number): Rgb => {
  const chroma = saturation * Math.min(lightness, 1 - lightness)
  const channel = (offset: number): number => {
    const k = (offset + hue / 30) % 12
    return Math.round(255 * (lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1))))
  }
  return [channel(0), channel(8), channel(4)]
}

// Past eight, hues a golden angle apart never come close to each other, in three lightnesses by turns.
const further = (index: number): Rgb => hslToRgb((index * 137.508) % 360, 0.65, [0.35, 0.55, 0.75][index % 3] ?? 0.55)

/** The colour of a component by its index from 0; no two of the first 256 are equal. */
export const componentColour = (index: number): Rgb => OKABE_ITO[index] ?? further(index - OKABE_ITO.length)

export const toHex = (colour: Rgb): string => `#${colour.map(c => c.toString(16).padStart(2, '0')).join('')}`
