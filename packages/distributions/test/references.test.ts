import {
  beta,
  betaBinomial,
  binomial,
  binomialCumulative,
  dirichlet,
  dirichletMultinomial,
  gamma,
  gammaPoissonPrior,
  inverseWishart,
  logMarginalLikelihood,
  normal,
  normalInverseGamma,
  normalInverseGammaPrior,
  normalInverseWishart,
  normalInverseWishartPrior,
  normalMeanPrior,
  studentT,
  studentTCumulative,
  wishart,
} from '@conjugate/distributions'
import { regularizedBeta, square } from '@conjugate/linalg'
import { right } from '@conjugate/testing'
import { describe, expect, test } from 'vitest'
import values from './references/values.json' with { type: 'json' }

interface Reference {
  readonly arguments: ReadonlyArray<never>
  readonly value: number
  /** What one rounding of each argument that is no count moves the value by, in units of the rounding. */
  readonly condition: number
}

const dirichletOf = (concentration: ReadonlyArray<number>) => right(dirichlet.make({ concentration }))
const betaOf = (a: number, b: number) => right(beta.make({ a, b }))
const gammaOf = (shape: number, rate: number) => right(gamma.make({ shape, rate }))
const diagonal = (d: number, v: number) => square(d, (i, j) => (i === j ? v : 0))
const wishartOf = (d: number, degreesOfFreedom: number, v: number) =>
  right(wishart.make({ degreesOfFreedom, scale: diagonal(d, v) }))
const inverseWishartOf = (d: number, degreesOfFreedom: number, v: number) =>
  right(inverseWishart.make({ degreesOfFreedom, scale: diagonal(d, v) }))
const studentOf = (degreesOfFreedom: number) => right(studentT.make({ degreesOfFreedom, location: 0, scale: 1 }))

/** What the library says, by the names in the file, which `references/make.py` makes. */
const computed: { readonly [name in keyof typeof values]: (...given: never[]) => number } = {
  'beta.entropy': (a: number, b: number) => beta.entropy(betaOf(a, b)),
  'beta.klDivergence': (a: number, b: number, c: number, d: number) => beta.klDivergence(betaOf(a, b))(betaOf(c, d)),
  'dirichlet.entropy': (alpha: number[]) => dirichlet.entropy(dirichletOf(alpha)),
  'dirichlet.klDivergence': (p: number[], q: number[]) => dirichlet.klDivergence(dirichletOf(p))(dirichletOf(q)),
  'gamma.klDivergence': (a: number, r: number, b: number, s: number) =>
    gamma.klDivergence(gammaOf(a, r))(gammaOf(b, s)),
  'wishart.entropy': (d: number, nu: number, v: number) => wishart.entropy(wishartOf(d, nu, v)),
  'inverseWishart.entropy': (d: number, nu: number, v: number) => inverseWishart.entropy(inverseWishartOf(d, nu, v)),
  'wishart.klDivergence': (d: number, nu: number, v: number, mu: number, w: number) =>
    wishart.klDivergence(wishartOf(d, nu, v))(wishartOf(d, mu, w)),
  'inverseWishart.klDivergence': (d: number, nu: number, v: number, mu: number, w: number) =>
    inverseWishart.klDivergence(inverseWishartOf(d, nu, v))(inverseWishartOf(d, mu, w)),
  'betaBinomial.logProb': (n: number, a: number, b: number, x: number) =>
    betaBinomial(n).logProb(right(betaBinomial(n).make({ a, b })))(x),
  'dirichletMultinomial.logProb': (concentration: number[], x: number[]) => {
    const family = dirichletMultinomial(x.reduce((a, b) => a + b, 0))
    return family.logProb(right(family.make({ concentration })))(x)
  },
  'binomial.survival': (n: number, probability: number, k: number) =>
    binomialCumulative.survival(right(binomial(n).make({ probability })))(k),
  'regularizedBeta.lower': (a: number, b: number, x: number) => regularizedBeta(a, b, x, 1 - x, 'lower'),
  'regularizedBeta.upper': (a: number, b: number, x: number) => regularizedBeta(a, b, x, 1 - x, 'upper'),
  'studentT.logProb': (x: number, nu: number) => studentT.logProb(studentOf(nu))(x),
  'studentT.cdf': (x: number, nu: number) => studentTCumulative.cdf(studentOf(nu))(x),
  normalInverseGammaPrior: (mean: number, meanPrecision: number, shape: number, scale: number, xs: number[]) =>
    right(
      logMarginalLikelihood(normalInverseGammaPrior)(
        right(normalInverseGamma.make({ mean, meanPrecision, shape, scale })),
      )(xs),
    ),
  normalInverseWishartPrior: (mean: number, meanPrecision: number, nu: number, scale: number, xs: number[]) =>
    right(
      logMarginalLikelihood(normalInverseWishartPrior)(
        right(normalInverseWishart.make({ mean: [mean], meanPrecision, degreesOfFreedom: nu, scale: [[scale]] })),
      )(xs.map(x => [x])),
    ),
  normalMeanPrior: (known: number, mean: number, variance: number, xs: number[]) =>
    right(logMarginalLikelihood(normalMeanPrior(known))(right(normal.make({ mean, variance })))(xs)),
  gammaPoissonPrior: (shape: number, rate: number, xs: number[]) =>
    right(logMarginalLikelihood(gammaPoissonPrior)(gammaOf(shape, rate))(xs)),
}

/** Of logarithms and entropies a difference counts, of divergences and probabilities a share. */
const isShare = (name: string): boolean => /klDivergence|survival|cdf|regularized/.test(name)

describe('values of many digits', () => {
  test.each(
    Object.entries(values).flatMap(([name, rows]) =>
      (rows as ReadonlyArray<unknown> as ReadonlyArray<Reference>).map(r => [name, r] as const),
    ),
  )('%s at %j', (name, { arguments: given, value, condition }) => {
    const actual = (computed[name as keyof typeof values] as (...a: never[]) => number)(...given)
    const tolerance = 1e-12 * Math.max(Math.abs(value), isShare(name) ? 0 : 1) + 4 * 2 ** -53 * condition
    expect(Math.abs(actual - value)).toBeLessThanOrEqual(tolerance)
  })
})
