import type { ConjugatePrior } from '@conjugate/distributions'

/** What a reference holds besides the data. */
export type Known = Readonly<Record<string, never>>

/** What the laws have to be told about a pair. A new pair is a new row of `pairs`. */
export interface Pair<Q = never, P = never, X = never, S = never> {
  readonly name: string
  readonly prior: ConjugatePrior<Q, P, X, S>
  readonly hyperparameters: Q
  readonly observations: ReadonlyArray<X>
  /** The fixture, and those of its cases that are of this pair: all, or those of a likelihood. */
  readonly fixture?: string
  readonly likelihood?: string
  /** The pair of a case, where what is known or the length of the prior makes it another one. */
  readonly priorOf?: (known: Known, prior: never) => ConjugatePrior<Q, P, X, S>
  readonly fromFixture: (q: never) => Q
  readonly observationFromFixture: (x: never) => X
  readonly modeAsNumbers: (p: P) => ReadonlyArray<number>
  /** The predictive distribution where it is one of the library: its log density, and its parameters in the fixture's order. */
  readonly predictive?: (q: Q) => { readonly logProb: (x: X) => number; readonly parameters: ReadonlyArray<number> }
}

export const pair = <Q, P, X, S>(p: Pair<Q, P, X, S>): Pair => p as unknown as Pair

export const itself = <X>(x: X): X => x
