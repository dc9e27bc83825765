import { fromRows, itakuraSaito } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import { type ExponentialFamily, type MemberOf, toNatural, toStatistic } from '../family.js'
import { guarded } from '../guarded.js'
import { logOrNothing } from '../math/logarithms.js'
import { aNumber, members } from '../member.js'
import { positive } from '../requirements.js'
import { column, constantBase } from '../statistic.js'
import { nonNegativeNumbers } from '../support.js'
import { type Validated, validator } from '../validation.js'

/** The exponential distribution of waiting times, on x >= 0. Made by `exponential.make`. */
export interface Exponential extends MemberOf<'Exponential'> {
  /** The rate, above 0, in one over the units of the data: the mean is 1 / rate. */
  readonly rate: number
}

/** The family of exponential distributions. `X` are numbers. */
export interface ExponentialDistributionFamily extends ExponentialFamily<Exponential, number> {
  /** Validates the parameters. Errors: a rate that is not positive and finite. */
  readonly make: (parameters: Exponential) => Validated<Exponential>
}

const name = 'Exponential'
const check = validator(name)

const make: ExponentialDistributionFamily['make'] = parameters =>
  pipe(
    check.scalar('rate', parameters.rate, positive),
    E.map(rate => ({ rate })),
  )

/**
 * The exponential distribution as an exponential family: t(x) = x, eta = -rate, A = -log rate, h = 1.
 * Source: Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), appendix A.
 *
 * @support x >= 0
 * @prior gamma (`gammaExponentialPrior`; `gammaCensoredExponentialPrior` where times may be censored)
 * @example
 * import { exponential } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const p = exponential.make({ rate: 2 })
 * if (E.isRight(p)) console.log(exponential.logProb(p.right)(0.5).toFixed(4)) // prints -0.3069
 */
export const exponential: ExponentialDistributionFamily = guarded<ExponentialDistributionFamily>({
  name,
  support: nonNegativeNumbers,
  make,
  logProb: ({ rate }) => {
    const logRate = Math.log(rate)
    return x => (x >= 0 ? logRate - rate * x : Number.NEGATIVE_INFINITY)
  },
  // 1 - u is never 0.
  sample: p => random => Math.min(-Math.log(1 - random.uniform()) / p.rate, Number.MAX_VALUE),
  mean: p => O.some(1 / p.rate),
  variance: p => O.some(1 / p.rate ** 2),
  mode: () => O.some(0),
  entropy: p => 1 - Math.log(p.rate),
  klDivergence: p => q => itakuraSaito(q.rate, p.rate),
  statistic: x => toStatistic(x),
  statisticExpression: () => column(0),
  toldApartBy: ([x]) => logOrNothing(x!),
  logBaseMeasure: x => (x >= 0 ? 0 : Number.NEGATIVE_INFINITY),
  logBaseExpression: constantBase(0),
  natural: p => toNatural(-p.rate),
  fromNatural: eta => make({ rate: -eta[0]! }),
  logNormaliser: p => -Math.log(p.rate),
  expectedStatistic: p => toStatistic(1 / p.rate),
  fromExpectedStatistic: t =>
    pipe(
      check.statistic(t, 1),
      E.chain(() => check.scalar('expectedStatistic[0]', t[0]!, positive)),
      E.chain(mean => make({ rate: 1 / mean })),
    ),
  member: members(name, { rate: aNumber }, make),
  fisherInformation: p => fromRows([[1 / p.rate / p.rate]]),
})
