import type { Vector } from '@conjugate/linalg'
import type { Dirichlet } from '../families/dirichlet.js'
import type { Multinomial } from '../families/multinomial.js'
import { knownLogFactorial, logFactorial } from '../math/counts.js'
import { wholePositive } from '../requirements.js'
import type { LogBaseExpression } from '../statistic.js'
import { validator } from '../validation.js'
import type { ConjugatePrior } from './conjugate-prior.js'
import { dirichletMultinomialPrior } from './dirichlet-prior.js'
import { givenKnown } from './known.js'

const check = validator('Dirichlet')

/** log(n! / prod x_k!) of counts of any total n; -Infinity of what are no counts. Those of 0 add nothing. */
const logCoefficient = (x: Vector): number => {
  let [total, log] = [0, 0]
  for (let k = 0; k < x.length; k++) {
    const count = x[k]!
    if (count === 0) continue
    if (!(count > 0 && Number.isSafeInteger(count))) return Number.NEGATIVE_INFINITY
    total += count
    log -= knownLogFactorial(count)
  }
  return log + knownLogFactorial(total)
}

const logProb =
  ({ probabilities }: Multinomial) =>
  (x: Vector): number => {
    if (x.length !== probabilities.length) return Number.NEGATIVE_INFINITY
    let log = logCoefficient(x)
    for (let k = 0; k < x.length; k++) if (x[k] !== 0) log += x[k]! * Math.log(probabilities[k]!)
    return log
  }

const logBaseExpression = (columns: number): LogBaseExpression => {
  const counts = Array.from({ length: columns }, (_, column) => ({ _tag: 'Column', column }) as const)
  return {
    constant: 0,
    ofNumbers: [
      { of: { _tag: 'Sum', parts: counts }, log: n => logFactorial(n) },
      ...counts.map(of => ({ of, log: (n: number) => -logFactorial(n) })),
    ],
  }
}

/**
 * The Dirichlet as the prior of the probabilities of K categories, where an observation is a row of K counts of any total, such as
 * those of words in a document; it can be one column of a table. The total is given with a row, and says nothing of the probabilities: a
 * member is the multinomial of one draw, and so is what is drawn from it. Errors: updates and modes say where the number of categories is not
 * whole and positive, or a concentration has another length.
 * Source: Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), section 3.4.
 */
export const dirichletCountsPrior = (
  categories: number,
): ConjugatePrior<Dirichlet, Multinomial, Vector, Vector> & { readonly block: number } => {
  const known = check.scalar('categories', categories, wholePositive)
  const pair = dirichletMultinomialPrior(1, categories)
  return {
    ...givenKnown<Dirichlet, Multinomial, Vector, Vector>(known, {
      ...pair,
      likelihood: {
        ...pair.likelihood,
        support: {
          _tag: 'Vector',
          expected: 'whole numbers of at least 0',
          values: { least: 0, greatest: Number.MAX_SAFE_INTEGER, isWhole: true },
        },
        logProb,
        logBaseMeasure: logCoefficient,
        logBaseExpression,
        logBaseOfEntries: logCoefficient,
      },
    }),
    block: known._tag === 'Right' ? categories : 1,
  }
}
