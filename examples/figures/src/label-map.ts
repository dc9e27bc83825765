import * as TE from 'fp-ts/lib/TaskEither.js'
import { componentColour } from './colours.js'
import { type Chunk, LEVEL_OF_DRAWINGS, rowsToPng } from './encode.js'
import { type FigureError, figureFailed } from './errors.js'
import type { LabelRows } from './label-rows.js'

export interface LabelMap extends LabelRows {
  /** Whether some pixels have no component. Then there are at most 255 components. */
  readonly hasBlanks?: boolean
}

/** The colour type of pictures by palette. */
const BY_PALETTE = 3

/**
 * A label map as PNG with a palette: the stored value of a pixel is the index of its component from 0, and
 * the palette gives component k the colour `componentColour(k)`. A program that decodes to palette indices
 * (mode `P` in Pillow, for example) has the labels; one that decodes to RGB finds one colour per component.
 * Pixels without a component have the index K, which is transparent.
 */
export const labelMapPng = (map: LabelMap): TE.TaskEither<FigureError, Uint8Array> =>
  TE.tryCatch(() => {
    const { width, height, components, hasBlanks = false, read } = map
    const colours = Array.from({ length: components }, (_, k) => componentColour(k)).flat()
    const opacities = new Uint8Array(components + 1).fill(255, 0, components)
    const palette: Chunk = ['PLTE', Uint8Array.from(hasBlanks ? [...colours, 0, 0, 0] : colours)]
    const labels = new Uint16Array(width)
    return rowsToPng({
      width,
      height,
      colourType: BY_PALETTE,
      bytesPerRow: width,
      level: LEVEL_OF_DRAWINGS,
      chunks: hasBlanks ? [palette, ['tRNS', opacities]] : [palette],
      write: (row, into, at) => {
        read(row, labels)
        into.set(labels, at)
      },
    })
  }, figureFailed('label map'))
