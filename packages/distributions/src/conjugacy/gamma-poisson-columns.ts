import { digamma, type Vector } from '@conjugate/linalg'
import { type Gamma, gamma } from '../families/gamma.js'
import type { MemberOf } from '../family.js'
import { knownLogFactorial, logFactorial } from '../math/counts.js'
import { nonNegative } from '../requirements.js'
import { column } from '../statistic.js'
import { vectors } from '../support.js'
import { ofIndependentColumns } from './columns-prior.js'
import type { ConjugatePrior } from './conjugate-prior.js'
import type { WeightedSums } from './derived-pair.js'
import { gammaPoissonPrior } from './gamma-prior.js'

/** Poissons of D columns that are independent. */
export interface IndependentPoissons extends MemberOf<'IndependentPoissons'> {
  /** The rate of each column, at least 0. */
  readonly rates: Vector
}

/** Counts are as far apart as their roots, which have the standard deviation 1/2 whatever the rate. */
const roots = (entries: Vector): Float64Array => {
  const found = new Float64Array(entries.length)
  for (let i = 0; i < found.length; i++) found[i] = Math.sqrt(entries[i]!)
  return found
}

/**
 * D gammas as the prior of the rates of independent Poissons on D columns, one for each; observations are lists of D counts, of which a
 * column of a table may be, and rows may be sparse. The posterior of each column is that of {@link gammaPoissonPrior}. Errors: updates and
 * modes say where the number of columns is not whole and positive, there are other than D priors, and which column has no posterior.
 * Source: Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), section 2.6.
 */
export const gammaPoissonPriorOf = (
  columns: number,
): ConjugatePrior<ReadonlyArray<Gamma>, IndependentPoissons, Vector, WeightedSums> & { readonly block: number } =>
  ofIndependentColumns(columns, {
    name: 'IndependentPoissons',
    parameter: 'rates',
    membersOf: rates => ({ rates }),
    parametersOf: p => p.rates,
    pair: gammaPoissonPrior,
    prior: gamma,
    requirement: nonNegative,
    memberOf: rate => ({ rate }),
    parameterOf: p => p.rate,
    support: vectors('whole numbers of at least 0', { least: 0, greatest: Number.MAX_SAFE_INTEGER, isWhole: true }),
    natural: Math.log,
    fromNatural: Math.exp,
    logNormaliser: rate => rate,
    logBase: x => (x > 0 && Number.isSafeInteger(x) ? -knownLogFactorial(x) : Number.NEGATIVE_INFINITY),
    logBaseExpression: size => ({
      constant: 0,
      ofNumbers: Array.from({ length: size }, (_, i) => ({ of: column(i), log: (x: number) => -logFactorial(x) })),
    }),
    compared: roots,
    priorStatistic: [Math.log, rate => rate],
    evidence: [(_weight, sum) => sum, weight => -weight],
    // Not through the posterior: 1 + 1e-17 is 1. Below a shape of 1 there is none.
    mode: ({ shape, rate }, weight, sum) => {
      const exponent = shape - 1 + sum
      return exponent >= 0 ? exponent / (rate + weight) : Number.NaN
    },
    expectedNatural: ({ shape, rate }) => digamma(shape) - Math.log(rate),
    expectedLogNormaliser: ({ shape, rate }) => shape / rate,
  })
