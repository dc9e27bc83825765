import {
  type ConjugatePrior,
  type Dirichlet,
  dirichlet,
  dirichletMultinomialPrior,
  type InvalidParameter,
  type LogBaseExpression,
  type Multinomial,
} from '@conjugate/distributions'
import { above, optional } from '@conjugate/em/schema'
import { logGamma, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkDefinition, mixtureFields } from '../checks/definition.js'
import { howMany } from '../checks/size.js'
import { type ConjugateMixture, conjugateMixture } from './conjugate.js'
import type { PairTypes } from './forms/form.js'
import type { FamilyOfRows } from './sparse/read.js'

/** A mixture of documents: rows of counts of words, or of whatever falls into categories, of any total. */
export type MultinomialMixture = ConjugateMixture<PairTypes<Dirichlet, Multinomial, Vector, Vector>>

/** What defines a mixture of rows of counts. */
export interface MultinomialMixtureOptions {
  /** K, the number of components. */
  readonly components: number
  /** alpha, the concentrations of the weights' Dirichlet prior: K numbers, or one for all. */
  readonly concentration: number | ArrayLike<number>
  /** D, the number of categories, such as the words of a language. */
  readonly categories: number
  /** The concentration of each category in every component; 2 by default, which keeps probabilities from 0. */
  readonly categoryConcentration?: number
  /** The log mass of a further component that is the same everywhere, in nats. */
  readonly noise?: number
}

/** log x! of small numbers, once they have been asked for. */
const factorials: number[] = []

const logFactorial = (x: number): number => {
  if (x >= 1024) return logGamma(x + 1)
  factorials[x] ??= logGamma(x + 1)
  return factorials[x]
}

/** log(n! / prod x_k!) of counts of any total n; -Infinity of what are no counts. Those of 0 add nothing. */
const logCoefficient = (x: Vector): number => {
  let [total, log] = [0, 0]
  for (let k = 0; k < x.length; k++) {
    const count = x[k]!
    if (count === 0) continue
    if (!(count > 0 && Number.isSafeInteger(count))) return Number.NEGATIVE_INFINITY
    total += count
    log -= logFactorial(count)
  }
  return log + logFactorial(total)
}

const logProb =
  ({ probabilities }: Multinomial) =>
  (x: Vector): number => {
    if (x.length !== probabilities.length) return Number.NEGATIVE_INFINITY
    let log = logCoefficient(x)
    for (let k = 0; k < x.length; k++) if (x[k] !== 0) log += x[k]! * Math.log(probabilities[k]!)
    return log
  }

/** The pair of one draw, whose observations may be of any number of draws. */
const ofAnyTotal = (categories: number): ConjugatePrior<Dirichlet, Multinomial, Vector, Vector> => {
  const pair = dirichletMultinomialPrior(1, categories)
  const likelihood: ConjugatePrior<Dirichlet, Multinomial, Vector, Vector>['likelihood'] & FamilyOfRows = {
    ...pair.likelihood,
    support: {
      _tag: 'Vector',
      expected: 'whole numbers of at least 0',
      values: { least: 0, greatest: Number.MAX_SAFE_INTEGER, isWhole: true },
    },
    logProb,
    logBaseMeasure: logCoefficient,
    logBaseExpression: (columns): LogBaseExpression => {
      const counts = Array.from({ length: columns }, (_, column) => ({ _tag: 'Column', column }) as const)
      return {
        constant: 0,
        ofNumbers: [
          { of: { _tag: 'Sum', parts: counts }, log: n => logGamma(n + 1) },
          ...counts.map(of => ({ of, log: (n: number) => -logGamma(n + 1) })),
        ],
      }
    },
    ofOthers: logCoefficient,
  }
  return { ...pair, likelihood }
}

/**
 * Defines a mixture of multinomials, for rows of D counts, such as those of words in documents; rows may be sparse. The total of a
 * row is given with it, and says nothing of its component. Components are multinomials of one draw, and so is what is drawn
 * from them. Errors: there are fewer components or categories than 1, or a prior does not exist.
 * Source: Nigam et al., Text classification from labeled and unlabeled documents using EM (2000).
 */
export const multinomialMixture = (
  options: MultinomialMixtureOptions,
): E.Either<InvalidParameter, MultinomialMixture> =>
  pipe(
    checkDefinition('MultinomialMixture', {
      ...mixtureFields(),
      categories: howMany(),
      categoryConcentration: optional(above(0)),
    })(options),
    E.chain(({ categories, categoryConcentration = 2, ...rest }) =>
      pipe(
        dirichlet.make({ concentration: new Float64Array(categories).fill(categoryConcentration) }),
        E.chain(prior => conjugateMixture(ofAnyTotal(categories))({ ...rest, prior })),
      ),
    ),
  )
