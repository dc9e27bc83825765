import { checkArgument } from '@conjugate/em'
import { allOf, anything, callable, is, list, object, type Schema, text, unwrapped, whole } from '@conjugate/em/schema'
import * as E from 'fp-ts/lib/Either.js'
import { type Given, isGiven, kindOf } from '../door/dual.js'
import type { FitError } from '../errors.js'
import { telling } from './functions.js'

const mixtureFields = {
  name: text,
  weights: object({ count: whole(1), maximize: callable }),
  steps: object({ maximize: callable }),
  encode: callable,
}

const isMixture: Schema = allOf(unwrapped('a mixture, such as gaussianMixture gives'), object(mixtureFields))

const isConjugate: Schema = allOf(
  unwrapped('a mixture with conjugate priors, such as gaussianMixture gives'),
  object({
    ...mixtureFields,
    pair: object({ update: callable }, 'a conjugate pair, which mixtures of maximum likelihood and tied ones have not'),
    priors: list(anything),
    weightsPrior: is('a Dirichlet', value => typeof value === 'object' && value !== null),
  }),
)

const isModel: Schema = allOf(
  unwrapped('a model, such as hiddenMarkovModel gives'),
  object({ components: object({ load: callable, check: callable }), labels: object({ bind: callable }) }),
)

const isFittable: Schema = allOf(
  unwrapped('a model, such as gaussianMixture or hiddenMarkovModel gives'),
  is('a model, such as gaussianMixture or hiddenMarkovModel gives', value => kindOf(value) !== undefined),
)

type Check = <A>(model: Given<A>) => E.Either<FitError, A>

/** The model, if it has been given in the Either that made it. */
const opened =
  (schema: Schema): Check =>
  <A>(given: Given<A>) => {
    const check = (model: A): E.Either<FitError, A> =>
      E.map((checked: A) => telling(checked))(checkArgument('model', schema)(model))
    if (!isGiven(given)) return check(given as A)
    if (kindOf(given) !== undefined) return check(given as A)
    const either = given as E.Either<FitError, A>
    return E.isLeft(either) ? either : check(either.right)
  }

/** Whether a model is one, or the Either that made it; a Promise of one is none. */
export const checkMixture: Check = opened(isMixture)
export const checkConjugate: Check = opened(isConjugate)
export const checkModel: Check = opened(isModel)
export const checkFittable: Check = opened(isFittable)
