/** Log-likelihoods that differ by more than this, relatively, are of different results. */
export const TOLERANCE = 1e-9

/**
 * The relative difference from a reference, where there are both.
 * @param {number | undefined} value @param {number | undefined} reference
 */
export const disagreementOf = (value, reference) =>
  value === undefined || reference === undefined ? undefined : Math.abs(value - reference) / Math.abs(reference)
