import * as E from 'fp-ts/lib/Either.js'
import { type Exponential, exponential } from '../families/exponential.js'
import { type Gamma, gamma } from '../families/gamma.js'
import { type Normal, normal } from '../families/normal.js'
import { type Poisson, poisson } from '../families/poisson.js'
import { toNatural } from '../family.js'
import { finite } from '../requirements.js'
import { type Validated, validator } from '../validation.js'
import type { ConjugatePrior } from './conjugate-prior.js'
import { guardedPair } from './guarded-pair.js'
import { givenKnown } from './known.js'
import { normalsAbout } from './known-mean.js'
import { reparametrise } from './reparametrise.js'
import { observeNumber, ofWeightedSums, type WeightedSum } from './weighted-sum.js'

const check = validator(gamma.name)

/** What a gamma's shape and rate gain from statistics. */
type Gain<S> = (s: S) => { readonly shape: number; readonly rate: number }

/** What a gamma says of any likelihood whose parameter it is the prior of. */
type OfGamma<P, S> = Pick<
  ConjugatePrior<Gamma, P, never, S>,
  'family' | 'evidence' | 'update' | 'jointMode' | 'posteriorMode'
>

/**
 * The mode exponent / rate of the density x^exponent e^(-rate x), where exponent is the shape less 1: 0 for an exponent of 0,
 * if there is such a member.
 */
export const modeOfGamma = <P>(
  exponent: number,
  rate: number,
  make: (parameter: number) => Validated<P>,
): Validated<P> => {
  if (exponent > 0) return make(exponent / rate)
  const atZero = exponent === 0 ? make(0) : undefined
  return atZero && E.isRight(atZero)
    ? atZero
    : check.fail('shape', 'a number above 1 for the mode to be positive', exponent + 1)
}

/** A gamma as the prior of the one parameter of a likelihood, which a number makes. */
export const gammaPrior = <P, S>(
  member: (parameter: number) => P,
  make: (p: P) => Validated<P>,
  parameterOf: (p: P) => number,
  gain: Gain<S>,
): OfGamma<P, S> => ({
  family: reparametrise(gamma, member, parameterOf),
  evidence: s => {
    const { shape, rate } = gain(s)
    return toNatural(shape, -rate)
  },
  update: s => q => {
    const { shape, rate } = gain(s)
    return gamma.make({ shape: q.shape + shape, rate: q.rate + rate })
  },
  jointMode: q => modeOfGamma(q.shape - 1, q.rate, v => make(member(v))),
  // Not through the posterior: 1 + 1e-17 is 1.
  posteriorMode: s => q => {
    const { shape, rate } = gain(s)
    return modeOfGamma(q.shape - 1 + shape, q.rate + rate, v => make(member(v)))
  },
})

/**
 * The gamma as the prior of a Poisson's rate; observations are counts. With N counts of the sum s the posterior is Gamma(a +
 * s, b + N), in which b has the unit of an exposure.
 * Source: Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), section 2.6.
 */
export const gammaPoissonPrior: ConjugatePrior<Gamma, Poisson, number, WeightedSum> = guardedPair({
  ...ofWeightedSums,
  ...gammaPrior(
    rate => ({ rate }),
    poisson.make,
    p => p.rate,
    (s: WeightedSum) => ({ shape: s.sum, rate: s.weight }),
  ),
  likelihood: poisson,
  observe: () => observeNumber,
})

/**
 * The gamma as the prior of an exponential distribution's rate; observations are waiting times. With N times of the sum s the
 * posterior is Gamma(a + N, b + s), in which b has the unit of the times.
 * Source: Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), section 2.6.
 */
export const gammaExponentialPrior: ConjugatePrior<Gamma, Exponential, number, WeightedSum> = guardedPair({
  ...ofWeightedSums,
  ...gammaPrior(
    rate => ({ rate }),
    exponential.make,
    p => p.rate,
    (s: WeightedSum) => ({ shape: s.weight, rate: s.sum }),
  ),
  likelihood: exponential,
  observe: () => observeNumber,
})

/**
 * The gamma as the prior of the precision, one over the variance, of a normal whose mean is known. With N observations whose
 * squared deviations from the mean sum to s the posterior is Gamma(a + N/2, b + s/2). Its density is that of the precision;
 * `inverseGammaNormalPrior` has the same law as one of the variance, with another mode. Errors: updates and modes say where
 * the mean is not finite.
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), section 2.3.6.
 */
export const gammaNormalPrior = (mean: number): ConjugatePrior<Gamma, Normal, number, WeightedSum> =>
  givenKnown(check.scalar('known mean', mean, finite), {
    ...ofWeightedSums,
    ...gammaPrior(
      precision => ({ mean, variance: 1 / precision }),
      normal.make,
      p => 1 / p.variance,
      (s: WeightedSum) => ({ shape: 0.5 * s.weight, rate: 0.5 * s.sum }),
    ),
    likelihood: normalsAbout(mean),
    observe: () => (x, weight) => observeNumber((x - mean) ** 2, weight),
  })
