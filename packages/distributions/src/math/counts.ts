import { logGamma, logGammaWeight } from '@conjugate/linalg'
import type { Random } from '../random.js'

/**
 * The log mass of a Poisson: x log r - r - log x!, for a rate r = rate share >= 0 and a count x. Binomial, multinomial and
 * negative binomial masses are ratios of such masses, in which no large terms cancel.
 * Source: Loader, Fast and accurate computation of binomial probabilities (2000).
 */
export const logPoissonMass = (x: number, rate: number, share = 1): number =>
  // 0 log 0 = 0.
  x === 0 ? -rate * share : logGammaWeight(x)(rate, share) - Math.log(x)

/**
 * The log mass of x failures before r successes, of probability p = 1 - q. Given their sum, such counts of one p are a
 * Dirichlet-multinomial, whatever p is, as Poisson counts are a multinomial.
 */
export const logNegativeBinomialMass = (r: number, p: number, q: number): ((x: number) => number) => {
  const weight = logGammaWeight(r)
  return x => {
    const trials = Math.min(r + x, Number.MAX_VALUE)
    // A probability that underflows is not 0.
    return weight(trials, Math.max(p, Number.MIN_VALUE)) + logPoissonMass(x, trials, q) - logGammaWeight(trials)(trials)
  }
}

/** log x!. */
export const logFactorial = (x: number): number => logGamma(x + 1)

const factorials = new Float64Array(1024).fill(Number.NaN)

/** log x! of a count; of small ones it is computed once. */
export const knownLogFactorial = (x: number): number => {
  if (x >= factorials.length) return logFactorial(x)
  if (Number.isNaN(factorials[x])) factorials[x] = logFactorial(x)
  return factorials[x]!
}

/**
 * A binomial count. While many trials are left, the a-th smallest of n uniforms, a beta, says on which side of the
 * probability at least a of them are. Source: Devroye, Non-Uniform Random Variate Generation (1986), section X.4.3.
 */
export const sampleBinomial =
  (count: number, probability: number) =>
  (random: Random): number => {
    let [n, p, successes] = [count, probability, 0]
    while (n > 16) {
      const a = 1 + Math.floor(n / 2)
      const [x, y] = [random.gamma(a), random.gamma(n + 1 - a)]
      const split = x / (x + y)
      if (split <= p) {
        successes += a
        n -= a
        p = (p - split) / (1 - split)
      } else {
        n = a - 1
        p /= split
      }
    }
    for (; n > 0; n--) if (random.uniform() < p) successes++
    return successes
  }

/**
 * A Poisson count. While much of the rate is left, the waiting time for m events, a gamma, says whether all m happen; if
 * not, how many is binomial. Source: Ahrens and Dieter (1974); Devroye (1986), section X.3.3.
 */
export const samplePoisson =
  (rate: number) =>
  (random: Random): number => {
    let [left, events] = [rate, 0]
    while (left > 16) {
      const m = Math.floor(0.875 * left)
      const time = random.gamma(m)
      if (time > left) return events + sampleBinomial(m - 1, left / time)(random)
      events += m
      left -= time
    }
    // Exponential waiting times, multiplied instead of added; 1 - u is never 0.
    const end = Math.exp(-left)
    for (let product = 1 - random.uniform(); product > end; product *= 1 - random.uniform()) events++
    return events
  }
