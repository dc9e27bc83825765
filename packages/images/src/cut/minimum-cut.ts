import type { InvalidOption } from '@conjugate/em'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkField, type Field } from '../grid/field.js'
import { checkCosts, limitsOf, unitsOf } from './costs.js'
import { maximumFlow } from './maximum-flow.js'
import { loadWeights, makeTrees, ONE, type Trees } from './trees.js'

/** The best labels 0 and 1 of a grid, for one set of costs after the other. */
export interface MinimumCut {
  /**
   * The labels y of least energy, sum of c_n y_n plus the w_mn of neighbours that differ, for N costs c_n of label 1 over label 0
   * in nats. An infinite cost fixes a label. Among labels that are equally good these have the fewest ones.
   * Errors: there are other than N costs; one is NaN.
   */
  readonly solve: (costs: ArrayLike<number>) => E.Either<InvalidOption, Uint8Array>
  /**
   * The same labels as `solve` gives, from the flow of the last call on: soon done where few costs have changed, as by a stroke.
   */
  readonly resolve: (costs: ArrayLike<number>) => E.Either<InvalidOption, Uint8Array>
}

/** Reads the labels off, without the border. */
export const labelsOf = ({ width, height, stride, side }: Trees): Uint8Array => {
  const labels = new Uint8Array(width * height)
  for (let row = 0, n = 0; row < height; row++)
    for (let p = (row + 1) * stride + 1, end = p + width; p < end; p++, n++) labels[n] = side[p] === ONE ? 1 : 0
  return labels
}

/** A cut of a field that is one. */
export const cutOf = (field: Field): MinimumCut => {
  const { width, height, weights } = field
  const places = width * height
  const trees = makeTrees(field)
  const limits = limitsOf(field, weights)
  /** The costs whose flow there is, in units. */
  const known = new Int32Array(places)
  const change = (costs: ArrayLike<number>): void => {
    for (let row = 0, n = 0; row < height; row++)
      for (let p = (row + 1) * trees.stride + 1, end = p + width; p < end; p++, n++) {
        const units = unitsOf(costs[n]!, limits[n]!)
        trees.excess[p]! += units - known[n]!
        known[n] = units
      }
  }
  const run = (costs: ArrayLike<number>): Uint8Array => {
    change(costs)
    maximumFlow(trees)
    return labelsOf(trees)
  }
  loadWeights(trees, weights)
  return {
    solve: costs =>
      pipe(
        checkCosts('costs', costs, places),
        E.map(all => {
          loadWeights(trees, weights)
          trees.excess.fill(0)
          known.fill(0)
          return run(all)
        }),
      ),
    resolve: costs => pipe(checkCosts('costs', costs, places), E.map(run)),
  }
}

/**
 * Exact labels of a grid by a maximum flow. Costs are rounded to 1/1024 nat, and all else are whole numbers: the labels
 * are the same everywhere, from a first or from any later call. Errors: the field is none.
 * Source: Greig, Porteous and Seheult, Exact maximum a posteriori estimation for binary images (1989); of changed costs, Kohli
 * and Torr, Dynamic graph cuts for efficient inference in Markov random fields (2007).
 */
export const minimumCut = (field: Field): E.Either<InvalidOption, MinimumCut> => pipe(checkField(field), E.map(cutOf))
