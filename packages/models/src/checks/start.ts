import {
  allOf,
  anyNumber,
  atLeast,
  exactly,
  list,
  type Mismatch,
  numbers,
  object,
  optional,
  type Schema,
  tagged,
  text,
  truth,
  whole,
} from '@conjugate/em/schema'
import type { Matrix } from '@conjugate/linalg'
import { componentCount, type MixtureChecks } from '../mixture/mixture.js'
import { matrixOf, parametersOf } from './parameters.js'

/** Shares of a row may be off 1 by that of float32. */
const SHARE_TOLERANCE = 1e-6

/** N x K nonnegative numbers whose rows sum to 1, or to less where the rest is noise. */
const responsibilitiesOf = (isNoisy: boolean): Schema =>
  allOf(matrixOf(atLeast(0)), (value): Mismatch | undefined => {
    const { rows, columns, data } = value as Matrix
    for (let n = 0; n < rows; n++) {
      let sum = 0
      for (let k = 0; k < columns; k++) sum += data[n * columns + k]!
      if (!(Math.abs(sum - 1) <= SHARE_TOLERANCE || (isNoisy && sum < 1)))
        return {
          path: `[${n}]`,
          expected: `numbers that sum to 1${isNoisy ? ' or less' : ''}`,
          received: `a row with a sum of ${sum}`,
        }
    }
    return undefined
  })

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
      responsibilities: kind({ responsibilities: responsibilitiesOf(mixture.noise !== undefined) }),
      parameters: kind({ parameters: parametersOf(count, { weights: mixture.weights.check, ...mixture.check }) }),
    },
    "a start, such as { _tag: 'k-means' }",
  )
}

/** What is not to be learnt of so many components. */
export const fixedOf = (count: number): Schema =>
  exactly({ weights: optional(truth), components: optional(list(whole(0, count - 1))) })

/** What an E-step has gathered for a mixture. */
export const statisticsOf = (mixture: Checked): Schema =>
  object(
    {
      counts: numbers(atLeast(0), mixture.weights.count),
      components: list(mixture.check.statistics, componentCount(mixture)),
    },
    'statistics, such as statisticsOf gives',
  )

/** N x K numbers that rows are weighted with. */
export const responsibilities: Schema = matrixOf(atLeast(0))
