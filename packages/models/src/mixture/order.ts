import type { Vector } from '@conjugate/linalg'

/** How components are ordered: by falling expected count, or as a comparison of two says, below 0 where the first comes first. */
export type Order<P> = 'expected-count' | ((a: P, b: P) => number)

interface Ordered<P, S, W> {
  readonly weights: W
  readonly components: ReadonlyArray<P>
  readonly expectedCounts: Vector
  readonly statistics: ReadonlyArray<S>
  readonly assignments: Int32Array
}

/** The same fit with its components in an order that does not depend on where it started. Noise stays last. */
export const inOrder =
  <P, W>(order: Order<P> | undefined, permute: (order: ReadonlyArray<number>) => (weights: W) => W) =>
  <S, F extends Ordered<P, S, W>>(fitted: F): F => {
    if (order === undefined) return fitted
    const { components, expectedCounts, statistics } = fitted
    const compare = (a: number, b: number): number =>
      order === 'expected-count' ? expectedCounts[b]! - expectedCounts[a]! : order(components[a]!, components[b]!)
    const places = components.map((_, k) => k).sort((a, b) => compare(a, b) || a - b)
    const rank = new Map(places.map((from, to) => [from, to]))
    return {
      ...fitted,
      weights: permute(places)(fitted.weights),
      components: places.map(k => components[k]!),
      expectedCounts: Float64Array.from(expectedCounts, (n, k) =>
        k < places.length ? expectedCounts[places[k]!]! : n,
      ),
      statistics: places.map(k => statistics[k]!),
      assignments: fitted.assignments.map(k => rank.get(k) ?? k),
    }
  }
