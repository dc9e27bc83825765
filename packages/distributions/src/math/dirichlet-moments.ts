import {
  digamma,
  digammaDifference,
  inverseDigamma,
  inverseDigammaFall,
  type Matrix,
  poissonDivergence,
  positiveRoot,
  square,
  sumOf,
  trigamma,
  trigammaDifference,
  type Vector,
} from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { divergenceOfShapes, gammaEntropyAndLogs } from '../families/gamma.js'
import { EXPECTED_STATISTIC, type Validated, type Validator } from '../validation.js'
import { orInfinity } from './products.js'

/**
 * The entropy of a Dirichlet. Independent gammas are their sum and the shares of it, whose Jacobian is the sum to the power
 * K - 1: so entropies subtract.
 */
export const entropyOfDirichlet = (concentration: Vector): number => {
  if (concentration.length === 1) return 0
  let entropy = 0
  for (const a of concentration) entropy += gammaEntropyAndLogs(a, 0)
  // That of shapes all of which are next to 0 is beyond float64 for the sum, too, which is the smaller part.
  return entropy === Number.NEGATIVE_INFINITY
    ? entropy
    : entropy - gammaEntropyAndLogs(sumOf(concentration), concentration.length - 1)
}

/**
 * KL of two Dirichlets: that of gammas less that of their sums, with every log Gamma and digamma by its logarithm and error,
 * so that what is of the size of the concentrations becomes one divergence of their means.
 */
export const divergenceOfDirichlets = (p: Vector, q: Vector): number => {
  if (p.length === 1) return 0
  const [sumP, sumQ] = [sumOf(p), sumOf(q)]
  let divergence = -divergenceOfShapes(sumP, sumQ)
  for (let k = 0; k < p.length; k++)
    divergence += poissonDivergence(q[k]!, p[k]!, sumQ, sumP) + divergenceOfShapes(p[k]!, q[k]!)
  return orInfinity(Math.max(0, divergence))
}

/** For each of some positive numbers the sum of all others, which a difference from the total would round away. */
export const sumsOfOthers = (values: Vector): Float64Array => {
  const sums = new Float64Array(values.length)
  for (let k = 0, before = 0; k < sums.length; before += values[k]!, k++) sums[k] = before
  for (let k = sums.length - 1, after = 0; k >= 0; after += values[k]!, k--) sums[k]! += after
  return sums
}

/** E log x_k = digamma(alpha_k) - digamma(sum alpha) of a Dirichlet. */
export const expectedLogs = (concentration: Vector): Float64Array =>
  sumsOfOthers(concentration).map((others, k) => -digammaDifference(concentration[k]!, others))

/** The sum of e^g_k over all k but one. */
const sumOfExponentials = (g: Vector, but: number): number => {
  let sum = 0
  for (let k = 0; k < g.length; k++) if (k !== but) sum += Math.exp(g[k]!)
  return sum
}

/**
 * The concentration with E log x = g, the inverse of {@link expectedLogs}. Given the total S, every alpha_k is
 * inverse-digamma(g_k + digamma(S)); what is left is one equation for S. It compares the sum of all alpha but the greatest
 * with what the greatest lacks to S, so that nothing cancels; their quotient is nearly a line in 1/S.
 * Errors: g with a sum of e^g_k that is not below 1, by Jensen's inequality.
 */
export const concentrationOf =
  (check: Validator) =>
  (g: Vector): Validated<Float64Array> => {
    const top = Array.from(g).reduce((best, v, k) => (v > g[best]! ? k : best), 0)
    const deficit = -Math.expm1(g[top]!) - sumOfExponentials(g, top)
    if (!(deficit > 0)) return check.fail(EXPECTED_STATISTIC, 'a sum of exponentials below 1', `${1 - deficit} in sum`)
    const at = (total: number) => {
      const [shift, slope] = [digamma(total), trigamma(total)]
      const concentration = Float64Array.from(g, v => inverseDigamma(v + shift))
      const missing = inverseDigammaFall(total, -g[top]!)
      concentration[top] = total - missing
      let [sum, slopeOfSum] = [0, 0]
      for (const [k, a] of concentration.entries()) {
        if (k === top) continue
        sum += a
        slopeOfSum += slope / trigamma(a)
      }
      const slopeOfMissing = trigammaDifference(total - missing, missing) / trigamma(total - missing)
      return {
        concentration,
        value: (sum - missing) / missing,
        slope: (slopeOfSum - (sum / missing) * slopeOfMissing) / missing,
      }
    }
    const root = positiveRoot(
      u => {
        const { value, slope } = at(1 / u)
        return { value, slope: -slope / u / u }
      },
      (2 * deficit) / (g.length - 1),
    )
    return E.right(at(1 / root).concentration)
  }

/** The covariance of log x, the Jacobian of {@link expectedLogs}: trigamma(alpha_k) [i = k] - trigamma(sum alpha). */
export const covarianceOfLogs = (concentration: Vector): Matrix => {
  const others = sumsOfOthers(concentration)
  const ofTotal = trigamma(others[0]! + concentration[0]!)
  return square(others.length, (i, k) => (i === k ? trigammaDifference(concentration[k]!, others[k]!) : -ofTotal))
}
