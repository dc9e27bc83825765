import type { RgbImage } from '@conjugate/images'
import { wholeNumbers } from './random.js'

/** A picture of which the truth is known. */
export interface Truth {
  readonly image: RgbImage
  /** N: 1 where the animal is. */
  readonly mask: Uint8Array
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
}

/** A striped animal with legs in a meadow under trees; one of its colours is nearly as dark as the shade. */
export const striped = (width: number, height: number, seed: number): Truth => {
  const next = wholeNumbers(seed)
  const noise = (): number => next(31) + next(31) - 30
  const data = new Uint8Array(3 * width * height)
  const mask = new Uint8Array(width * height)
  let [left, right, top, bottom] = [width, -1, height, -1]
  for (let y = 0, n = 0; y < height; y++)
    for (let x = 0; x < width; x++, n++) {
      const [u, v] = [(x + 0.5) / width, (y + 0.5) / height]
      const isBody = ((u - 0.5) / 0.24) ** 2 + ((v - 0.5) / 0.16) ** 2 < 1
      const isLeg = v > 0.5 && v < 0.82 && (Math.abs(u - 0.36) < 0.03 || Math.abs(u - 0.62) < 0.03)
      const isHead = ((u - 0.73) / 0.09) ** 2 + ((v - 0.36) / 0.1) ** 2 < 1
      const isAnimal = isBody || isLeg || isHead
      const shade = Math.sin(19 * u) * Math.sin(13 * v) > 0.75
      const meadow = v > 0.4 ? [90, 150, 60] : [40, 80, 45]
      const animal = Math.floor(u * 40) % 2 === 0 ? [225, 215, 200] : [45, 40, 40]
      const colour = isAnimal ? animal : shade ? [30, 75, 25] : meadow
      for (let c = 0; c < 3; c++) data[3 * n + c] = Math.max(0, Math.min(255, colour[c]! + noise()))
      if (!isAnimal) continue
      mask[n] = 1
      left = Math.min(left, x)
      right = Math.max(right, x)
      top = Math.min(top, y)
      bottom = Math.max(bottom, y)
    }
  const margin = Math.round(0.05 * (right - left))
  return {
    image: { width, height, data },
    mask,
    box: {
      x: left - margin,
      y: top - margin,
      width: right + 1 - left + 2 * margin,
      height: bottom + 1 - top + 2 * margin,
    },
  }
}

/** How much of what either calls foreground both do; a mask may leave pixels open with a value that is neither 0 nor 1. */
export const overlap = (labels: ArrayLike<number>, mask: ArrayLike<number>): number => {
  let [both, either] = [0, 0]
  for (let n = 0; n < mask.length; n++) {
    if (mask[n] !== 0 && mask[n] !== 1) continue
    if (labels[n] === 1 && mask[n] === 1) both++
    if (labels[n] === 1 || mask[n] === 1) either++
  }
  return both / either
}
