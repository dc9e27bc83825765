import type { Monoid } from 'fp-ts/lib/Monoid.js'
import { type Exponential, exponential } from '../families/exponential.js'
import type { Gamma } from '../families/gamma.js'
import { type Poisson, poisson } from '../families/poisson.js'
import { toNatural, toStatistic } from '../family.js'
import { logFactorial } from '../math/counts.js'
import { logOrNothing } from '../math/logarithms.js'
import { column, concat, constantBase, identity } from '../statistic.js'
import { contains, counts, nonNegativeNumbers, positiveNumbers, records, zeroOrOne } from '../support.js'
import type { Validated } from '../validation.js'
import type { ConjugatePrior, Likelihood } from './conjugate-prior.js'
import { logProbOfForm } from './derived-pair.js'
import { gammaPrior } from './gamma-prior.js'
import { guardedPair } from './guarded-pair.js'

/** Sufficient statistics of weighted observations of a rate: the weighted number of events, and of units in which they could come. */
export interface ExposedEvents {
  readonly events: number
  readonly exposure: number
}

/** A number of events and what they were counted over: a time, an area, so many people. */
export interface ExposedCount {
  readonly count: number
  /** Above 0; the rate of the Poisson is that of one unit of it. */
  readonly exposure: number
}

/** How long something was waited for, and whether it came. */
export interface CensoredTime {
  /** The time until the event, or until nobody looked any more: at least 0. */
  readonly time: number
  /** 1 where the event came then; 0 where it had not come yet, so that the time is censored on the right. */
  readonly event: number
}

const monoid: Monoid<ExposedEvents> = {
  empty: { events: 0, exposure: 0 },
  concat: (a, b) => ({ events: a.events + b.events, exposure: a.exposure + b.exposure }),
}

/** What only one of the likelihoods of a rate can say; eta = (log rate, -rate) and A = 0 are the same for all. */
interface OfRate<P, X>
  extends Pick<
    Likelihood<P, X>,
    'support' | 'statisticExpression' | 'logBaseMeasure' | 'logBaseExpression' | 'toldApartBy' | 'member' | 'sample'
  > {
  readonly make: (p: { readonly rate: number }) => Validated<P>
  readonly eventsOf: (x: X) => number
  readonly exposureOf: (x: X) => number
}

/** The pair of a gamma and a likelihood whose statistic is t(x) = (events, exposure). */
const exposurePrior = <P extends { readonly rate: number }, X>({
  make,
  eventsOf,
  exposureOf,
  ...own
}: OfRate<P, X>): ConjugatePrior<Gamma, P, X, ExposedEvents> => {
  const natural = (p: P) => toNatural<P>(Math.log(p.rate), -p.rate)
  const statistic = (x: X) => toStatistic<P>(eventsOf(x), exposureOf(x))
  return guardedPair({
    ...gammaPrior<P, ExposedEvents>(
      rate => ({ rate }) as P,
      make,
      p => p.rate,
      s => ({ shape: s.events, rate: s.exposure }),
    ),
    monoid: () => monoid,
    fromStatistic: (_weight, sum) => ({ events: sum[0]!, exposure: sum[1]! }),
    scale: factor => s => ({ events: factor * s.events, exposure: factor * s.exposure }),
    freeParameters: () => 1,
    observe: () => (x, weight) => ({ events: weight * eventsOf(x), exposure: weight * exposureOf(x) }),
    likelihood: {
      ...own,
      statistic,
      natural,
      fromNatural: eta => make({ rate: -eta[1]! }),
      logNormaliser: () => 0,
      logProb: logProbOfForm({ natural, statistic, logNormaliser: () => 0, logBaseMeasure: own.logBaseMeasure }),
    },
  })
}

/**
 * The gamma as the prior of a Poisson's rate where every count has an exposure of its own, count ~ Poisson(exposure rate). Exposures are
 * given and say nothing of the rate; a draw has one of 1. With N counts of the sum s over exposures of the sum e the posterior is
 * Gamma(a + s, b + e).
 * Source: Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), section 2.6.
 */
export const gammaPoissonExposurePrior: ConjugatePrior<Gamma, Poisson, ExposedCount, ExposedEvents> = exposurePrior({
  make: poisson.make,
  member: poisson.member,
  support: records({ count: counts, exposure: positiveNumbers }),
  eventsOf: (x: ExposedCount) => x.count,
  exposureOf: x => x.exposure,
  statisticExpression: () => identity(2),
  toldApartBy: ([count, exposure]) => Math.log((count! + 0.5) / exposure!),
  logBaseMeasure: ({ count, exposure }) =>
    contains(counts, count) && contains(positiveNumbers, exposure)
      ? count * Math.log(exposure) - logFactorial(count)
      : Number.NEGATIVE_INFINITY,
  logBaseExpression: () => ({
    constant: 0,
    terms: [{ factor: 1, of: { _tag: 'TimesLog', columns: [0, 1] } }],
    ofNumbers: [{ of: column(0), log: count => -logFactorial(count) }],
  }),
  sample: p => random => ({ count: poisson.sample(p)(random), exposure: 1 }),
})

/**
 * The gamma as the prior of an exponential distribution's rate where waiting times may be censored on the right: p(time, 1) = rate
 * exp(-rate time) is the density of an event, and p(time, 0) = exp(-rate time) the probability that it takes longer. When nobody looks any more
 * must say nothing of the rate; a draw is of an event. With d events in times of the sum s the posterior is Gamma(a + d, b + s).
 * Source: Ibrahim, Chen and Sinha, Bayesian Survival Analysis (2001), section 2.1.
 */
export const gammaCensoredExponentialPrior: ConjugatePrior<Gamma, Exponential, CensoredTime, ExposedEvents> =
  exposurePrior({
    make: exponential.make,
    member: exponential.member,
    support: records({ time: nonNegativeNumbers, event: zeroOrOne }),
    eventsOf: (x: CensoredTime) => x.event,
    exposureOf: x => x.time,
    statisticExpression: () => concat(column(1), column(0)),
    toldApartBy: ([time]) => logOrNothing(time!),
    logBaseMeasure: ({ time, event }) =>
      contains(nonNegativeNumbers, time) && contains(zeroOrOne, event) ? 0 : Number.NEGATIVE_INFINITY,
    logBaseExpression: constantBase(0),
    sample: p => random => ({ time: exponential.sample(p)(random), event: 1 }),
  })
