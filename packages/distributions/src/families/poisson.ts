import { fromRows, poissonDivergence } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import { type ExponentialFamily, type MemberOf, toNatural, toStatistic } from '../family.js'
import { guarded } from '../guarded.js'
import { logFactorial, logPoissonMass, samplePoisson } from '../math/counts.js'
import { isCount } from '../math/is-count.js'
import { expectationOfCount } from '../math/sums-of-counts.js'
import { aNumber, members } from '../member.js'
import { nonNegative } from '../requirements.js'
import { column } from '../statistic.js'
import { counts } from '../support.js'
import { type Validated, validator } from '../validation.js'

/** Poisson(rate) on the counts 0, 1, 2, ... Made by `poisson.make`. */
export interface Poisson extends MemberOf<'Poisson'> {
  /** The rate, at least 0: the mean number of events. At 0 there are none. */
  readonly rate: number
}

/** The family of Poissons. `X` are counts. */
export interface PoissonFamily extends ExponentialFamily<Poisson, number> {
  /** Validates the parameters. Errors: a rate that is negative or not finite. */
  readonly make: (parameters: Poisson) => Validated<Poisson>
}

const name = 'Poisson'
const check = validator(name)

const make: PoissonFamily['make'] = parameters =>
  pipe(
    check.scalar('rate', parameters.rate, nonNegative),
    E.map(rate => ({ rate })),
  )

const logProb =
  ({ rate }: Poisson) =>
  (x: number): number =>
    isCount(x) ? logPoissonMass(x, rate) : Number.NEGATIVE_INFINITY

/** From here on the entropy has a series. Source: Evans and Boersma, The entropy of a Poisson distribution (1988). */
const ASYMPTOTIC = 1e5

const entropy = (p: Poisson): number => {
  const r = p.rate
  if (r === 0) return 0
  // The next term of the asymptotic series, 19/(360 r^3), is below 1e-16.
  if (r > ASYMPTOTIC) return 0.5 * (Math.log(2 * Math.PI * Math.E) + Math.log(r)) - 1 / (12 * r) - 1 / (24 * r * r)
  const logMass = (x: number) => logPoissonMass(x, r)
  return expectationOfCount(logMass, x => -logMass(x), Math.floor(r))
}

/**
 * The Poisson as an exponential family: t(x) = x, eta = log rate, A = rate, h = 1/x!. Its mode is the whole part of the
 * rate. A rate of 0 is the limit at eta = -Infinity, where all counts are 0. The entropy has no closed form: it is summed over
 * counts, to a relative 1e-13.
 * Source: Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), appendix A.
 *
 * @support 0, 1, 2, ...
 * @prior gamma (`gammaPoissonPrior`; `gammaPoissonExposurePrior` where counts have exposures of their own; of lists of D counts `gammaPoissonPriorOf(D)`)
 * @example
 * import { poisson } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const p = poisson.make({ rate: 2.5 })
 * if (E.isRight(p)) console.log(Math.exp(poisson.logProb(p.right)(3)).toFixed(4), poisson.entropy(p.right).toFixed(4)) // prints 0.2138 1.8307
 */
export const poisson: PoissonFamily = guarded<PoissonFamily>({
  name,
  support: counts,
  make,
  logProb,
  sample: p => samplePoisson(p.rate),
  mean: p => O.some(p.rate),
  variance: p => O.some(p.rate),
  mode: p => O.some(Math.floor(p.rate)),
  entropy,
  klDivergence: p => q => poissonDivergence(p.rate, q.rate),
  statistic: x => toStatistic(x),
  statisticExpression: () => column(0),
  toldApartBy: ([x]) => Math.sqrt(x!),
  logBaseMeasure: x => (isCount(x) ? -logFactorial(x) : Number.NEGATIVE_INFINITY),
  natural: p => toNatural(Math.log(p.rate)),
  fromNatural: eta => make({ rate: Math.exp(eta[0]!) }),
  logNormaliser: p => p.rate,
  expectedStatistic: p => toStatistic(p.rate),
  fromExpectedStatistic: t =>
    pipe(
      check.statistic(t, 1),
      E.chain(() => check.scalar('expectedStatistic[0]', t[0]!, nonNegative)),
      E.chain(rate => make({ rate })),
    ),
  member: members(name, { rate: aNumber }, make),
  fisherInformation: p => fromRows([[p.rate]]),
})
