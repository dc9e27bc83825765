/** M-steps at the most, where nobody says how many. */
export const ITERATIONS = 1000

/** The share of the objective by which an iteration has to raise it, where nobody says how many iterations there are to be. */
export const TOLERANCE = 1e-8

/**
 * The settings of the course assignment that the references and the segmentation program follow: 100 iterations, all of which
 * are done, from means at rows drawn at random. Its priors are given, with concentrations of their own.
 */
export const assignmentSettings: {
  readonly iterations: number
  readonly start: { readonly _tag: 'distinct-rows' }
} = { iterations: 100, start: { _tag: 'distinct-rows' } }
