import type { Grid } from '../grid/field.js'

/** What a step to a neighbour counts: side by side, and diagonally. */
const [STRAIGHT, DIAGONAL] = [3, 4]

/** Depths are not told from each other beyond this. */
const MOST = 255

/** Depths are counted in this part of the distance of two neighbours. */
export const depthsPerPixel: number = STRAIGHT

/**
 * How far each place is from the next one of another label, in thirds of a pixel, up to 255.
 * Source: Borgefors, Distance transformations in digital images (1986).
 */
export const depthsOf = ({ width, height }: Grid, labels: ArrayLike<number>): Uint8Array => {
  const places = width * height
  const depths = new Uint8Array(places).fill(MOST)
  // There and back; of the four neighbours that have been looked at before, those that there are.
  for (const way of [1, -1])
    for (let row = 0, n = way === 1 ? 0 : places - 1; row < height; row++)
      for (let column = 0; column < width; column++, n += way) {
        const label = labels[n]
        let depth = depths[n]!
        if (column > 0) {
          const m = n - way
          depth = Math.min(depth, labels[m] === label ? depths[m]! + STRAIGHT : STRAIGHT)
        }
        if (row > 0) {
          const m = n - way * width
          depth = Math.min(depth, labels[m] === label ? depths[m]! + STRAIGHT : STRAIGHT)
          if (column > 0) depth = Math.min(depth, labels[m - way] === label ? depths[m - way]! + DIAGONAL : DIAGONAL)
          if (column + 1 < width)
            depth = Math.min(depth, labels[m + way] === label ? depths[m + way]! + DIAGONAL : DIAGONAL)
        }
        depths[n] = depth
      }
  return depths
}
