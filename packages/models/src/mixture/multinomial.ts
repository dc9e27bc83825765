import {
  type Dirichlet,
  dirichlet,
  dirichletCountsPrior,
  type InvalidParameter,
  type Multinomial,
} from '@conjugate/distributions'
import { above, optional } from '@conjugate/em/schema'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkDefinition, mixtureFields } from '../checks/definition.js'
import { howMany } from '../checks/size.js'
import { type ConjugateMixture, conjugateMixture } from './conjugate.js'
import type { PairTypes } from './forms/form.js'

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
        E.chain(prior => conjugateMixture(dirichletCountsPrior(categories))({ ...rest, prior })),
      ),
    ),
  )
