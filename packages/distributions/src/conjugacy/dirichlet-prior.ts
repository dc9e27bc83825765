import { tabulate, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import { type Categorical, categorical } from '../families/categorical.js'
import { type Dirichlet, dirichlet } from '../families/dirichlet.js'
import { type Multinomial, multinomial } from '../families/multinomial.js'
import { toNatural } from '../family.js'
import { type Validated, validator } from '../validation.js'
import type { ConjugatePrior } from './conjugate-prior.js'
import { over } from './over.js'

const check = validator(dirichlet.name)

/**
 * (alpha_k - 1) / sum_j (alpha_j - 1) over the closed simplex: a concentration of exactly 1 gives weight 0 beside others
 * above 1, and below 1 the density is unbounded. One category alone has probability 1.
 */
const jointMode = (q: Dirichlet): Validated<Vector> => {
  if (q.concentration.length === 1) return E.right(Float64Array.of(1))
  let sum = 0
  for (let k = 0; k < q.concentration.length; k++) {
    const excess = q.concentration[k]! - 1
    if (excess < 0)
      return check.fail(`concentration[${k}]`, 'at least 1 for the density to have a mode', q.concentration[k])
    sum += excess
  }
  return sum > 0
    ? E.right(tabulate(q.concentration.length, k => (q.concentration[k]! - 1) / sum))
    : check.fail('concentration', 'some entry above 1 for the mode to be unique', 'all 1')
}

/**
 * The Dirichlet as the prior of the probabilities of K categories, those of a categorical; observations are category
 * indices. A concentration of another length does not belong to it.
 */
export const dirichletPrior = (categories: number): ConjugatePrior<Dirichlet, Categorical, number, Vector> => ({
  family: over(
    dirichlet,
    probabilities => O.some({ probabilities }),
    p => p.probabilities,
  ),
  likelihood: categorical(categories),
  monoid: () => ({
    empty: new Float64Array(categories),
    concat: (a, b) => tabulate(categories, k => a[k]! + b[k]!),
  }),
  observe: () => (category, weight) => tabulate(categories, k => (k === category ? weight : 0)),
  fromStatistic: (_weight, sum) => sum,
  scale: factor => counts => tabulate(categories, k => factor * counts[k]!),
  evidence: counts => toNatural(counts),
  update: counts => q =>
    q.concentration.length === categories
      ? dirichlet.make({ concentration: tabulate(categories, k => q.concentration[k]! + counts[k]!) })
      : check.fail('concentration', `${categories} numbers`, `${q.concentration.length} numbers`),
  jointMode: q =>
    pipe(
      jointMode(q),
      E.map(probabilities => ({ probabilities })),
    ),
  freeParameters: () => categories - 1,
})

/**
 * The Dirichlet as the prior of the probabilities of multinomials of a known count on K categories; observations are K counts
 * that sum to it. Its predictive distribution is the Dirichlet-multinomial.
 */
export const dirichletMultinomialPrior = (
  count: number,
  categories: number,
): ConjugatePrior<Dirichlet, Multinomial, Vector, Vector> => {
  const ofCategories = dirichletPrior(categories)
  return {
    family: over(
      dirichlet,
      probabilities => O.some({ count, probabilities }),
      p => p.probabilities,
    ),
    likelihood: multinomial(count),
    monoid: ofCategories.monoid,
    observe: () => (x, weight) => tabulate(categories, k => weight * x[k]!),
    fromStatistic: (_weight, sum) => sum,
    scale: ofCategories.scale,
    evidence: counts => toNatural(counts),
    update: ofCategories.update,
    jointMode: q =>
      pipe(
        jointMode(q),
        E.map(probabilities => ({ count, probabilities })),
      ),
    freeParameters: () => categories - 1,
  }
}
