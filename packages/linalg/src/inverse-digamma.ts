import { digammaDifference, trigammaMinusReciprocal } from './polygamma.js'
import { digamma, logMinusDigamma, trigamma } from './special.js'

/** A value of a function and its derivative. */
export interface Tangent {
  readonly value: number
  readonly slope: number
}

/** Far more than convergence takes: Newton doubles the digits with each, and a bracket on a log scale halves 2^11 wide. */
const ITERATIONS = 200

/**
 * Finds the x > 0 at which an increasing function is 0, from its value and its slope at any x, beginning at `start`. It takes
 * steps of Newton's method within the bracket that is known so far, and goes to the geometric middle of the bracket where a
 * step would leave it. It ends when steps no longer shrink, which is at the rounding of the function.
 * Source: Press et al., Numerical Recipes, 3rd ed. (2007), section 9.4.
 */
export const positiveRoot = (f: (x: number) => Tangent, start: number): number => {
  let [low, high] = [0, Number.POSITIVE_INFINITY]
  let x = start
  let last = Number.POSITIVE_INFINITY
  for (let i = 0; i < ITERATIONS; i++) {
    const { value, slope } = f(x)
    if (value === 0) return x
    if (value < 0) low = x
    else high = x
    let next = x - value / slope
    if (!(next > low && next < high))
      next = low === 0 ? high / 1024 : high === Number.POSITIVE_INFINITY ? low * 1024 : Math.sqrt(low) * Math.sqrt(high)
    const step = Math.abs(next - x)
    // Beyond the quadratic phase a step that does not shrink is rounding.
    if (step <= 1e-16 * x || (step <= 1e-9 * x && step >= last)) return x
    last = step
    x = next
  }
  return x
}

/**
 * Gives the x > 0 with digamma(x) = y, which is Infinity where it is beyond float64.
 * Source: Minka, Estimating a Dirichlet distribution (2000), appendix C.
 */
export const inverseDigamma = (y: number): number => {
  // There it is -1/y to the last digit, and digamma may be beyond float64.
  if (y < -1e20) return -1 / y
  let x = y >= -2.22 ? Math.exp(y) + 0.5 : -1 / (y - digamma(1))
  // From there five steps give all digits, of which the first leads below the root, whence they only ascend.
  for (let i = 0; i < 6 && x < Number.POSITIVE_INFINITY; i++) x -= (digamma(x) - y) / trigamma(x)
  return x
}

/**
 * Gives the d in 0 < d < x with digamma(x) - digamma(x - d) = fall, for a fall > 0, with the digits of float64 however small
 * it is.
 */
export const inverseDigammaFall = (x: number, fall: number): number => {
  // Above d, since trigamma(y) > 1/y and > 1/y^2; from above, Newton's method descends to the root of a convex function.
  const steepness = fall * x
  let d = Math.min(-x * Math.expm1(-fall), steepness < Number.POSITIVE_INFINITY ? x * (steepness / (1 + steepness)) : x)
  if (d > 0.5 * x) return x - inverseDigamma(digamma(x) - fall)
  for (let i = 0; i < 60; i++) {
    const step = (digammaDifference(x - d, d) - fall) / trigamma(x - d)
    d -= step
    if (Math.abs(step) <= 1e-16 * d || step < 0) break
  }
  return d
}

/**
 * Gives the a > 0 with log a - digamma(a) = gap, for a gap > 0: the shape of a gamma from the logarithm of its mean less the
 * mean of its logarithm. As a function of 1/a the left side is nearly a line, of slope 1/2 at 0 and 1 far from it.
 * Source: Minka, Estimating a gamma distribution (2002).
 */
export const inverseLogMinusDigamma = (gap: number): number =>
  1 /
  positiveRoot(u => {
    const a = 1 / u
    return { value: logMinusDigamma(a) - gap, slope: trigammaMinusReciprocal(a) * a * a }
  }, 2 * gap)
