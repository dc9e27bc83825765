import { type InverseGamma, inverseGamma } from '../families/inverse-gamma.js'
import { type Normal, normal } from '../families/normal.js'
import { toNatural } from '../family.js'
import { finite } from '../requirements.js'
import { validator } from '../validation.js'
import type { ConjugatePrior } from './conjugate-prior.js'
import { givenKnown } from './known.js'
import { normalsAbout } from './known-mean.js'
import { reparametrise } from './reparametrise.js'
import { observeNumber, ofWeightedSums, type WeightedSum } from './weighted-sum.js'

const check = validator(inverseGamma.name)

/**
 * The inverse gamma as the prior of the variance of a normal whose mean is known. With N observations whose squared deviations
 * from the mean sum to s the posterior is InverseGamma(a + N/2, b + s/2). Errors: updates and modes say where the mean is not
 * finite.
 * Source: Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), section 2.6.
 */
export const inverseGammaNormalPrior = (mean: number): ConjugatePrior<InverseGamma, Normal, number, WeightedSum> => {
  const member = (variance: number): Normal => ({ mean, variance })
  return givenKnown(check.scalar('known mean', mean, finite), {
    family: reparametrise(inverseGamma, member, p => p.variance),
    ...ofWeightedSums,
    likelihood: normalsAbout(mean),
    observe: () => (x, weight) => observeNumber((x - mean) ** 2, weight),
    evidence: s => toNatural(-0.5 * s.weight, -0.5 * s.sum),
    update: s => q => inverseGamma.make({ shape: q.shape + 0.5 * s.weight, scale: q.scale + 0.5 * s.sum }),
    jointMode: q => normal.make(member(q.scale / (q.shape + 1))),
  })
}
