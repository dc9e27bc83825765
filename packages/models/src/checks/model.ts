import { checkArgument, type InvalidOption } from '@conjugate/em'
import { allOf, anything, callable, is, list, object, type Schema, text, unwrapped, whole } from '@conjugate/em/schema'
import type * as E from 'fp-ts/lib/Either.js'

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

type Check = <A>(model: A) => E.Either<InvalidOption, A>

/** Whether a model is one, and not an Either or a Promise of one. */
export const checkMixture: Check = checkArgument('model', isMixture)
export const checkConjugate: Check = checkArgument('model', isConjugate)
export const checkModel: Check = checkArgument('model', isModel)
