import { checkOptions, type InvalidOption } from '@conjugate/em'
import { anything, atLeast, exactly, optional } from '@conjugate/em/schema'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkGrid, checkLength, type Grid } from './field.js'
import { regionsOf } from './regions.js'

/** What is too small. */
export interface SmallPartsOptions {
  /** Parts of label 1 that have less than this share of the places of the largest one become 0; 0.05 by default. */
  readonly parts?: number
  /** Parts of label 0 that have less than this share of the places of the largest part of label 1 become 1; 0.001 by default. */
  readonly holes?: number
  /** N: parts in which there is a place that is not 0 here stay as they are. */
  readonly kept?: ArrayLike<unknown>
}

/**
 * Labels 0 and 1 of a grid without specks: small parts of either take the other label.
 * Errors: the grid is none; there is not one label for each place; a share is negative.
 */
export const withoutSmallParts = (
  labels: ArrayLike<number>,
  grid: Grid,
  options: SmallPartsOptions = {},
): E.Either<InvalidOption, Uint8Array> =>
  pipe(
    checkGrid('grid', grid),
    E.chain(() => checkLength('labels', labels, grid.width * grid.height)),
    E.chain(() =>
      checkOptions(exactly({ parts: optional(atLeast(0)), holes: optional(atLeast(0)), kept: anything }))(options),
    ),
    E.chainFirst(({ kept }) => (kept === undefined ? E.right(kept) : checkLength('kept', kept, labels.length))),
    E.map(({ parts = 0.05, holes = 0.001, kept }) => {
      const { regions, labels: ofRegion, sizes } = regionsOf(grid, labels)
      let largest = 0
      for (let i = 0; i < sizes.length; i++) if (ofRegion[i] === 1) largest = Math.max(largest, sizes[i]!)
      const next = Uint8Array.from(ofRegion, (label, i) =>
        sizes[i]! < largest * (label === 1 ? parts : holes) ? 1 - label : label,
      )
      if (kept) for (let n = 0; n < regions.length; n++) if (kept[n]) next[regions[n]!] = ofRegion[regions[n]!]!
      const tidied = new Uint8Array(regions.length)
      for (let n = 0; n < tidied.length; n++) tidied[n] = next[regions[n]!]!
      return tidied
    }),
  )
