import { type Random, random } from '@conjugate/distributions'
import type { Matrix } from '@conjugate/linalg'

/** A picture whose regions are known: what a segmentation should find. */
export interface Scene {
  readonly width: number
  readonly height: number
  /** N: the region of each pixel: sky, ground, a disc, and thin masts. */
  readonly truth: Int32Array
  /** N x 3: red, green and blue from 0 to 1, with noise. */
  readonly colours: Matrix
  readonly rgb: Uint8Array
}

const WIDTH = 160
const HEIGHT = 120
const COLOURS = [
  [0.45, 0.6, 0.8],
  [0.35, 0.5, 0.25],
  [0.85, 0.65, 0.3],
  [0.3, 0.2, 0.2],
] as const

/** Masts are one pixel wide. */
export const MAST = 3

const regionOf = (x: number, y: number): number => {
  if ((x === 20 || x === 34 || x === 140) && y > 30 && y < 75) return MAST
  if ((x - 90) ** 2 + (y - 55) ** 2 < 30 ** 2) return 2
  return y > 78 + 6 * Math.sin(x / 15) ? 1 : 0
}

/** The scene with independent normal noise of a standard deviation on every channel. */
export const scene = (noise: number, seed: number): Scene => {
  const stream: Random = random(seed, 7)
  const truth = Int32Array.from({ length: WIDTH * HEIGHT }, (_, n) => regionOf(n % WIDTH, Math.floor(n / WIDTH)))
  const data = Float64Array.from({ length: 3 * truth.length }, (_, i) => {
    const clean = COLOURS[truth[Math.floor(i / 3)]!]![i % 3]!
    return Math.min(1, Math.max(0, clean + noise * stream.normal()))
  })
  return {
    width: WIDTH,
    height: HEIGHT,
    truth,
    colours: { rows: truth.length, columns: 3, data },
    rgb: Uint8Array.from(data, v => Math.round(255 * v)),
  }
}
