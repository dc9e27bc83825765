import { checkArgument, type InvalidOption, invalidOption } from '@conjugate/em'
import { exactly, whole } from '@conjugate/em/schema'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkLength, type Grid } from '../grid/field.js'
import { fixedBy, type Given } from './hints.js'

const anyWhole = whole(Number.MIN_SAFE_INTEGER)

const place = ({ width }: Grid, n: number): string => `column ${n % width}, row ${Math.floor(n / width)}`

const checkBox = (grid: Grid, { box, foreground, background }: Given): E.Either<InvalidOption, unknown> => {
  if (box === undefined) return E.right(undefined)
  return pipe(
    checkArgument('box', exactly({ x: anyWhole, y: anyWhole, width: whole(1), height: whole(1) }))(box),
    E.chain(({ x, y, width, height }) => {
      const shown = `${width} x ${height} at ${x}, ${y}`
      if (x >= grid.width || y >= grid.height || x + width <= 0 || y + height <= 0)
        return invalidOption('box', `one that overlaps the picture of ${grid.width} x ${grid.height} pixels`, shown)
      const isAll = x <= 0 && y <= 0 && x + width >= grid.width && y + height >= grid.height
      return isAll && !foreground && !background
        ? invalidOption(
            'box',
            `one with something outside of it in ${grid.width} x ${grid.height} pixels, or none`,
            shown,
          )
        : E.right(undefined)
    }),
  )
}

const checkStroke = (
  option: 'foreground' | 'background',
  stroke: ArrayLike<unknown> | undefined,
  pixels: number,
): E.Either<InvalidOption, unknown> => {
  if (stroke === undefined) return E.right(undefined)
  const checked = checkLength(option, stroke, pixels)
  if (E.isLeft(checked)) return checked
  for (let n = 0; n < pixels; n++) if (stroke[n]) return checked
  return invalidOption(option, 'a stroke of at least one pixel', 'none')
}

/**
 * Checks hints. Errors: a box is none, lies outside, or has all of the picture in it and so says nothing; strokes are empty, or not
 * of as many pixels; a pixel is said to be both.
 */
export const checkHints = (grid: Grid, given: Given): E.Either<InvalidOption, Given> => {
  const pixels = grid.width * grid.height
  return pipe(
    checkBox(grid, given),
    E.chain(() => checkStroke('foreground', given.foreground, pixels)),
    E.chain(() => checkStroke('background', given.background, pixels)),
    E.chain((): E.Either<InvalidOption, Given> => {
      const { foreground, background, box } = given
      if (foreground === undefined) return E.right(given)
      const fixed = fixedBy(grid, { ...(box && { box }), ...(background && { background }) })
      for (let n = 0; n < pixels; n++)
        if (foreground[n] && fixed[n] === 0)
          return invalidOption(
            'foreground',
            'pixels that are neither outside of the box nor background',
            `one at ${place(grid, n)}`,
          )
      return E.right(given)
    }),
  )
}
