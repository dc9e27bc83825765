import { tabulate, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { isCount } from '../counts.js'
import { type Dirichlet, dirichlet } from '../families/dirichlet.js'
import { toNatural } from '../family.js'
import { type Validated, validator } from '../validation.js'
import type { ConjugatePrior } from './conjugate-prior.js'

const check = validator(dirichlet.name)

/**
 * (alpha_k - 1) / sum_j (alpha_j - 1) over the closed simplex: a concentration of exactly 1 gives weight 0 beside others
 * above 1, and below 1 the density is unbounded. One category alone has probability 1.
 */
const jointMode = (q: Dirichlet): Validated<Vector> => {
  if (q.concentration.length === 1) return E.right(Float64Array.of(1))
  const excess = tabulate(q.concentration.length, k => q.concentration[k]! - 1)
  const sum = excess.reduce((a, b) => a + b, 0)
  const wrong = excess.findIndex(v => v < 0)
  if (wrong >= 0)
    return check.fail(`concentration[${wrong}]`, 'at least 1 for the density to have a mode', q.concentration[wrong])
  return sum > 0
    ? E.right(excess.map(v => v / sum))
    : check.fail('concentration', 'some entry above 1 for the mode to be unique', 'all 1')
}

/**
 * The Dirichlet as the prior of the probabilities of K categories, those of a categorical; observations are category
 * indices.
 */
export const dirichletPrior: ConjugatePrior<Dirichlet, Vector, number, Vector> = {
  family: dirichlet,
  likelihood: {
    logProb: p => k => Math.log(p[k] ?? 0),
    logBaseMeasure: k => (isCount(k) ? 0 : Number.NEGATIVE_INFINITY),
  },
  monoid: q => ({
    empty: new Float64Array(q.concentration.length),
    concat: (a, b) => tabulate(a.length, k => a[k]! + b[k]!),
  }),
  observe: q => (category, weight) => tabulate(q.concentration.length, k => (k === category ? weight : 0)),
  evidence: counts => toNatural(counts),
  update: counts => q =>
    dirichlet.make({ concentration: tabulate(counts.length, k => q.concentration[k]! + counts[k]!) }),
  jointMode,
}
