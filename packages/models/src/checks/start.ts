import {
  allOf,
  anyNumber,
  atLeast,
  exactly,
  is,
  list,
  numbers,
  optional,
  type Schema,
  tagged,
  text,
  truth,
  whole,
} from '@conjugate/em/schema'
import { componentCount, type MixtureChecks } from '../mixture/mixture.js'
import { matrixOf, parametersOf } from './parameters.js'

/**
 * N x K nonnegative numbers. They need not sum to 1: those of a row are what it counts for each component in the M-step, which
 * may be less where the rest is noise, and nothing where it is to have no say.
 */
const shares: Schema = matrixOf(atLeast(0))

/** What checks need of a mixture. */
interface Checked {
  readonly weights: { readonly count: number; readonly check: Schema }
  readonly check: MixtureChecks
  readonly noise?: number
}

const kind = (fields: Readonly<Record<string, Schema>> = {}): Schema => exactly({ _tag: text, ...fields }, 'a start')

/** A start of a mixture. Whether its rows are there is told by who has them. */
export const startOf = (mixture: Checked): Schema => {
  const count = componentCount(mixture)
  return tagged(
    {
      'distinct-rows': kind(),
      'random-rows': kind(),
      'k-means': kind(),
      rows: kind({ indices: numbers(anyNumber) }),
      labels: kind({ labels: numbers(anyNumber) }),
      responsibilities: kind({ responsibilities: shares }),
      parameters: kind({ parameters: parametersOf(count, { weights: mixture.weights.check, ...mixture.check }) }),
    },
    "a start, such as { _tag: 'k-means' }",
  )
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
