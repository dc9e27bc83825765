import type { ConjugatePrior } from '../conjugacy/conjugate-prior.js'
import { nearAll, valid } from './assert.js'

/** What the laws have to be told about a pair. */
export interface PairCase<Q, P, X, S> {
  readonly name: string
  readonly prior: ConjugatePrior<Q, P, X, S>
  readonly hyperparameters: Q
  /** At least five, such that the posterior has a mode. */
  readonly observations: ReadonlyArray<X>
}

/** Relative to the greatest entry, where sums of all sizes stand side by side. */
export const close = (
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  tolerance = 1e-12,
): void => {
  const scale = Math.max(1, ...Array.from(expected, Math.abs))
  nearAll(
    Array.from(actual, v => v / scale),
    Array.from(expected, v => v / scale),
    tolerance,
    what,
  )
}

/** What the laws compute with. */
interface PairTools<Q, X, S> {
  readonly concat: (a: S, b: S) => S
  readonly empty: S
  readonly observe: (x: X, weight: number) => S
  readonly gather: (xs: ReadonlyArray<X>) => S
  /** The statistics of all observations. */
  readonly all: S
  readonly posterior: (s: S) => Q
}

/** What the laws compute with; made where a law is checked, so that a pair that throws fails its laws. */
export const toolsOf = <Q, P, X, S>({
  prior,
  hyperparameters: q,
  observations,
}: PairCase<Q, P, X, S>): PairTools<Q, X, S> => {
  const { concat, empty } = prior.monoid(q)
  const observe = prior.observe(q)
  const gather = (xs: ReadonlyArray<X>): S => xs.map(x => observe(x, 1)).reduce(concat, empty)
  const all = gather(observations)
  const posterior = (s: S): Q => valid(prior.update(s)(q), 'the posterior')
  return { concat, empty, observe, gather, all, posterior }
}
