import { list, object, optional, type Schema, truth, whole, within } from '@conjugate/em/schema'
import type { Fixed } from '../model/em-model.js'

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
