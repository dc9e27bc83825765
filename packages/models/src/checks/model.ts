import { checkArgument, type InvalidOption, invalidOption } from '@conjugate/em'
import { allOf, callable, type Fields, is, object, type Schema, unwrapped } from '@conjugate/em/schema'
import * as E from 'fp-ts/lib/Either.js'
import { type Given, isGiven, type Kind, kindOf } from '../door/dual.js'
import type { FitError } from '../errors.js'
import { telling } from './functions.js'

const A_MODEL = 'a model, such as gaussianMixture or hiddenMarkovModel gives'

const isKind = (expected: string, kinds?: Kind): Schema =>
  allOf(
    unwrapped(expected),
    is(expected, value => (kinds === undefined ? kindOf(value) !== undefined : kindOf(value) === kinds)),
  )

const halves = (components: Fields = {}): Schema =>
  object({
    components: object({ load: callable, check: callable, ...components }),
    labels: object({ bind: callable }),
  })

const aPair: Schema = object(
  { update: callable },
  'a conjugate pair, which mixtures of maximum likelihood and tied ones have not',
)

/** A model that is told by its Either, or is one. */
type Check = <M>(model: Given<M>) => E.Either<FitError, M>

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
export const checkModel: Check = opened(allOf(isKind(A_MODEL), halves()))
export const checkMixture: Check = opened(
  allOf(isKind('a mixture, such as gaussianMixture gives', 'mixture'), halves()),
)
export const checkConjugate: Check = opened(
  allOf(isKind('a model with conjugate priors, such as gaussianMixture gives'), halves({ pair: aPair })),
)

/** What many inferences ask of components. */
export const CONJUGATE = 'components with conjugate priors'

/** The error of a model that has not what an inference asks for. */
export const without = (expected: string): E.Either<InvalidOption, never> =>
  invalidOption('model', expected, 'one without')
