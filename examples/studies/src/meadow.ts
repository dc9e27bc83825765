import { random } from '@conjugate/distributions'
import type { Box, RgbImage } from '@conjugate/images'

/** A picture of an animal of which it is known where that is. */
export interface Meadow {
  readonly image: RgbImage
  /** N: 1 where the animal is. */
  readonly mask: Uint8Array
  /** Around the animal, with a twentieth of its sides more. */
  readonly box: Box
}

/** What makes an animal hard to tell. */
export type Difficulty = 'none' | 'a rock that is nowhere else' | 'its own colours about it'

const [WIDTH, HEIGHT] = [240, 160]
const NOISE = 15

const COLOURS = {
  meadow: [96, 148, 66],
  trees: [48, 84, 52],
  shade: [38, 62, 34],
  bright: [222, 212, 196],
  dark: [58, 50, 46],
  rock: [176, 92, 74],
} as const

/** The animal: a body, a head, an ear, a thin tail and four thin legs. */
const isAnimal = (x: number, y: number): boolean => {
  const isBody = ((x - 118) / 56) ** 2 + ((y - 78) / 25) ** 2 < 1
  const isHead = ((x - 180) / 19) ** 2 + ((y - 56) / 15) ** 2 < 1
  const isEar = Math.abs(x - 184) < 4 && y > 32 && y < 50
  const isNeck = x > 150 && x < 180 && Math.abs(y - 66 + (x - 165) / 3) < 11
  const isLeg = y > 80 && y < 132 && [82, 96, 138, 152].some(at => Math.abs(x - at) < 3.5)
  const isTail = x > 44 && x < 70 && Math.abs(y - 66 - (70 - x) / 2) < 1.5
  return isBody || isHead || isEar || isNeck || isLeg || isTail
}

const behind = (x: number, y: number, difficulty: Difficulty): readonly number[] => {
  if (difficulty === 'a rock that is nowhere else' && ((x - 118) / 15) ** 2 + ((y - 118) / 13) ** 2 < 1)
    return COLOURS.rock
  // Sunlit and shaded patches that look as the animal does.
  if (difficulty === 'its own colours about it' && Math.sin(x / 9) * Math.sin(y / 11 + x / 40) > 0.55)
    return Math.sin(x / 23 + y / 17) > 0 ? COLOURS.bright : COLOURS.dark
  if (Math.sin(x / 13) * Math.sin(y / 12) > 0.75) return COLOURS.shade
  return y > 62 + 4 * Math.sin(x / 21) ? COLOURS.meadow : COLOURS.trees
}

/** A striped animal in a meadow before trees. Every channel has independent normal noise of a standard deviation of 15. */
export const meadow = (difficulty: Difficulty = 'none'): Meadow => {
  const stream = random(3, 11)
  const pixels = WIDTH * HEIGHT
  const mask = new Uint8Array(pixels)
  const data = new Uint8Array(3 * pixels)
  let [left, right, top, bottom] = [WIDTH, -1, HEIGHT, -1]
  for (let n = 0; n < pixels; n++) {
    const [x, y] = [n % WIDTH, Math.floor(n / WIDTH)]
    const is = isAnimal(x, y)
    const stripe = Math.sin(x / 2.6 + Math.sin(y / 9)) > 0 ? COLOURS.bright : COLOURS.dark
    const colour = is ? stripe : behind(x, y, difficulty)
    for (let c = 0; c < 3; c++)
      data[3 * n + c] = Math.max(0, Math.min(255, Math.round(colour[c]! + NOISE * stream.normal())))
    if (!is) continue
    mask[n] = 1
    ;[left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)]
  }
  return { image: { width: WIDTH, height: HEIGHT, data }, mask, box: boxAround({ left, right, top, bottom }) }
}

/** The sides of what is in a mask. */
interface Extent {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** A box that is a twentieth of its sides wider, either way. */
export const boxAround = ({ left, right, top, bottom }: Extent): Box => {
  const [x, y] = [Math.round(0.05 * (right + 1 - left)), Math.round(0.05 * (bottom + 1 - top))]
  return { x: left - x, y: top - y, width: right + 1 - left + 2 * x, height: bottom + 1 - top + 2 * y }
}

/** How much of what either calls foreground both do. */
export const overlap = (labels: ArrayLike<number>, mask: Uint8Array): number => {
  let [both, either] = [0, 0]
  for (let n = 0; n < mask.length; n++) {
    if (labels[n] === 1 && mask[n] === 1) both++
    if (labels[n] === 1 || mask[n] === 1) either++
  }
  return both / either
}
