import { tabulate, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type Categorical, categorical } from '../families/categorical.js'
import { type Dirichlet, dirichlet } from '../families/dirichlet.js'
import { type Multinomial, multinomial } from '../families/multinomial.js'
import { toNatural } from '../family.js'
import { weigh } from '../math/products.js'
import { wholePositive } from '../requirements.js'
import { type Validated, validator } from '../validation.js'
import type { ConjugatePrior } from './conjugate-prior.js'
import { guardedPair } from './guarded-pair.js'
import { givenKnown } from './known.js'
import { reparametrise } from './reparametrise.js'

const check = validator(dirichlet.name)

/**
 * The mode of the density prod_k p_k^e_k of exponents e_k = alpha_k - 1: e_k / sum_j e_j over the closed simplex. An exponent
 * of exactly 0 gives weight 0 beside others above 0, and below 0 the density is unbounded. One category alone has
 * probability 1. Of a flat density, whose exponents are all 0, it is `flat`.
 */
const modeOfExponents = (exponents: Float64Array, flat: () => Validated<Vector>): Validated<Vector> => {
  if (exponents.length === 1) return E.right(Float64Array.of(1))
  let sum = 0
  for (let k = 0; k < exponents.length; k++) {
    // Written so that NaN fails it too.
    if (!(exponents[k]! >= 0))
      return check.fail(`concentration[${k}]`, 'at least 1 for the density to have a mode', exponents[k]! + 1)
    sum += exponents[k]!
  }
  if (sum === Number.POSITIVE_INFINITY) return check.fail('sum of concentration', 'a positive finite number', sum)
  if (!(sum > 0)) return flat()
  for (let k = 0; k < exponents.length; k++) exponents[k]! /= sum
  return E.right(exponents)
}

const notUnique = (): Validated<never> =>
  check.fail('concentration', 'some entry above 1 for the mode to be unique', 'all 1')

const jointMode = (q: Dirichlet): Validated<Vector> =>
  modeOfExponents(
    tabulate(q.concentration.length, k => q.concentration[k]! - 1),
    notUnique,
  )

const ofLength = (categories: number, q: Dirichlet): Validated<Dirichlet> =>
  q.concentration.length === categories
    ? E.right(q)
    : check.fail('concentration', `${categories} numbers`, `${q.concentration.length} numbers`)

/**
 * From the prior and the counts: where alpha is 1, counts of 1e-17 tell a mode, but 1 + 1e-17 is 1. Where neither says
 * anything, as of a column that nobody has answered, any probabilities have the greatest density, and these are all alike.
 */
const posteriorMode = (categories: number, q: Dirichlet, counts: Vector): Validated<Vector> => {
  const checked = ofLength(categories, q)
  if (E.isLeft(checked)) return checked
  const exponents = new Float64Array(categories)
  for (let k = 0; k < categories; k++) exponents[k] = q.concentration[k]! - 1 + counts[k]!
  return modeOfExponents(exponents, () => E.right(new Float64Array(categories).fill(1 / categories)))
}

/**
 * The Dirichlet as the prior of the probabilities of K categories, those of a categorical; observations are category indices
 * from 0. With N_k observations of category k the posterior has the concentrations alpha_k + N_k. Errors: updates say where a
 * concentration has another length; a mode exists where all alpha_k >= 1, unless all are 1.
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), section 2.2.1.
 */
export const dirichletPrior = (categories: number): ConjugatePrior<Dirichlet, Categorical, number, Vector> =>
  guardedPair<Dirichlet, Categorical, number, Vector>({
    family: reparametrise(
      dirichlet,
      probabilities => ({ probabilities }),
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
      pipe(
        ofLength(categories, q),
        E.chain(() => dirichlet.make({ concentration: tabulate(categories, k => q.concentration[k]! + counts[k]!) })),
      ),
    jointMode: q =>
      pipe(
        jointMode(q),
        E.map(probabilities => ({ probabilities })),
      ),
    // M-steps of tables ask for it for each column, so without `pipe`.
    posteriorMode: counts => q => {
      const mode = posteriorMode(categories, q, counts)
      return E.isLeft(mode) ? mode : E.right({ probabilities: mode.right })
    },
    freeParameters: () => categories - 1,
  })

/**
 * The Dirichlet as the prior of the probabilities of multinomials of a known count on K categories; observations are K counts
 * that sum to it. Its predictive distribution is the Dirichlet-multinomial. Errors: updates and modes say where the count is
 * not whole and positive, or a concentration has another length than K.
 * Source: Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), section 3.4.
 */
export const dirichletMultinomialPrior = (
  count: number,
  categories: number,
): ConjugatePrior<Dirichlet, Multinomial, Vector, Vector> => {
  const ofCategories = dirichletPrior(categories)
  return givenKnown<Dirichlet, Multinomial, Vector, Vector>(check.scalar('known count', count, wholePositive), {
    family: reparametrise(
      dirichlet,
      probabilities => ({ count, probabilities }),
      p => p.probabilities,
    ),
    likelihood: multinomial(count),
    monoid: ofCategories.monoid,
    observe: () => (x, weight) => weigh(x, weight, categories),
    fromStatistic: (_weight, sum) => sum,
    scale: ofCategories.scale,
    evidence: counts => toNatural(counts),
    update: ofCategories.update,
    jointMode: q =>
      pipe(
        jointMode(q),
        E.map(probabilities => ({ count, probabilities })),
      ),
    posteriorMode: counts => q =>
      pipe(
        posteriorMode(categories, q, counts),
        E.map(probabilities => ({ count, probabilities })),
      ),
    freeParameters: () => categories - 1,
  })
}
