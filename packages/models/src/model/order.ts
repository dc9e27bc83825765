import { invalidOption } from '@conjugate/em'
import * as E from 'fp-ts/lib/Either.js'
import type { FitError } from '../errors.js'
import type { Counts, LabelTypes } from '../labels/label-model.js'
import type { ComponentTypes } from './component-model.js'
import { logPriorOf, type OpenModel } from './em-model.js'
import type { ModelParameters } from './model.js'

/** How components are ordered: by falling expected count, or as a comparison of two says, below 0 where the first comes first. */
export type Order<P> = 'expected-count' | ((a: P, b: P) => number)

/** All of a fit that is numbered by components. */
interface Numbered<C extends ComponentTypes, L extends LabelTypes> {
  readonly parameters: ModelParameters<C, L>
  readonly counts: L['counts']
  readonly statistics: ReadonlyArray<C['statistics']>
  readonly expectedCounts: Float64Array
  readonly assignments: Int32Array
}

const invalid = (expected: string, received: string): E.Either<FitError, never> =>
  invalidOption('order', expected, received)

/** How far the log prior of the same parameters in another order may be off by rounding. */
const ROUNDING = 1e-9

const priorsOf = <C extends ComponentTypes, L extends LabelTypes>(
  open: OpenModel<C, L>,
  parameters: ModelParameters<C, L>,
  ordered: ModelParameters<C, L>,
): { readonly before: number; readonly after: number; readonly isSame: boolean } => {
  const toCentred = open.loaded.moves?.toCentred ?? (component => component)
  const priorAt = (p: ModelParameters<C, L>): number =>
    logPriorOf(open)({ ...p, components: p.components.map(toCentred) })
  const [before, after] = [priorAt(parameters), priorAt(ordered)]
  return { before, after, isSame: Math.abs(after - before) <= ROUNDING * (1 + Math.abs(before)) }
}

/**
 * Whether components may change places, which is asked before they are fitted. Errors: labels whose states cannot, or whose
 * numbers are known of some rows; priors by which it makes a difference that each is where the next one was.
 */
export const checkPlaces =
  <C extends ComponentTypes, L extends LabelTypes>(open: OpenModel<C, L>, order: Order<C['component']> | undefined) =>
  (initial: ModelParameters<C, L>): E.Either<FitError, void> => {
    if (order === undefined) return E.right(undefined)
    const { bound, evidence, states } = open
    const { permute } = bound
    if (permute === undefined) return invalid('none: the states of these labels cannot change places', 'one')
    if (evidence !== undefined) return invalid('none where labels are known: they say which component is which', 'one')
    const { components } = initial
    const next = Array.from({ length: states }, (_, k) => (k < components.length ? (k + 1) % components.length : k))
    const moved = { ...permute(next)(initial), components: components.map((_, k) => components[next[k]!]!) }
    return priorsOf(open, initial, moved as ModelParameters<C, L>).isSame
      ? E.right(undefined)
      : invalid('priors that are alike, so that components can change places', 'one, with priors that differ')
  }

/**
 * The same fit with its components in an order; noise stays last. Errors: priors under which the ordered parameters are not as
 * probable.
 */
export const inOrder = <C extends ComponentTypes, L extends LabelTypes>(
  open: OpenModel<C, L>,
  order: Order<C['component']> | undefined,
  fitted: Numbered<C, L>,
): E.Either<FitError, Numbered<C, L>> => {
  const permute = open.bound.permute
  if (order === undefined || permute === undefined) return E.right(fitted)
  const { states } = open
  const { parameters, counts, statistics, expectedCounts, assignments } = fitted
  const { components } = parameters
  const compare = (a: number, b: number): number =>
    order === 'expected-count' ? expectedCounts[b]! - expectedCounts[a]! : order(components[a]!, components[b]!)
  const places = components.map((_, k) => k).sort((a, b) => compare(a, b) || a - b)
  const all = Array.from({ length: states }, (_, k) => places[k] ?? k)
  const ranks = new Int32Array(states)
  for (const [to, from] of all.entries()) ranks[from] = to
  const ordered = { ...permute(all)(parameters), components: places.map(k => components[k]!) } as ModelParameters<C, L>
  const { before, after, isSame } = priorsOf(open, parameters, ordered)
  if (!isSame)
    return invalid(
      'priors that are alike, so that components can change places',
      `an order that changes the log prior from ${before} to ${after}`,
    )
  return E.right({
    parameters: ordered,
    // Counts are numbered as what is learnt from them.
    counts: permute(all)(counts as unknown as L['labels']) as unknown as Counts as L['counts'],
    statistics: places.map(k => statistics[k]!),
    expectedCounts: Float64Array.from(all, k => expectedCounts[k]!),
    assignments: assignments.map(k => (k < 0 ? k : ranks[k]!)),
  })
}
