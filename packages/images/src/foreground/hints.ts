import type { Grid } from '../grid/field.js'

/** What is known of labels besides the colours, at one size of a picture. */
export interface Hints {
  /** N: the label that a pixel has to have, 0 or 1; -1 where it is open. */
  readonly fixed: Int8Array
  /** N: by how many nats a pixel is likelier to be foreground than its colour says. */
  readonly leaning?: Float64Array
  /** N: how often pixels count among their label; once by default. */
  readonly weights?: Float64Array
}

/** A label that is not known. */
export const OPEN = -1

/** A rectangle of pixels: the first column and row, and how many. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** What a person says of a picture. */
export interface Given {
  readonly box?: Box
  /** N: pixels that are foreground. */
  readonly foreground?: ArrayLike<unknown>
  /** N: pixels that are background. */
  readonly background?: ArrayLike<unknown>
}

const isOutside = (box: Box | undefined, x: number, y: number): boolean =>
  box !== undefined && (x < box.x || x >= box.x + box.width || y < box.y || y >= box.y + box.height)

/**
 * Labels that are known: background outside of the box, and strokes. In a smaller picture a pixel is outside if its middle is, and
 * has the stroke that most of its pixels have.
 */
export const fixedBy = ({ width, height }: Grid, given: Given, factor = 1): Int8Array => {
  const { box, foreground, background } = given
  const [w, h] = [Math.floor(width / factor), Math.floor(height / factor)]
  const fixed = new Int8Array(w * h).fill(OPEN)
  for (let row = 0, n = 0; row < h; row++)
    for (let column = 0; column < w; column++, n++) {
      if (isOutside(box, (column + 0.5) * factor - 0.5, (row + 0.5) * factor - 0.5)) fixed[n] = 0
      if (foreground === undefined && background === undefined) continue
      let [zeros, ones] = [0, 0]
      for (let y = row * factor; y < (row + 1) * factor; y++)
        for (let at = y * width + column * factor, end = at + factor; at < end; at++) {
          if (background?.[at]) zeros++
          if (foreground?.[at]) ones++
        }
      if (ones > zeros) fixed[n] = 1
      else if (zeros > ones) fixed[n] = 0
    }
  return fixed
}
