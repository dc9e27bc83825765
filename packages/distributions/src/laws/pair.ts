import { LOG_2PI } from '@conjugate/linalg'
import type { ConjugatePrior } from '../conjugacy/conjugate-prior.js'
import { expectedNatural } from '../conjugacy/expected-natural.js'
import { gaussianMonoid, observeVector } from '../conjugacy/gaussian-statistics.js'
import { logMarginalLikelihood, logPredictive } from '../conjugacy/marginal-likelihood.js'
import { innerProduct, logProbOfExponentialForm, toStatistic } from '../family.js'
import { random } from '../random.js'
import { estimate, holds, type Law, near, nearAll, valid } from './assert.js'

/** What the laws have to be told about a pair. */
export interface PairCase<Q, P, X, S> {
  readonly name: string
  readonly prior: ConjugatePrior<Q, P, X, S>
  readonly hyperparameters: Q
  /** At least five, such that the posterior has a mode. */
  readonly observations: ReadonlyArray<X>
}

/** Relative to the greatest entry, where sums of all sizes stand side by side. */
const close = (actual: ArrayLike<number>, expected: ArrayLike<number>, what: string, tolerance = 1e-12): void => {
  const scale = Math.max(1, ...Array.from(expected, Math.abs))
  nearAll(
    Array.from(actual, v => v / scale),
    Array.from(expected, v => v / scale),
    tolerance,
    what,
  )
}

