import { invalidOption } from '@conjugate/em'
import { describeValue, type Matrix } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { FitError } from '../errors.js'

/** One component number for each row, or -1 where it is not known. */
export type Labels = ArrayLike<number>

/** Checks labels. Errors: there are more or fewer labels than rows, or one is no number of a component. */
export const checkLabels = (labels: Labels, rows: number, components: number): E.Either<FitError, Labels> => {
  const invalid = (received: string): E.Either<FitError, never> =>
    invalidOption('labels', `${rows} whole numbers from -1 to ${components - 1}`, received)
  if (labels.length !== rows) return invalid(`${labels.length} of them`)
  const wrong = Array.from(labels).findIndex(l => !(Number.isInteger(l) && l >= -1 && l < components))
  return wrong < 0 ? E.right(labels) : invalid(`${describeValue(labels[wrong])} in row ${wrong}`)
}

/** What is known of the labels of single rows besides their values, under any distribution of labels. */
export interface Evidence {
  /** The components that are known of some rows, one number for each; -1 where it is not. */
  readonly labels?: Labels
  /**
   * N x K logarithms of factors by which a row speaks for each component, such as what another classifier says of it;
   * -Infinity forbids one. They multiply what the model says, and do not replace it.
   */
  readonly rowLogPriors?: Matrix
}

const invalid = (expected: string, received: string): E.Either<FitError, never> =>
  invalidOption('rowLogPriors', expected, received)

/**
 * Both together as logarithms, N x K; `undefined` where nothing is known. Errors: a shape does not fit, or a value is no
 * logarithm of a factor.
 */
export const evidenceOf = (
  { labels, rowLogPriors }: Evidence,
  rows: number,
  states: number,
): E.Either<FitError, Float64Array | undefined> => {
  if (labels === undefined && rowLogPriors === undefined) return E.right(undefined)
  const all = new Float64Array(rows * states)
  if (rowLogPriors !== undefined) {
    if (rowLogPriors?.rows !== rows || rowLogPriors.columns !== states || rowLogPriors.data?.length !== rows * states)
      return invalid(`a matrix of ${rows} x ${states}`, `${rowLogPriors?.rows} x ${rowLogPriors?.columns}`)
    for (let i = 0; i < all.length; i++) {
      const log = rowLogPriors.data[i]
      if (!(typeof log === 'number' && log < Number.POSITIVE_INFINITY))
        return invalid('logarithms below Infinity', `${describeValue(log)} in row ${Math.floor(i / states)}`)
      all[i] = log
    }
  }
  if (labels !== undefined) {
    const checked = checkLabels(labels, rows, states)
    if (E.isLeft(checked)) return checked
    for (let n = 0; n < rows; n++)
      for (let k = 0; k < states; k++)
        if (labels[n]! >= 0 && labels[n] !== k) all[n * states + k] = Number.NEGATIVE_INFINITY
  }
  return E.right(all)
}
