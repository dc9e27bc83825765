import { allOf, exactly, is, list, object, optional, type Schema, truth, whole, within } from '@conjugate/em/schema'
import { componentCount } from '../mixture/mixture.js'
import type { Fixed } from '../model/em-model.js'
import { startSchema } from '../model/start.js'
import type { CheckedMixture } from './fitted.js'
import { parametersOf } from './parameters.js'

/** A start of a mixture. Whether its rows are there is told by who has them. */
export const startOf = (mixture: CheckedMixture): Schema =>
  startSchema(parametersOf(componentCount(mixture), { weights: mixture.weights.check, ...mixture.check }))

/** What `fixed` has to be for any labels: whether what has a name is learnt by them is not looked at. */
export const labelsFixed: Schema = value => {
  const wrong = object({})(value)
  if (wrong) return wrong
  const { components, ...names } = value as Fixed
  const found = optional(list(whole(0)))(components)
  if (found) return within('components', found)
  for (const [name, isFixed] of Object.entries(names)) {
    const mismatch = optional(truth)(isFixed)
    if (mismatch) return within(name, mismatch)
  }
  return undefined
}

/** What `fixed` has to be for a mixture, of which no component can be fixed alone where they share parameters. */
export const fixedOf = (mixture: {
  readonly weights: { readonly count: number }
  readonly noise?: number
  readonly joint?: true
}): Schema => {
  const numbersOf = list(whole(0, componentCount(mixture) - 1))
  const none = is('none, since the components share parameters', value => (value as ReadonlyArray<number>).length === 0)
  return exactly({
    weights: optional(truth),
    components: optional(mixture.joint ? allOf(numbersOf, none) : numbersOf),
  })
}
