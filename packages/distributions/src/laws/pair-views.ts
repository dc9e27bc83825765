import { LOG_2PI } from '@conjugate/linalg'
import { expectedNatural } from '../conjugacy/expected-natural.js'
import { gaussianMonoid, observeVector } from '../conjugacy/gaussian-statistics.js'
import { innerProduct } from '../family.js'
import { random } from '../random.js'
import { type Law, near, valid } from './assert.js'
import { close, type PairCase, toolsOf } from './pair-case.js'

/** The laws of what a pair tells besides, so that nothing loses digits: how it moves, and what its members are as normals. */
export const viewLaws = <Q, P, X, S>(given: PairCase<Q, P, X, S>): ReadonlyArray<Law> => {
  const { prior, hyperparameters: q, observations } = given
  const { family, likelihood } = prior
  const tools = () => toolsOf(given)
  const naturalOf = (p: Q) => family.natural(p)
  return [
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
