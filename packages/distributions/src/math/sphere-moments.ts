import { LOG_2PI, logGamma } from '@conjugate/linalg'

/**
 * Moments of t = mu'x under exp(kappa t) on the unit sphere of R^D, which are ratios of Bessel functions
 * I_nu, I_{nu+1} with nu = D/2 - 1. Sources: Mardia and Jupp, Directional Statistics (2000), section 10.3; Trefethen and
 * Weideman, The exponentially convergent trapezoidal rule (2014), for the quadrature.
 */
export interface SphereMoments {
  /** A(kappa) - kappa, the log integral of exp(-kappa (1 - t)) over the sphere. */
  readonly logIntegral: number
  /** E t = I_{nu+1}(kappa)/I_nu(kappa). */
  readonly meanCosine: number
  /** E (1 - t), which keeps its digits where E t is nearly 1. */
  readonly meanDefect: number
  /** E t/kappa; 1/D at kappa = 0. */
  readonly slope: number
  /** The variance of t, which is the derivative of E t by kappa. */
  readonly variance: number
}

/** The log of the sphere's surface, 2 pi^(D/2)/Gamma(D/2). */
export const logSurface = (dimension: number): number =>
  Math.LN2 + 0.5 * dimension * Math.log(Math.PI) - logGamma(0.5 * dimension)

/** The concentration up to which series in kappa^2 keep more digits than differences of logs. */
export const SMALL_CONCENTRATION = 1

/** A(kappa) - A(0) = log 0F1(D/2; kappa^2/4) for small concentrations, to its own last digits. */
export const logGrowth = (dimension: number, concentration: number): number => {
  const square = 0.25 * concentration * concentration
  let term = 1
  let sum = 0
  for (let m = 1; term > 1e-18 * sum || m === 1; m++) {
    term *= square / (m * (0.5 * dimension + m - 1))
    sum += term
  }
  return Math.log1p(sum)
}

/** E t/kappa by Gauss's continued fraction 1/(D + kappa^2/(D + 2 + ...)), all terms of which are positive. */
const slopeByFraction = (dimension: number, concentration: number): number => {
  const square = concentration * concentration
  // For kappa <= D each of the 40 levels shrinks what is left out by 0.38 or less, and more the smaller kappa is.
  let value = dimension + 80
  for (let d = dimension + 78; d >= dimension; d -= 2) value = d + square / value
  return 1 / value
}

/** Beyond so many squares of the dimension the sphere is as good as flat about the mean. */
const VAST = 1e17

/**
 * Integrals over s = 1 - t with weight (s (2 - s))^(a - 1) exp(-kappa s), a = (D - 1)/2, by the trapezoidal rule in
 * y = log(s/(2 - s)), from the greatest term to both sides. All terms are positive, and their number does not depend on kappa.
 */
export const sphereMoments = (dimension: number, concentration: number): SphereMoments => {
  const a = 0.5 * (dimension - 1)
  if (concentration > VAST * dimension * dimension) {
    // s is a gamma of shape a and rate kappa to the last digit.
    const meanDefect = a / concentration
    const meanCosine = 1 - meanDefect
    const logIntegral = a * (LOG_2PI - Math.log(concentration))
    const variance = meanDefect / concentration
    return { logIntegral, meanCosine, meanDefect, slope: meanCosine / concentration, variance }
  }
  const root = a + concentration + Math.hypot(a, concentration)
  const s0 = (2 * a) / root
  const rest0 = 2 - s0
  const y0 = Math.log(s0 / rest0)
  const log0 = Math.log1p(Math.exp(-Math.abs(y0)))
  const step = Math.min(0.15, 0.5 / Math.sqrt(a))
  let sum = 1
  let first = 0
  let second = 0
  for (const side of [-step, step])
    for (let n = 1; ; n++) {
      const y = y0 + side * n
      const s = 2 / (1 + Math.exp(-y))
      const log =
        a * (Math.abs(y0) - Math.abs(y) + 2 * (log0 - Math.log1p(Math.exp(-Math.abs(y))))) - concentration * (s - s0)
      // Written so that NaN ends it, too.
      if (!(log >= -45)) break
      const weight = Math.exp(log)
      sum += weight
      first += weight * (s - s0)
      second += weight * (s - s0) ** 2
    }
  const shift = first / sum
  const meanDefect = s0 + shift
  const slope =
    concentration <= dimension ? slopeByFraction(dimension, concentration) : (1 - meanDefect) / concentration
  const logIntegral =
    concentration <= SMALL_CONCENTRATION
      ? logSurface(dimension) + logGrowth(dimension, concentration) - concentration
      : Math.log(step * sum) + a * Math.log(Math.PI * s0 * rest0) - logGamma(a) - concentration * s0
  return { logIntegral, meanCosine: concentration * slope, meanDefect, slope, variance: second / sum - shift * shift }
}

/**
 * The concentration with E t = `meanCosine`, 0 <= meanCosine < 1, by Newton from the start of Banerjee, Dhillon, Ghosh and
 * Sra, Clustering on the Unit Hypersphere using von Mises-Fisher Distributions (2005), equation 4.4.
 */
export const concentrationOfCosine = (dimension: number, meanCosine: number): number => {
  const defect = 1 - meanCosine
  let concentration = (meanCosine * (dimension - meanCosine * meanCosine)) / (defect * (1 + meanCosine))
  for (let i = 0; i < 50; i++) {
    const at = sphereMoments(dimension, concentration)
    const excess = at.meanCosine < 0.5 ? at.meanCosine - meanCosine : defect - at.meanDefect
    // E t is concave in kappa: from the right a step may reach too far.
    const next = Math.max(0.25 * concentration, concentration - excess / at.variance)
    const done = Math.abs(next - concentration) <= 1e-14 * next
    concentration = next
    if (done) break
  }
  return concentration
}
