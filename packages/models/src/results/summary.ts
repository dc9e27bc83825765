import type { Vector } from '@conjugate/linalg'

/** What a fit says of one component. */
export interface ComponentSummary<P> {
  readonly component: number
  /** The share of the observations that it is expected to have. */
  readonly share: number
  /** N_k, the sum of its responsibilities, which are weighted as the observations are. */
  readonly expectedCount: number
  /** How many observations it is the most probable component of. */
  readonly assigned: number
  readonly parameters: P
}

/** Summarises every component of a fit, in the order of the fit. Noise is not among them. */
export const summarise = <P>({
  components,
  expectedCounts,
  assignments,
}: {
  readonly components: ReadonlyArray<P>
  readonly expectedCounts: Vector
  readonly assignments: Int32Array
}): ReadonlyArray<ComponentSummary<P>> => {
  const total = Array.from(expectedCounts).reduce((a, b) => a + b, 0)
  const assigned = new Array<number>(components.length).fill(0)
  for (const k of assignments) if (k < assigned.length) assigned[k]!++
  return components.map((parameters, component) => ({
    component,
    share: total > 0 ? expectedCounts[component]! / total : 0,
    expectedCount: expectedCounts[component]!,
    assigned: assigned[component]!,
    parameters,
  }))
}
