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
  const depths = new Uint8Array(width * height).fill(MOST)
  const look = (n: number, m: number, step: number): void => {
    const depth = labels[n] === labels[m] ? depths[m]! + step : step
    if (depth < depths[n]!) depths[n] = depth
  }
  for (let row = 0, n = 0; row < height; row++)
    for (let column = 0; column < width; column++, n++) {
      if (column > 0) look(n, n - 1, STRAIGHT)
      if (row === 0) continue
      look(n, n - width, STRAIGHT)
      if (column > 0) look(n, n - width - 1, DIAGONAL)
      if (column + 1 < width) look(n, n - width + 1, DIAGONAL)
    }
  for (let row = height - 1, n = width * height - 1; row >= 0; row--)
    for (let column = width - 1; column >= 0; column--, n--) {
      if (column + 1 < width) look(n, n + 1, STRAIGHT)
      if (row + 1 === height) continue
      look(n, n + width, STRAIGHT)
      if (column + 1 < width) look(n, n + width + 1, DIAGONAL)
      if (column > 0) look(n, n + width - 1, DIAGONAL)
    }
  return depths
}