/** The laws of a conjugate pair. */
export const pairLaws = <Q, P, X, S>({
  prior,
  hyperparameters: q,
  observations,
}: PairCase<Q, P, X, S>): ReadonlyArray<Law> => {
  const { family, likelihood } = prior
  const tools = () => {
    const { concat, empty } = prior.monoid(q)
    const observe = prior.observe(q)
    const gather = (xs: ReadonlyArray<X>): S => xs.map(x => observe(x, 1)).reduce(concat, empty)
    const all = gather(observations)
    const posterior = (s: S): Q => valid(prior.update(s)(q), 'the posterior')
    return { concat, empty, observe, gather, all, posterior }
  }
  const naturalOf = (p: Q) => family.natural(p)
  return [
    {
      name: 'the posterior has the natural parameters of the prior plus the evidence',
      check: () => {
        const { all, posterior } = tools()
        const evidence = prior.evidence(all)
        const sum = Float64Array.from(naturalOf(q), (v, i) => v + evidence[i]!)
        close(naturalOf(posterior(all)), sum, 'natural of the posterior')
      },
    },
    {
      name: 'statistics join in any grouping and order, and no observation changes nothing',
      check: () => {
        const { concat, empty, gather, all, posterior } = tools()
        const reversed = gather([...observations].reverse())
        const grouped = concat(gather(observations.slice(0, 2)), gather(observations.slice(2)))
        for (const s of [reversed, grouped, concat(all, empty), concat(empty, all)])
          close(prior.evidence(s), prior.evidence(all), 'evidence')
        close(naturalOf(posterior(empty)), naturalOf(q), 'natural given nothing')
      },
    },
    {
      name: 'updating in two steps equals updating at once',
      check: () => {
        const { gather, all, posterior } = tools()
        const first = posterior(gather(observations.slice(0, 3)))
        const second = valid(prior.update(gather(observations.slice(3)))(first), 'the second posterior')
        close(naturalOf(second), naturalOf(posterior(all)), 'natural of the posterior')
      },
    },
    {
      name: 'a weight of 3 counts as three copies, and so do statistics scaled by 3',
      check: () => {
        const { observe, gather, concat, all } = tools()
        const x = observations[1]!
        close(prior.evidence(observe(x, 3)), prior.evidence(gather([x, x, x])), 'evidence')
        close(prior.evidence(prior.scale(3)(all)), prior.evidence(concat(all, concat(all, all))), 'scaled evidence')
      },
    },
    {
      name: 'statistics follow from the sums of the statistic of the likelihood',
      check: () => {
        const { all } = tools()
        const ts = observations.map(likelihood.statistic)
        const sums = Float64Array.from(ts[0]!, (_, i) => ts.reduce((sum, t) => sum + t[i]!, 0))
        close(prior.evidence(prior.fromStatistic(ts.length, toStatistic(sums))), prior.evidence(all), 'evidence')
      },
    },
    {
      name: 'the likelihood is an exponential family, there and back',
      check: () => {
        const { all, posterior } = tools()
        const member = family.sample(posterior(all))(random(6))
        const back = valid(likelihood.fromNatural(likelihood.natural(member)), 'natural(member)')
        const form = logProbOfExponentialForm(likelihood)(member)
        for (const x of observations) {
          const log = likelihood.logProb(member)(x)
          near(form(x), log, 1e-11, 'the exponential form')
          near(likelihood.logProb(back)(x), log, 1e-10, 'the log density of the member that came back')
        }
        const drawn = likelihood.logProb(member)(likelihood.sample(member)(random(7)))
        holds(Number.isFinite(drawn), `a sample has log density ${drawn}`)
      },
    },
    {
      name: 'Bayes: prior times likelihood is proportional to the posterior',
      check: () => {
        const { all, posterior } = tools()
        const after = posterior(all)
        const stream = random(3)
        const constants = Array.from({ length: 20 }, () => {
          const p = family.sample(after)(stream)
          const logLikelihood = observations.reduce((sum, x) => sum + likelihood.logProb(p)(x), 0)
          return family.logProb(q)(p) + logLikelihood - family.logProb(after)(p)
        })
        for (const c of constants) near(c, constants[0]!, 1e-10, 'the log marginal likelihood')
      },
    },
    {
      name: 'the joint mode has the greatest posterior density',
      check: () => {
        const { all, posterior } = tools()
        const after = posterior(all)
        const logProb = family.logProb(after)
        const mode = valid(prior.jointMode(after), 'the joint mode')
        const top = logProb(mode)
        if (prior.posteriorMode)
          near(logProb(valid(prior.posteriorMode(all)(q), 'the posterior mode')), top, 1e-14, 'its log density')
        const stream = random(4)
        for (let i = 0; i < 200; i++) {
          const log = logProb(family.sample(after)(stream))
          holds(log < top, `log density ${top} at the mode, but ${log} elsewhere`)
        }
      },
    },
    {
      name: 'the predictive densities of one observation after the other make up the marginal likelihood',
      check: () => {
        const { observe } = tools()
        let [before, sum] = [q, 0]
        for (const x of observations) {
          sum += valid(logPredictive(prior)(before)(x), 'the predictive density')
          before = valid(prior.update(observe(x, 1))(before), 'the posterior')
        }
        near(
          valid(logMarginalLikelihood(prior)(q)(observations), 'the marginal likelihood'),
          sum,
          1e-12,
          'its logarithm',
        )
      },
    },
    {
      name: 'expected natural parameters give the expected log density',
      check: () => {
        const { all, posterior } = tools()
        const after = posterior(all)
        const { natural, logNormaliser } = expectedNatural(prior)(after)
        const stream = random(8)
        const draws = Array.from({ length: 4000 }, () => family.sample(after)(stream))
        for (const x of observations.slice(0, 2))
          estimate(
            draws.map(p => likelihood.logProb(p)(x)),
            innerProduct(natural, likelihood.statistic(x)) - logNormaliser + likelihood.logBaseMeasure(x),
            'the expected log density',
          )
      },
    },
    {
      name: 'moving prior and observations moves the posterior',
      check: () => {
        const { translation } = prior
        if (translation === undefined) return
        const { concat, empty, observe, all, posterior } = tools()
        const centre = translation.centre(observations)
        const [there, back] = [translation.fromCentred(centre), translation.toCentred(centre)]
        const moved = observations.map(there.observation)
        const s = moved.map(x => observe(x, 1)).reduce(concat, empty)
        const after = valid(prior.update(s)(there.prior(q)), 'the posterior')
        close(naturalOf(back.prior(after)), naturalOf(posterior(all)), 'natural of the posterior', 1e-11)
        close(prior.evidence(back.statistics(there.statistics(all))), prior.evidence(all), 'evidence')
        const member = family.sample(q)(random(9))
        for (const [i, x] of observations.entries())
          near(
            likelihood.logProb(there.member(member))(moved[i]!),
            likelihood.logProb(member)(x),
            1e-11,
            'the log density',
          )
      },
    },
    {
      name: 'what it tells of members that are normals is what they are',
      check: () => {
        const { asNormal } = prior
        if (asNormal === undefined) return
        const member = family.sample(q)(random(9))
        const found = asNormal.toNormal(member)
        const again = valid(asNormal.fromNormal(found), 'the member')
        close(likelihood.natural(again), likelihood.natural(member), 'natural of the member')
        const numbers = observations as ReadonlyArray<unknown> as ReadonlyArray<number>
        const { natural, logNormaliser } = expectedNatural(prior)(q)
        const { mean, scale, logPrecision, spread } = asNormal.expected(q)
        for (const [i, x] of numbers.entries()) {
          const own = -0.5 * (Math.log(found.variance) + LOG_2PI + (x - found.mean) ** 2 / found.variance)
          near(own, likelihood.logProb(member)(observations[i]!), 1e-12, 'the log density')
          const expected = 0.5 * (logPrecision - LOG_2PI - spread - (scale * (x - mean)) ** 2)
          const statistic = likelihood.statistic(observations[i]!)
          const linear = innerProduct(natural, statistic) - logNormaliser + likelihood.logBaseMeasure(observations[i]!)
          near(expected, linear, 1e-11, 'the expected log density')
        }
        const { concat, empty } = gaussianMonoid(1)
        const gathered = numbers.map(x => observeVector([x], 1)).reduce(concat, empty)
        close(prior.evidence(asNormal.statistics(gathered)), prior.evidence(tools().all), 'evidence')
      },
    },
  ]
}
