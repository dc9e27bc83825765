import { expectedNatural } from '../conjugacy/expected-natural.js'
import { logMarginalLikelihood, logPredictive } from '../conjugacy/marginal-likelihood.js'
import { innerProduct, logProbOfExponentialForm, toStatistic } from '../family.js'
import { random } from '../random.js'
import { estimate, holds, type Law, near, valid } from './assert.js'
import { baseByColumns, statisticByColumns } from './by-columns.js'
import { close, type PairCase, toolsOf } from './pair-case.js'
import { viewLaws } from './pair-views.js'

/** The laws of a conjugate pair. */
export const pairLaws = <Q, P, X, S>(given: PairCase<Q, P, X, S>): ReadonlyArray<Law> => {
  const { prior, hyperparameters: q, observations } = given
  const { family, likelihood } = prior
  const tools = () => toolsOf(given)
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
      name: 'the expression of the statistic gives the statistic',
      check: () => statisticByColumns(likelihood, observations),
    },
    {
      name: 'the expression of log h gives log h, and values are where the support says',
      check: () => baseByColumns(likelihood, observations),
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
    ...viewLaws(given),
  ]
}
