import { dot, multiply, subtract } from '@conjugate/linalg'
import {
  innerProduct,
  logNormaliserOfNatural,
  logProbOfExponentialForm,
  logProbs,
  type Statistic,
  toNatural,
} from '../family.js'
import { maximumLikelihood } from '../maximum-likelihood.js'
import { estimate, holds, type Law, near, nearAll, valid } from './assert.js'
import { baseByColumns, statisticByColumns } from './by-columns.js'
import type { FamilyCase } from './case.js'
import { distributionLaws, draw } from './distribution.js'

/** The laws of one member. */
const lawsOfMember = <P, X, V, M>({ family, members, support }: FamilyCase<P, X, V, M>, p: P): Law[] => {
  // Not before a law is checked: a family that throws shall fail its laws, not their making.
  const known = () => {
    const eta = family.natural(p)
    const others = members.filter(q => q !== p && family.natural(q).length === eta.length)
    return { eta, others, samples: draw(family.sample(p)) }
  }
  return [
    {
      name: 'the direct log density equals the exponential form',
      check: () => {
        const form = logProbOfExponentialForm(family)(p)
        const few = known().samples.slice(0, 50)
        nearAll(logProbs(family)(p)(few), few.map(form), 1e-11, 'the log density')
      },
    },
    {
      name: 'the expression of the statistic gives the statistic',
      check: () => {
        statisticByColumns(family, known().samples.slice(0, 20))
      },
    },
    {
      name: 'the expression of log h gives log h, and values are where the support says',
      check: () => {
        baseByColumns(family, known().samples.slice(0, 20))
      },
    },
    {
      name: 'parameters survive the way to natural ones and back',
      check: () => {
        const { eta } = known()
        nearAll(family.natural(valid(family.fromNatural(eta), 'natural(p)')), eta, 1e-12, 'natural')
        near(logNormaliserOfNatural(family)(eta), family.logNormaliser(p), 1e-12, 'A(eta)')
      },
    },
    {
      name: 'the expected statistic leads back to its member',
      check: () => {
        const t = family.expectedStatistic(p)
        const back = valid(family.fromExpectedStatistic(t), 'fromExpectedStatistic')
        nearAll(family.natural(back), known().eta, 1e-11, 'natural')
        nearAll(family.expectedStatistic(back), t, 1e-13, 'expectedStatistic')
      },
    },
    {
      name: 'no member is more likely than the one with the mean statistic of data',
      check: () => {
        const { samples, others } = known()
        const data = samples.slice(0, 200)
        const fitted = valid(maximumLikelihood(family)(data), 'the maximum-likelihood fit')
        const likelihood = (q: P) => logProbs(family)(q)(data).reduce((a, b) => a + b, 0)
        const top = likelihood(fitted)
        const best = family.natural(fitted)
        for (const q of [p, ...others]) {
          holds(likelihood(q) < top, 'another member is more likely')
          // Close by, too: the fall is of second order.
          const other = family.natural(q)
          const close = Array.from(best, (v, i) => v + 1e-3 * (other[i]! - v))
          holds(
            likelihood(valid(family.fromNatural(toNatural(close)), 'one close by')) < top,
            'one close by is more likely',
          )
        }
        const doubled = valid(maximumLikelihood(family)(data, new Float64Array(200).fill(2)), 'the weighted fit')
        nearAll(family.natural(doubled), best, 0, 'natural of the weighted fit')
      },
    },
    {
      name: 'the gradient of the log-normaliser is the expected statistic',
      check: () => {
        const { eta, others } = known()
        const here = Array.from(eta)
        const towards = others[0] === undefined ? here.map(v => 1.5 * v) : Array.from(family.natural(others[0]))
        const direction = towards.map((v, i) => v - here[i]!)
        const step = 1e-5
        const at = (h: number) => logNormaliserOfNatural(family)(toNatural(here.map((v, i) => v + h * direction[i]!)))
        const slope = (at(step) - at(-step)) / (2 * step)
        near(slope, innerProduct(toNatural<P>(direction), family.expectedStatistic(p)), 1e-7, 'the slope of A')
      },
    },
    {
      name: 'the Fisher information is the derivative of the expected statistic, and its covariance',
      check: () => {
        const { eta, others, samples } = known()
        const information = family.fisherInformation(p)
        const n = eta.length
        holds(information.rows === n && information.columns === n, `it is ${information.rows} x ${information.columns}`)
        for (let i = 0; i < n * n; i++)
          near(information.data[i]!, information.data[(i % n) * n + Math.floor(i / n)]!, 1e-14, 'its transpose')
        for (const other of [Array.from(eta, v => 1.5 * v), ...others.map(q => Array.from(family.natural(q)))]) {
          const direction = other.map((v, i) => v - eta[i]!)
          const at = (h: number) => {
            const moved = toNatural<P>(direction.map((v, i) => eta[i]! + h * v))
            return family.expectedStatistic(valid(family.fromNatural(moved), 'one close by'))
          }
          const difference = (h: number) => subtract(at(-h))(at(h)).map(v => v / (2 * h))
          // Richardson's extrapolation, since another member may be far away.
          const [wide, narrow] = [difference(2e-5), difference(1e-5)]
          const change = multiply(direction)(information)
          const size = Math.max(1, ...change.map(Math.abs))
          for (const [i, v] of change.entries())
            near((4 * narrow[i]! - wide[i]!) / (3 * size), v / size, 1e-9, `the derivative[${i}]`)
          const along = (t: Statistic<P>) => innerProduct(toNatural<P>(direction), t)
          const centre = along(family.expectedStatistic(p))
          estimate(
            samples.map(x => (along(family.statistic(x)) - centre) ** 2),
            dot(direction)(change),
            'the variance of the statistic along a direction',
          )
        }
      },
    },
    {
      name: 'samples have the expected statistic',
      check: () => {
        const statistics = known().samples.map(x => Array.from(family.statistic(x)))
        for (const [i, v] of Array.from(family.expectedStatistic(p)).entries())
          estimate(
            statistics.map(s => s[i]!),
            v,
            `expectedStatistic[${i}]`,
          )
      },
    },
    {
      name: 'KL is zero at equality, positive elsewhere, and the expected log ratio',
      check: () => {
        const { others, samples } = known()
        near(family.klDivergence(p)(p), 0, 1e-12, 'KL(p || p)')
        const logP = family.logProb(p)
        for (const q of others) {
          const kl = family.klDivergence(p)(q)
          const logQ = family.logProb(q)
          holds(kl > 0, `KL is ${kl}`)
          if (support._tag === 'Continuous')
            estimate(
              samples.map(x => logP(x) - logQ(x)),
              kl,
              'KL',
            )
          else {
            const sum = support.values(p).reduce((s, x) => s + Math.exp(logP(x)) * (logP(x) - logQ(x)), 0)
            near(kl, sum, 1e-11, 'KL')
          }
        }
      },
    },
  ]
}

/** The laws of an exponential family, for every member of a case; those of distributions among them. */
export const familyLaws = <P, X, V, M>(given: FamilyCase<P, X, V, M>): ReadonlyArray<Law> => {
  const { family, members, outside, support, unnatural } = given
  return [
    ...distributionLaws(given),
    {
      name: 'outside the natural parameter space the log-normaliser is Infinity',
      check: () => {
        for (const eta of unnatural) {
          const a = logNormaliserOfNatural(family)(toNatural(eta))
          holds(a === Number.POSITIVE_INFINITY, `A(${eta.join(', ')}) is ${a}`)
        }
      },
    },
    ...(support._tag === 'Discrete'
      ? [
          {
            name: 'impossible values are known by their base measure',
            check: () => {
              const form = logProbOfExponentialForm(family)(members[0]!)
              for (const x of outside)
                holds(
                  form(x) === Number.NEGATIVE_INFINITY,
                  `the exponential form at ${JSON.stringify(x)} is ${form(x)}`,
                )
            },
          },
        ]
      : []),
    ...members.flatMap((p, i) =>
      lawsOfMember(given, p).map(({ name, check }) => ({ name: `member ${i}: ${name}`, check })),
    ),
  ]
}
