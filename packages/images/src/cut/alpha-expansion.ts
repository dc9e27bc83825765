import type { InvalidOption } from '@conjugate/em'
import { invalidOption } from '@conjugate/em'
import * as E from 'fp-ts/lib/Either.js'
import { checkField, type Field, steps, unitsOfDifferences, unitsPerNat } from '../grid/field.js'
import { checkCosts } from './costs.js'
import { maximumFlow } from './maximum-flow.js'
import { labelsOf } from './minimum-cut.js'
import { loadWeights, makeTrees, type Trees } from './trees.js'

/** Labels, and what they lose in all. */
export interface ExpandedLabels {
  /** N labels from 0 to K - 1. */
  readonly labels: Int32Array
  /** Costs of labels plus the weights of neighbours that differ, in nats. */
  readonly energy: number
  /** The energies before the first and after each round over all labels; none is above the one before. */
  readonly energies: ReadonlyArray<number>
}

/** What is given for K labels, and optionally where to begin. */
export interface AlphaExpansionOptions {
  /** K, from 1 on. */
  readonly labels: number
  /** N x K costs of each label at each place, row by row, in nats: minus log densities, for example. Infinity forbids a label. */
  readonly costs: ArrayLike<number>
  /** N labels to begin with; the cheapest of each place by default. */
  readonly initial?: ArrayLike<number>
}

const invalid = (option: string, expected: string, received: unknown): E.Either<InvalidOption, never> =>
  invalidOption(option, expected, String(received))

/** Costs over the cheapest label of each place, in units of half a unit of weights, and those cheapest labels. */
const relativeCosts = (
  costs: ArrayLike<number>,
  places: number,
  labels: number,
  most: number,
): E.Either<InvalidOption, { readonly relative: Int32Array; readonly cheapest: Int32Array; readonly sum: number }> => {
  const relative = new Int32Array(places * labels)
  const cheapest = new Int32Array(places)
  let sum = 0
  for (let n = 0, at = 0; n < places; n++, at += labels) {
    let best = 0
    for (let k = 1; k < labels; k++) if (costs[at + k]! < costs[at + best]!) best = k
    const least = costs[at + best]!
    if (!Number.isFinite(least))
      return invalid(`costs[${at + best}]`, 'a finite cost of one label of each place', least)
    cheapest[n] = best
    sum += least
    for (let k = 0; k < labels; k++)
      relative[at + k] = Math.min(most, Math.round(2 * unitsPerNat * (costs[at + k]! - least)))
  }
  return E.right({ relative, cheapest, sum })
}

/** Beyond all neighbours of a place, whatever they weigh. */
const MOST_UNITS = 2 ** 29

/** Weights and costs of the choice between keeping labels (0) and taking `alpha` (1), as a cut of two labels. */
const loadChoice = (
  trees: Trees,
  { width, height, weights }: Field,
  labels: Int32Array,
  { relative, count }: { readonly relative: Int32Array; readonly count: number },
  alpha: number,
  scratch: { readonly weights: Int32Array; readonly costs: Float64Array },
): void => {
  const places = width * height
  const { costs } = scratch
  for (let n = 0; n < places; n++) costs[n] = relative[n * count + alpha]! - relative[n * count + labels[n]!]!
  for (let d = 0; d < 4; d++) {
    const offset = steps[d]!.y * width + steps[d]!.x
    for (let n = 0, at = d * places; n < places; n++, at++) {
      const units = weights[at]!
      if (units === 0) continue
      const m = n + offset
      const [a, b] = [labels[n]!, labels[m]!]
      // In half units. Where labels differ, a difference costs w unless both take alpha: w - w/2 (x + y) + w/2 [x != y].
      scratch.weights[at] = a === alpha || b === alpha ? 0 : a === b ? 2 * units : units
      if (a === b) continue
      if (a !== alpha) costs[n]! -= b === alpha ? 2 * units : units
      if (b !== alpha) costs[m]! -= a === alpha ? 2 * units : units
    }
  }
  loadWeights(trees, scratch.weights)
  for (let row = 0, n = 0; row < height; row++)
    for (let p = (row + 1) * trees.stride + 1, end = p + width; p < end; p++, n++)
      trees.excess[p] = labels[n] === alpha ? 0 : Math.max(-MOST_UNITS, Math.min(MOST_UNITS, costs[n]!))
}

/**
 * Labels of low energy for K labels: for one label after the other, all places at once that gain by it take it, until none does.
 * The energy never rises, and where all costs are at least 0 it ends within twice the least there is; two labels are exact.
 * Errors: the field is none; the costs are not N x K numbers, or forbid all labels of a place; a label to begin with is none.
 * Source: Boykov, Veksler and Zabih, Fast approximate energy minimization via graph cuts (2001).
 */
export const alphaExpansion = (
  field: Field,
  { labels: count, costs, initial }: AlphaExpansionOptions,
): E.Either<InvalidOption, ExpandedLabels> => {
  const known = checkField(field)
  if (E.isLeft(known)) return known
  const places = field.width * field.height
  if (!Number.isSafeInteger(count) || count < 1 || count > 2 ** 16)
    return invalid('labels', 'a whole number from 1 to 65536', count)
  const checked = checkCosts('costs', costs, places * count)
  if (E.isLeft(checked)) return checked
  const found = relativeCosts(costs, places, count, MOST_UNITS)
  if (E.isLeft(found)) return found
  const { relative, cheapest, sum } = found.right
  if (initial !== undefined && initial.length !== places) return invalid('initial', `${places} labels`, initial.length)
  let labels = initial === undefined ? cheapest : Int32Array.from(initial)
  const wrong = labels.findIndex((k, n) => k < 0 || k >= count || (initial !== undefined && initial[n] !== k))
  if (wrong >= 0) return invalid(`initial[${wrong}]`, `a label from 0 to ${count - 1}`, initial?.[wrong])
  const halfUnits = (all: Int32Array): number => {
    let units = 2 * unitsOfDifferences(field, all)
    for (let n = 0; n < places; n++) units += relative[n * count + all[n]!]!
    return units
  }
  const trees = makeTrees(field)
  const scratch = { weights: new Int32Array(4 * places), costs: new Float64Array(places) }
  let energy = halfUnits(labels)
  const energies = [energy]
  for (;;) {
    for (let alpha = 0; alpha < count; alpha++) {
      loadChoice(trees, field, labels, { relative, count }, alpha, scratch)
      maximumFlow(trees)
      const taken = labelsOf(trees)
      const next = labels.map((k, n) => (taken[n] === 1 ? alpha : k))
      const reached = halfUnits(next)
      if (reached < energy) [labels, energy] = [next, reached]
    }
    energies.push(energy)
    if (energies.at(-2) === energy) break
  }
  const inNats = (units: number): number => sum + units / (2 * unitsPerNat)
  return E.right({ labels, energy: inNats(energy), energies: energies.map(inNats) })
}
